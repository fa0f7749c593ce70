package main

import "github.com/mmcloughlin/avo/build"

// functions emits the elementary functions.
func functions(c *build.Context) {
	programs(c, "math", func(p *program) {
		one := func(f func(vector) vector) func(in, _ []vector) vector {
			return func(in, _ []vector) vector { return f(in[0]) }
		}
		p.loop("exp", "dst = e^x", 1, nil, one(p.exp))
		p.loop("log", "dst = ln x", 1, nil, one(p.log))
		p.partly("sin", "dst = sin x where |x| is small enough and x elsewhere", func(x vector) vector { return p.sinCos(x, false) })
		p.partly("cos", "dst = cos x where |x| is small enough and x elsewhere", func(x vector) vector { return p.sinCos(x, true) })
		p.loop("tanh", "dst = tanh x", 1, nil, one(p.tanh))
		p.loop("sigmoid", "dst = 1/(1 + e^−x)", 1, nil, one(func(x vector) vector { return p.times(p.expit(x), x, p.reg(p.num(1))) }))
		p.loop("softplus", "dst = ln(1 + e^x)", 1, nil, one(p.softplus))

		const silu = "x·σ(x)"
		p.loop("silu", "dst = "+silu, 1, nil, one(func(x vector) vector { return p.silu(p.expit(x), x) }))
		p.loop("siluGrad", "dst = d/dx "+silu, 1, nil, one(func(x vector) vector { return p.siluGrad(p.expit(x), x) }))
		p.pair("siluPair", silu+" and its derivative", func(x vector) (value, slope vector) {
			l := p.expit(x)
			return p.silu(l, x), p.siluGrad(l, x)
		})
		const cubic = "x·σ(v), v = √(8/π)·(x + 0.044715·x³)"
		p.loop("geluTanh", "dst = "+cubic, 1, nil, one(func(x vector) vector { return p.geluTanh(p.cubic(x), x) }))
		p.loop("geluTanhGrad", "dst = d/dx "+cubic, 1, nil, one(func(x vector) vector { return p.geluTanhGrad(p.cubic(x), x) }))
		p.pair("geluTanhPair", cubic+", and its derivative", func(x vector) (value, slope vector) {
			l := p.cubic(x)
			return p.geluTanh(l, x), p.geluTanhGrad(l, x)
		})
		p.loop("gelu", "dst = x·Φ(x)", 1, nil, one(func(x vector) vector { return p.gelu(p.normal(x), x) }))
		p.loop("geluGrad", "dst = Φ(x) + x·φ(x)", 1, nil, one(func(x vector) vector { return p.geluGrad(p.normal(x), x) }))
		p.pair("geluPair", "x·Φ(x) and its derivative", func(x vector) (value, slope vector) {
			t := p.normal(x)
			return p.gelu(t, x), p.geluGrad(t, x)
		})
	})
}
