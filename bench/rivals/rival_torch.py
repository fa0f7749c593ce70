require("torch")
startup("torch")
import torch, torch.nn as nn, torch.nn.functional as F

torch.set_num_threads(THREADS)
if DEVICE == "cuda":
    torch.set_default_device("cuda")
    torch.set_float32_matmul_precision("high")  # TF32
    torch.backends.cudnn.allow_tf32 = True
    wait = torch.cuda.synchronize

    def exact(on):
        torch.set_float32_matmul_precision("highest" if on else "high")
        torch.backends.cudnn.allow_tf32 = not on

torch.manual_seed(0)
torch.optim.AdamW([nn.Parameter(torch.zeros(1))]).step()  # imports what it needs at first use
BASELINE = peak()
GIVEN = given()


def value(name):
    return torch.tensor(GIVEN[name])


def to_channels(name, shape):
    """A given field [batch, x.., channel] with its channels in front."""
    return value(name).reshape(shape).movedim(-1, 1).contiguous()


@torch.no_grad()
def put(layer, name):
    """Gives a layer its weights: [k.., in, out], of a transposed convolution [k.., out, in]."""
    if name + ".bias" in GIVEN:
        layer.bias.copy_(value(name + ".bias"))
    w = value(name + ".weight")
    if w.ndim > 1:
        w = w.movedim((-1, -2), (0, 1))
    layer.weight.copy_(w.reshape(layer.weight.shape))


