package pde

import "math"

// Wave is u_tt = c² ∇²u on a periodic box, as u_t = v, v_t = c² ∇²u with the channels u, v. The step is exact whatever its length:
//
//	û' = cos(ωh) û + sin(ωh)/ω v̂,  v̂' = -ω sin(ωh) û + cos(ωh) v̂,  ω = c|k|
//
// The energy ∫ v² + c²|∇u|² is conserved. Walls with u = 0 are those of an odd function of twice the period: [WaveString].
type Wave struct {
	Speed float64 // c
	Dt    float64 // of a step
}

// Stepper prepares the step on a grid.
func (w Wave) Stepper(grid Fourier) (Stepper, error) {
	if err := (Equation{Linear: make([]Symbol, 2)}).check(grid); err != nil {
		return nil, err
	}
	s := newSpace[float64](grid, 2, 1, nil)
	omega := func(k []float64) float64 { return w.Speed * math.Sqrt(square(k)) }
	make := func(f func(omega float64) float64) factors[float64] {
		return newFactors(s.all, func(mode int) complex128 {
			return s.symbol(s.all, func(k []float64) complex128 { return complex(f(omega(k)), 0) }, mode)
		})
	}
	return &wave{
		space: s, all: s.newSpectrum(s.all, 2), u: s.newSpectrum(s.all, 1),
		cos: make(func(o float64) float64 { return math.Cos(o * w.Dt) }),
		up: make(func(o float64) float64 {
			if o == 0 {
				return w.Dt
			}
			return math.Sin(o*w.Dt) / o
		}),
		down: make(func(o float64) float64 { return -o * math.Sin(o*w.Dt) }),
	}, nil
}

type wave struct {
	space         *space[float64]
	all, u        planes[float64]
	cos, up, down factors[float64]
}

// Step advances u and v by the step's length.
func (w *wave) Step(state []float64) {
	s := w.space
	u, v := s.spectrum(s.all, 0, w.all), s.spectrum(s.all, 1, w.all)
	s.all.forward(u, s.field(0, state))
	s.all.forward(v, s.field(1, state))
	w.cos.times(w.u, u)
	w.up.add(w.u, v)
	w.cos.times(v, v)
	w.down.add(v, u)
	s.all.inverse(s.field(0, state), w.u)
	s.all.inverse(s.field(1, state), v)
}

// WaveString is the [Wave] on [0, L] with u = 0 at both ends, on the nodes x_j = j L/(n-1), the walls included.
type WaveString struct {
	Wave
	Length float64
}

// Stepper prepares the step for states of n nodes: channels u, v.
func (w WaveString) Stepper(n int) (Stepper, error) {
	inner, err := w.Wave.Stepper(Interval(2*w.Length, 2*max(0, n-1)))
	if err != nil {
		return nil, err
	}
	return &waveString{inner, n, make([]float64, 4*(n-1))}, nil
}

type waveString struct {
	inner Stepper
	n     int
	odd   []float64
}

// Step advances u and v by the step's length.
func (w *waveString) Step(state []float64) {
	m := w.n - 1
	for c := range 2 {
		u, odd := state[c*w.n:(c+1)*w.n], w.odd[c*2*m:(c+1)*2*m]
		for j := 1; j < m; j++ {
			odd[j], odd[2*m-j] = u[j], -u[j]
		}
		odd[0], odd[m] = 0, 0
	}
	w.inner.Step(w.odd)
	for c := range 2 {
		copy(state[c*w.n:], w.odd[c*2*m:][:m])
		state[c*w.n], state[c*w.n+m] = 0, 0
	}
}
