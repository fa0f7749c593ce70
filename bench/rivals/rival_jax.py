require("jax", "optax")
if hasattr(os, "sched_setaffinity"):  # JAX takes as many threads as the process has processors
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])
startup("jax")
import jax, jax.numpy as jnp, numpy as np, optax

KEYS = iter(jax.random.split(jax.random.PRNGKey(0), 500))
jax.block_until_ready(jax.jit(jax.grad(lambda x: jnp.sin(x) @ x))(jnp.zeros(9)))  # what the compiler takes at first use
BASELINE = peak()
GIVEN = given()
exact = lambda on: jax.config.update("jax_default_matmul_precision", "highest" if on else None)


def value(name, *shape):
    v = jnp.asarray(GIVEN[name])
    return v.reshape(shape) if shape else v


def layer_of(name):
    return value(name + ".weight"), value(name + ".bias")


def normal(*shape):
    return jax.random.normal(next(KEYS), shape)


def affine(i, o, *taps):
    return normal(*taps, i, o) / np.sqrt(i * np.prod(taps)), jnp.zeros(o)


def spectral(v, w, m, dft):
    """v [b, x.., c], w (real, imaginary) of [k.., i, o]; by FFT or by truncated matrices."""
    w, n, axes = w[0] + 1j * w[1], v.shape[1], v.ndim - 2
    ky, kx, j = np.arange(m), np.r_[np.arange(m), np.arange(-m, 0)], np.arange(n)
    fy = jnp.asarray(np.exp(-2j * np.pi * np.outer(j, ky) / n), jnp.complex64)
    fx = jnp.asarray(np.exp(-2j * np.pi * np.outer(j, kx) / n), jnp.complex64)
    twice = jnp.where(jnp.arange(m) == 0, 1.0, 2.0)[:, None] / n
    if axes == 1:
        if dft:
            o = jnp.einsum("bxi,xio->bxo", jnp.einsum("bxi,xk->bki", v, fy), w)
            return jnp.einsum("bki,xk->bxi", twice * o, fy.conj()).real
        o = jnp.einsum("bxi,xio->bxo", jnp.fft.rfft(v, axis=1)[:, :m], w)
        return jnp.fft.irfft(jnp.pad(o, ((0, 0), (0, n // 2 + 1 - m), (0, 0))), n=n, axis=1)
    if dft:
        h = jnp.einsum("bxki,xl->blki", jnp.einsum("bxyi,yk->bxki", v, fy), fx)
        o = jnp.einsum("blki,xl->bxki", jnp.einsum("bxyi,xyio->bxyo", h, w), fx.conj() / n)
        return jnp.einsum("bxki,yk->bxyi", twice * o, fy.conj()).real
    h = jnp.fft.rfft2(v, axes=(1, 2))
    o = jnp.zeros((v.shape[0], n, n // 2 + 1, w.shape[-1]), jnp.complex64)
    o = o.at[:, :m, :m].set(jnp.einsum("bxyi,xyio->bxyo", h[:, :m, :m], w[:m]))
    o = o.at[:, -m:, :m].set(jnp.einsum("bxyi,xyio->bxyo", h[:, -m:, :m], w[m:]))
    return jnp.fft.irfft2(o, s=(n, n), axes=(1, 2))


def by_fft_or_matrix(prepare):
    return {"FFT": lambda: prepare(False), "DFT matrices": lambda: prepare(True)}


def relative_l2(o, y):
    e = (o - y).reshape(len(y), -1)
    return jnp.mean(jnp.linalg.norm(e, axis=1) / jnp.linalg.norm(y.reshape(len(y), -1), axis=1))


def mean_square(o, y):
    return jnp.mean((o - y) ** 2)


def training(net, q, x, y, loss):
    opt = optax.adamw(LR, weight_decay=DECAY)
    state = [q, opt.init(q)]

    def one(q, s):
        l, g = jax.value_and_grad(lambda q: loss(net(q, x), y))(q)
        u, s = opt.update(g, s, q)
        return optax.apply_updates(q, u), s, l

    one = jax.jit(one, donate_argnums=(0, 1))

    def step():
        state[0], state[1], l = one(*state)
        return l.block_until_ready()

    return step


def fno(axes, batch, points, width, modes, train):
    kernel = ((modes,) if axes == 1 else (2 * modes, modes)) + (width, width)

    def prepare(dft):
        q = dict(
            lift=affine(axes + 1, width), p1=affine(width, 128), p2=affine(128, 1), skip=[affine(width, width) for _ in range(4)],
            spectral=[(normal(*kernel) / width**2, normal(*kernel) / width**2) for _ in range(4)])
        if GIVEN:  # [k.., re im, in, out], the wavenumbers of the first axis from -m
            parts = lambda w: tuple(jnp.moveaxis(jnp.roll(w, modes, 0) if axes == 2 else w, -3, 0))
            q = dict(
                lift=layer_of("lift"), p1=layer_of("project.0"), p2=layer_of("project.1"), skip=[layer_of(f"blocks.{i}.skip") for i in range(4)],
                spectral=[parts(value(f"blocks.{i}.spectral.weight")) for i in range(4)])

        def net(q, v):
            gelu = lambda v: jax.nn.gelu(v, approximate=False)
            v = v @ q["lift"][0] + q["lift"][1]
            for i in range(4):
                v = spectral(v, q["spectral"][i], modes, dft) + v @ q["skip"][i][0] + q["skip"][i][1]
                v = gelu(v) if i < 3 else v
            return gelu(v @ q["p1"][0] + q["p1"][1]) @ q["p2"][0] + q["p2"][1]

        grid = (batch,) + (points,) * axes
        x, y = normal(*grid, axes + 1), normal(*grid, 1)
        if GIVEN:
            x, y = value("x", *x.shape), value("y", *y.shape)
        if train:
            return training(net, q, x, y, relative_l2)
        forward = jax.jit(net)
        return lambda: forward(q, x).block_until_ready()

    return by_fft_or_matrix(prepare)


def dense(sizes, dtype=jnp.float32):
    """The layers of a network; the loss gives its steps back, so they are made anew for each."""
    if GIVEN:
        return [tuple(v.astype(dtype) for v in layer_of(f"layers.{i}")) for i in range(len(sizes) - 1)]
    return [affine(i, o) for i, o in zip(sizes, sizes[1:])]


def mlp(points, layers, width):
    sizes = [2] + [width] * layers + [1]

    def net(q, v):
        for w, b in q[:-1]:
            v = jnp.tanh(v @ w + b)
        return v @ q[-1][0] + q[-1][1]

    x, y = (value("x", points, 2), value("y", points, 1)) if GIVEN else (normal(points, 2), normal(points, 1))
    return {"": lambda: training(net, dense(sizes), x, y, mean_square)}


def residual(points, layers, width, equation, double):
    if double:
        jax.config.update("jax_enable_x64", True)
    sizes, conditions, shock = [2] + [width] * layers + [1], max(points // 100, 4), equation == "burgers"

    def u(q, x, t):
        h = jnp.stack([x if shock else 2 * x - 1, 2 * t - 1])  # coordinates on [-1, 1]
        for w, b in q[:-1]:
            h = jnp.tanh(h @ w + b)
        return (h @ q[-1][0] + q[-1][1])[0]

    def second(q, x, t, i):
        z = (x, t)
        along = lambda a: jax.grad(u, i + 1)(q, *z[:i], a, *z[i + 1:])
        return jax.jvp(along, (z[i],), (jnp.ones_like(x),))

    def burgers(q, x, t):
        u_x, u_xx = second(q, x, t, 0)
        return jax.grad(u, 2)(q, x, t) + u(q, x, t) * u_x - 0.01 / jnp.pi * u_xx

    def poisson(q, x, y):
        return second(q, x, y, 0)[1] + second(q, x, y, 1)[1] + 2 * jnp.pi**2 * jnp.sin(jnp.pi * x) * jnp.sin(jnp.pi * y)

    each = lambda f: jax.vmap(f, (None, 0, 0))
    draw = lambda n, low: jax.random.uniform(next(KEYS), (n,), minval=low)
    x, y = draw(points, -1 if shock else 0), draw(points, 0)
    edge, side = draw(conditions, 0), jnp.arange(conditions) % 2

    first, at = (2 * edge - 1, 0 * edge), (2.0 * side - 1, edge) if shock else (edge, 1.0 * side)
    dtype = jnp.float64 if double else jnp.float32
    if GIVEN:
        pair = lambda name: tuple(value(name, -1, 2).astype(dtype).T)
        (x, y), at = pair("points.domain"), pair("points.conditions.0")
        if shock:
            first, at = at, pair("points.conditions.1")

    def loss(q, _):
        f = mean_square(each(burgers if shock else poisson)(q, x, y), 0) + mean_square(each(u)(q, *at), 0)
        return f + mean_square(each(u)(q, *first), -jnp.sin(jnp.pi * first[0])) if shock else f

    return {"": lambda: training(loss, dense(sizes, dtype), None, None, lambda l, _: l)}


def product(rows, size):
    a, b, f = normal(rows, size), normal(size, size), jax.jit(jnp.matmul)
    return {"": lambda: lambda: f(a, b).block_until_ready()}


def layer(batch, points, width, modes):
    v, dy = normal(batch, points, points, width), normal(batch, points, points, width)
    w = normal(2 * modes, modes, width, width), normal(2 * modes, modes, width, width)

    def prepare(dft):
        def both(v, w, dy):
            y, back = jax.vjp(lambda v, w: spectral(v, w, modes, dft), v, w)
            return y, back(dy)

        f = jax.jit(both)
        return lambda: jax.block_until_ready(f(v, w, dy))

    return by_fft_or_matrix(prepare)


def adamw(arrays, length):
    g, q = [normal(length) for _ in range(arrays)], [jnp.zeros(length) for _ in range(arrays)]
    opt = optax.adamw(LR, weight_decay=DECAY)
    state = [q, opt.init(q)]

    def one(q, s, g):
        u, s = opt.update(g, s, q)
        return optax.apply_updates(q, u), s

    one = jax.jit(one, donate_argnums=(0, 1))

    def step():
        state[:] = one(*state, g)
        jax.block_until_ready(state)

    return {"": lambda: step}


def unet(axes, batch, points, channels, rollout=False):
    c, levels, taps = channels, range(len(channels) - 1), lambda k: (k,) * axes
    unit = lambda i, o: (*affine(i, o, *taps(3)), jnp.ones(o), jnp.zeros(o))
    block = lambda i, o: (unit(i, o), unit(o, o))
    make = lambda: dict(
        first=affine(1, c[0], *taps(3)), last=affine(c[0], 1, *taps(1)), enter=[block(n, n) for n in c], leave=[block(2 * c[i], c[i]) for i in levels],
        down=[affine(c[i], c[i + 1], *taps(3)) for i in levels], up=[affine(c[i + 1], c[i], *taps(2)) for i in levels])
    if GIVEN:
        one = lambda name: (*layer_of(name), *layer_of(name + ".norm"))
        both = lambda name: (one(name + ".0"), one(name + ".1"))
        turned = lambda w, b: (jnp.flip(jnp.swapaxes(w, -1, -2), range(axes)), b)  # [k.., out, in]
        make = lambda: dict(
            first=layer_of("input"), last=(value("output.weight", *taps(1), c[0], 1), value("output.bias")), enter=[both(f"down.{i}") for i in range(len(c))],
            leave=[both(f"up.{i}") for i in levels], down=[layer_of(f"down.{i + 1}.halve") for i in levels], up=[turned(*layer_of(f"up.{i}.double")) for i in levels])
    q = make()
    layout, grid = (("NWC", "WIO", "NWC"), ("NHWC", "HWIO", "NHWC"))[axes - 1], (batch,) + (points,) * axes + (1,)

    def conv(v, w, b, stride=1):
        pad = w.shape[0] // 2
        return jax.lax.conv_general_dilated(v, w, (stride,) * axes, [(pad, pad)] * axes, dimension_numbers=layout) + b

    def run(v, units):
        for w, b, scale, shift in units:
            v = conv(v, w, b)
            h = v.reshape(v.shape[0], -1, 8, v.shape[-1] // 8)
            h = (h - h.mean((1, 3), keepdims=True)) * jax.lax.rsqrt(h.var((1, 3), keepdims=True) + 1e-5)
            v = jax.nn.gelu(h.reshape(v.shape) * scale + shift, approximate=False)
        return v

    def net(q, v):
        v = run(conv(v, *q["first"]), q["enter"][0])
        skips = [v]
        for i in levels:
            v = run(conv(v, *q["down"][i], 2), q["enter"][i + 1])
            skips.append(v)
        for i in reversed(levels):
            w, b = q["up"][i]
            up = jax.lax.conv_transpose(v, w, (2,) * axes, "VALID", dimension_numbers=layout) + b
            v = run(jnp.concatenate([up, skips[i]], -1), q["leave"][i])
        return conv(v, *q["last"])

    def rolling():
        state, one = [normal(*grid)], jax.jit(net)

        def step():
            state[0] = one(q, state[0])
            state[0].block_until_ready()

        return step

    if rollout:
        return {"": rolling}
    x, y = (value("x", *grid), value("y", *grid)) if GIVEN else (normal(*grid), normal(*grid))
    return {"": lambda: training(net, make(), x, y, mean_square)}


counterpart(KIND in globals())
serve("jax", BASELINE, globals()[KIND](**SPEC["problem"]))