class Spectral(nn.Module):
    def __init__(self, c, m, axes):
        super().__init__()
        self.m, self.axes = m, axes
        self.w = nn.ParameterList([nn.Parameter(torch.randn(c, c, *([m] * axes), dtype=torch.cfloat) / (c * c)) for _ in range(axes)])

    def forward(self, x):
        m, w = self.m, self.w
        if self.axes == 1:
            h = torch.fft.rfft(x)
            o = torch.zeros(*x.shape[:2], h.shape[-1], dtype=torch.cfloat)
            o[..., :m] = torch.einsum("bix,iox->box", h[..., :m], w[0])
            return torch.fft.irfft(o, n=x.shape[-1])
        h = torch.fft.rfft2(x)
        o = torch.zeros(*x.shape[:3], x.shape[-1] // 2 + 1, dtype=torch.cfloat)
        o[:, :, :m, :m] = torch.einsum("bixy,ioxy->boxy", h[:, :, :m, :m], w[0])
        o[:, :, -m:, :m] = torch.einsum("bixy,ioxy->boxy", h[:, :, -m:, :m], w[1])
        return torch.fft.irfft2(o, s=x.shape[-2:])


class RealSpectral(nn.Module):
    """The same map in real arithmetic: truncated transforms as products with constant matrices, so that a compiler sees no complex numbers."""

    def __init__(self, c, m, axes, points):
        super().__init__()
        self.axes = axes
        j, k = torch.arange(points), torch.arange(m)
        rows = torch.cat([k, k - m]) if axes == 2 else None
        angle = lambda k: 2 * torch.pi * (j[:, None] * k[None]).remainder(points) / points
        twice = torch.where(k == 0, 1.0, 2.0)[:, None] / points
        self.register_buffer("fy", torch.cat([angle(k).cos(), -angle(k).sin()], 1))
        self.register_buffer("gy", torch.cat([twice * angle(k).cos().T, -twice * angle(k).sin().T]))
        if axes == 2:
            self.register_buffer("fx", torch.stack([angle(rows).cos(), angle(rows).sin()]))
        self.w = nn.Parameter(torch.randn(2, *([2 * m] if axes == 2 else []), m, c, c) / (c * c))

    def mix(self, r, i, modes):
        return (torch.einsum(f"b{modes}i,{modes}io->b{modes}o", r, self.w[0]) - torch.einsum(f"b{modes}i,{modes}io->b{modes}o", i, self.w[1]),
                torch.einsum(f"b{modes}i,{modes}io->b{modes}o", r, self.w[1]) + torch.einsum(f"b{modes}i,{modes}io->b{modes}o", i, self.w[0]))

    def forward(self, x):
        if self.axes == 1:
            r, i = torch.einsum("bcx,xk->bkc", x, self.fy).chunk(2, 1)
            return torch.einsum("bkc,kx->bcx", torch.cat(self.mix(r, i, "k"), 1), self.gy)
        r, i = torch.einsum("bcxy,yk->bxkc", x, self.fy).chunk(2, 2)
        c, s = self.fx
        f = lambda v, m: torch.einsum("bxkc,xl->blkc", v, m)
        r, i = self.mix(f(r, c) + f(i, s), f(i, c) - f(r, s), "lk")
        g = lambda v, m: torch.einsum("blkc,xl->bxkc", v, m) / len(c)
        return torch.einsum("bxkc,ky->bcxy", torch.cat([g(r, c) - g(i, s), g(r, s) + g(i, c)], 2), self.gy)


class FNO(nn.Module):
    def __init__(self, c, m, axes, points=None):
        super().__init__()
        conv = nn.Conv1d if axes == 1 else nn.Conv2d
        self.lift = conv(axes + 1, c, 1)
        spectral = (lambda: RealSpectral(c, m, axes, points)) if points else (lambda: Spectral(c, m, axes))
        self.spectral = nn.ModuleList([spectral() for _ in range(4)])
        self.skip = nn.ModuleList([conv(c, c, 1) for _ in range(4)])
        self.p1, self.p2 = conv(c, 128, 1), conv(128, 1, 1)
        if GIVEN:
            self.load(m, axes, points)

    @torch.no_grad()
    def load(self, m, axes, points):
        for layer, name in [(self.lift, "lift"), (self.p1, "project.0"), (self.p2, "project.1")]:
            put(layer, name)
        for i, (s, skip) in enumerate(zip(self.spectral, self.skip)):
            put(skip, f"blocks.{i}.skip")
            w = value(f"blocks.{i}.spectral.weight")  # [k.., re im, in, out], the wavenumbers of the first axis from -m
            if axes == 2:
                w = w.roll(m, 0)
            if points:
                s.w.copy_(w.movedim(-3, 0))
                continue
            w = torch.complex(*w.unbind(-3)).movedim((-2, -1), (0, 1))
            for part, half in zip(s.w, w.split(m, 2)):
                part.copy_(half)

    def forward(self, x):
        x = self.lift(x)
        for i, (s, w) in enumerate(zip(self.spectral, self.skip)):
            x = s(x) + w(x)
            x = F.gelu(x) if i < 3 else x
        return self.p2(F.gelu(self.p1(x)))


class Unet(nn.Module):
    def __init__(self, channels, axes):
        super().__init__()
        c = channels
        Conv, Turned = (nn.Conv1d, nn.ConvTranspose1d) if axes == 1 else (nn.Conv2d, nn.ConvTranspose2d)
        conv = lambda i, o, stride=1: Conv(i, o, 3, stride, 1)
        half = lambda i, o: [conv(i, o), nn.GroupNorm(8, o), nn.GELU()]
        block = lambda i, o: nn.Sequential(*half(i, o), *half(o, o))
        self.first, self.last = conv(1, c[0]), Conv(c[0], 1, 1)
        self.enter = nn.ModuleList(block(n, n) for n in c)
        self.down = nn.ModuleList(conv(a, b, 2) for a, b in zip(c, c[1:]))
        self.up = nn.ModuleList(Turned(b, a, 2, 2) for a, b in zip(c, c[1:]))
        self.leave = nn.ModuleList(block(2 * a, a) for a in c[:-1])
        if GIVEN:
            self.load()

    def load(self):
        def block(units, name):
            for i in range(2):
                put(units[3 * i], f"{name}.{i}")
                put(units[3 * i + 1], f"{name}.{i}.norm")

        put(self.first, "input"), put(self.last, "output")
        for i, units in enumerate(self.enter):
            block(units, f"down.{i}")
        for i, (down, up, units) in enumerate(zip(self.down, self.up, self.leave)):
            put(down, f"down.{i + 1}.halve"), put(up, f"up.{i}.double"), block(units, f"up.{i}")

    def forward(self, x):
        x = self.enter[0](self.first(x))
        skips = [x]
        for down, enter in zip(self.down, self.enter[1:]):
            x = enter(down(x))
            skips.append(x)
        for up, leave, skip in list(zip(self.up, self.leave, skips))[::-1]:
            x = leave(torch.cat([up(x), skip], 1))
        return self.last(x)


def relative_l2(o, y):
    return ((o - y).flatten(1).norm(dim=1) / y.flatten(1).norm(dim=1)).mean()


def training(make, x, y, loss, **adamw):
    def prepare():
        net = make()
        opt = torch.optim.AdamW(net.parameters(), lr=LR, weight_decay=DECAY, **adamw)

        def step():
            opt.zero_grad()
            l = loss(net(x), y)
            l.backward()
            opt.step()
            return l.detach()

        return step

    return prepare


def graphed(prepare):
    """The whole step captured as one CUDA graph."""

    def captured():
        step = prepare()
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            first = [float(step()) for _ in range(3)]
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            loss = step()

        def replay():
            graph.replay()
            return loss

        replay.first = first
        return replay

    return captured


def either(make, x, y, loss):
    if DEVICE == "cuda":
        return on_device(make, x, y, loss, fused=True)
    return {"default AdamW": training(make, x, y, loss), "fused AdamW": training(make, x, y, loss, fused=True)}


def on_device(make, x, y, loss, **adamw):
    return {
        "eager": training(make, x, y, loss),
        "compile": training(lambda: torch.compile(make()), x, y, loss),
        "graph": graphed(training(make, x, y, loss, capturable=True, **adamw)),
    }


def fno(axes, batch, points, width, modes, train):
    grid = (batch,) + (points,) * axes
    x, y = torch.randn(batch, axes + 1, *grid[1:]), torch.randn(batch, 1, *grid[1:])
    if GIVEN:
        x, y = to_channels("x", grid + (axes + 1,)), to_channels("y", grid + (1,))
    make = lambda: FNO(width, modes, axes)
    if train and DEVICE == "cuda":
        real = lambda: torch.compile(FNO(width, modes, axes, points))
        return {**on_device(make, x, y, relative_l2), "real": graphed(training(real, x, y, relative_l2, capturable=True, fused=True))}
    if train:
        return {"": training(make, x, y, relative_l2)}  # the fused AdamW knows no complex weights

    def forward():
        net = make()

        def step():
            with torch.inference_mode():
                net(x)

        return step

    return {"": forward}


def mlp(points, layers, width):
    def make():
        sizes = [2] + [width] * layers
        hidden = [f for a, b in zip(sizes, sizes[1:]) for f in (nn.Linear(a, b), nn.Tanh())]
        net = nn.Sequential(*hidden, nn.Linear(width, 1))
        if GIVEN:
            for i, layer in enumerate(net[::2]):
                put(layer, f"layers.{i}")
        return net

    x, y = torch.rand(points, 2), torch.randn(points, 1)
    if GIVEN:
        x, y = value("x").reshape(points, 2), value("y").reshape(points, 1)
    return either(make, x, y, F.mse_loss)


def product(rows, size):
    a, b, c = torch.randn(rows, size), torch.randn(size, size), torch.empty(rows, size)
    return {"": lambda: lambda: torch.mm(a, b, out=c)}


def layer(batch, points, width, modes):
    s = Spectral(width, modes, 2)
    v, dy = torch.randn(batch, width, points, points, requires_grad=True), torch.randn(batch, width, points, points)

    def step():
        v.grad = None
        s.zero_grad()
        s(v).backward(dy)

    return {"": lambda: step}


def adamw(arrays, length):
    def prepare(**kind):
        p = [nn.Parameter(torch.zeros(length)) for _ in range(arrays)]
        for q in p:
            q.grad = torch.randn(length)
        return torch.optim.AdamW(p, lr=LR, weight_decay=DECAY, **kind).step

    return {"fused": lambda: prepare(fused=True), "foreach": lambda: prepare(foreach=True)}


def unet(axes, batch, points, channels, rollout=False):
    shape = (batch, 1) + (points,) * axes

    def rolling():
        net, state = Unet(channels, axes), torch.randn(shape)

        def step():
            nonlocal state
            with torch.inference_mode():
                state = net(state)

        return step

    if rollout:
        return {"": rolling}
    x, y = torch.randn(shape), torch.randn(shape)
    if GIVEN:
        x, y = value("x").reshape(shape), value("y").reshape(shape)  # of one channel
    return either(lambda: Unet(channels, axes), x, y, F.mse_loss)


counterpart(KIND in globals())
serve("torch", BASELINE, globals()[KIND](**SPEC["problem"]))
