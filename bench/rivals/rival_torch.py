require("torch")
startup("torch")
import torch, torch.nn as nn, torch.nn.functional as F

torch.set_num_threads(THREADS)
torch.manual_seed(0)
torch.optim.AdamW([nn.Parameter(torch.zeros(1))]).step()  # imports what it needs at first use
BASELINE = peak()


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


class FNO(nn.Module):
    def __init__(self, c, m, axes):
        super().__init__()
        conv = nn.Conv1d if axes == 1 else nn.Conv2d
        self.lift = conv(axes + 1, c, 1)
        self.spectral = nn.ModuleList([Spectral(c, m, axes) for _ in range(4)])
        self.skip = nn.ModuleList([conv(c, c, 1) for _ in range(4)])
        self.p1, self.p2 = conv(c, 128, 1), conv(128, 1, 1)

    def forward(self, x):
        x = self.lift(x)
        for i, (s, w) in enumerate(zip(self.spectral, self.skip)):
            x = s(x) + w(x)
            x = F.gelu(x) if i < 3 else x
        return self.p2(F.gelu(self.p1(x)))


class Unet(nn.Module):
    def __init__(self, channels):
        super().__init__()
        c = channels
        conv = lambda i, o, stride=1: nn.Conv1d(i, o, 3, stride, 1)
        half = lambda i, o: [conv(i, o), nn.GroupNorm(8, o), nn.GELU()]
        block = lambda i, o: nn.Sequential(*half(i, o), *half(o, o))
        self.first, self.last = conv(1, c[0]), nn.Conv1d(c[0], 1, 1)
        self.enter = nn.ModuleList(block(n, n) for n in c)
        self.down = nn.ModuleList(conv(a, b, 2) for a, b in zip(c, c[1:]))
        self.up = nn.ModuleList(nn.ConvTranspose1d(b, a, 2, 2) for a, b in zip(c, c[1:]))
        self.leave = nn.ModuleList(block(2 * a, a) for a in c[:-1])

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
            loss(net(x), y).backward()
            opt.step()

        return step

    return prepare


def either(make, x, y, loss):
    return {"default AdamW": training(make, x, y, loss), "fused AdamW": training(make, x, y, loss, fused=True)}


def fno(axes, batch, points, width, modes, train):
    x, y = torch.randn(batch, axes + 1, *[points] * axes), torch.randn(batch, 1, *[points] * axes)
    make = lambda: FNO(width, modes, axes)
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
        return nn.Sequential(*hidden, nn.Linear(width, 1))

    return either(make, torch.rand(points, 2), torch.randn(points, 1), F.mse_loss)


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


def unet(batch, points, channels):
    return either(lambda: Unet(channels), torch.randn(batch, 1, points), torch.randn(batch, 1, points), F.mse_loss)


serve("torch", BASELINE, globals()[KIND](**SPEC["problem"]))
