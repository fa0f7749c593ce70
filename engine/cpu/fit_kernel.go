package cpu

import (
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// fitKernel: the solves of all samples, an iteration of all at a time. What is not float64 runs the definition.
func fitKernel[T simd.Float](a args[T], o op.FitOp, whole engine.Step) kernel {
	b, ok := any(a).(args[float64])
	if !ok {
		return fallback(whole)
	}
	n := b.dims[0].At(1)
	m := &marquardt{fit: newFit(b, o.Rows, false, o.Ridge, n), op: o, start: b.in[0], out: b.out}
	samples := b.dims[0].At(0)
	m.best, m.h, m.g, m.gain = make([]float64, samples*n), make([]float64, samples*n*n), make([]float64, samples*n), make([]float64, samples)
	m.state = make([]op.FitState, samples)
	for range b.pool.workers {
		m.triangles = append(m.triangles, newTriangle(b.k, n, max(n, fitBlock)))
	}
	m.proposals, m.verdicts = m.propose, m.judge
	return kernel{items: 1, body: func(int, int, int) {}, after: m.run}
}

// marquardt is the iteration of a FitOp.
type marquardt struct {
	*fit
	op                  op.FitOp
	start, out          []float64
	best, h, g, gain    []float64
	state               []op.FitState
	triangles           []*triangle // by worker
	fresh               bool
	proposals, verdicts func(worker, lo, hi int)
}

func (m *marquardt) run() {
	copy(m.best, m.start)
	copy(m.w, m.start)
	for m.fresh = true; ; m.fresh = false {
		m.live = m.live[:0]
		for s := range m.state {
			if m.fresh || !m.state[s].Over {
				m.live = append(m.live, s)
			}
		}
		if len(m.live) == 0 {
			break
		}
		if !m.fresh {
			m.pool.split(len(m.live), 1, m.proposals)
		}
		m.evaluate()
		m.pool.split(len(m.live), 1, m.verdicts)
	}
	for s, n := 0, m.n; s < len(m.state); s++ {
		row := m.out[s*(n+op.FitReport) : (s+1)*(n+op.FitReport)]
		copy(row, m.best[s*n:(s+1)*n])
		m.state[s].Report(row[n:])
	}
}

// propose makes the next trial of each live sample, at higher damping where there is none.
func (m *marquardt) propose(worker, lo, hi int) {
	n, room := m.n, &m.rooms[worker]
	for _, s := range m.live[lo:hi] {
		h, g, w := m.h[s*n*n:(s+1)*n*n], m.g[s*n:(s+1)*n], m.w[s*n:(s+1)*n]
		copy(w, m.best[s*n:(s+1)*n])
		m.gain[s] = -1
		for !m.step(worker, s, h, m.state[s].Lambda, g) {
			if m.state[s] = m.op.Refuse(m.state[s]); m.state[s].Over {
				break
			}
		}
		if m.state[s].Over {
			continue
		}
		m.k.Sub(w, w, room.step)
		m.k.Gemv(room.damped[:n], h, n, room.step)
		m.gain[s] = m.k.Dot(g, room.step) - m.k.Dot(room.damped[:n], room.step)/2
	}
}

// judge takes or refuses what the live samples tried.
func (m *marquardt) judge(_, lo, hi int) {
	n := m.n
	for _, s := range m.live[lo:hi] {
		if !m.fresh && m.state[s].Over {
			continue
		}
		h, g, e := m.sum(s)
		taken := true
		if m.fresh {
			m.state[s] = m.op.Start(e)
		} else {
			m.state[s], taken = m.op.Judge(m.state[s], m.gain[s], e)
		}
		if taken {
			copy(m.best[s*n:(s+1)*n], m.w[s*n:(s+1)*n])
			copy(m.h[s*n*n:(s+1)*n*n], h)
			copy(m.g[s*n:(s+1)*n], g)
		}
	}
}

// fitAdjointKernel: one pass over the rows and one solve for each sample.
func fitAdjointKernel[T simd.Float](a args[T], o op.FitAdjointOp, whole engine.Step) kernel {
	b, ok := any(a).(args[float64])
	if !ok {
		return fallback(whole)
	}
	n, last := b.to.At(1), len(b.in)-1
	full := newFit(b, o.Rows, !o.GaussNewton, o.Ridge, n)
	plain := newFit(b, o.Rows, false, o.Ridge, n)
	solve := func(worker, lo, hi int) {
		room := &full.rooms[worker]
		for s := lo; s < hi; s++ {
			report, v := b.in[0][s*(n+op.FitReport)+n:(s+1)*(n+op.FitReport)], b.out[s*n:(s+1)*n]
			lambda := report[3]
			if report[2] == 1 {
				lambda = 0
			}
			h, _, _ := full.sum(s)
			jtj, _, _ := plain.sum(s)
			clear(v)
			if dw := b.in[last][s*n : (s+1)*n]; full.solve(room, h, jtj, lambda, dw) || full.solve(room, jtj, jtj, lambda, dw) {
				copy(v, room.step)
			}
		}
	}
	return kernel{items: 1, body: func(int, int, int) {}, after: func() {
		full.live, plain.live = full.live[:0], plain.live[:0]
		for s := range b.to.At(0) {
			copy(full.w[s*n:(s+1)*n], b.in[0][s*(n+op.FitReport):])
			full.live, plain.live = append(full.live, s), append(plain.live, s)
		}
		copy(plain.w, full.w)
		full.evaluate()
		plain.evaluate()
		b.pool.split(b.to.At(0), 1, solve)
	}}
}

// fitRowsKernel: the derivatives of each row. Items are blocks of rows.
func fitRowsKernel[T simd.Float](a args[T], o op.FitRowsOp, whole engine.Step) kernel {
	b, ok := any(a).(args[float64])
	if !ok {
		return fallback(whole)
	}
	n, rows, width, last := b.dims[0].At(1), b.to.At(1), b.to.At(2), len(b.in)-1
	f := newFit(b, o.Rows, true, 0, n)
	r, blocks := f.rows[0], (rows+fitBlock-1)/fitBlock
	values := make([]fitRow, b.pool.workers)
	for w := range values {
		values[w].p = make([]float64, r.Fields)
		values[w].at = values[w].value
	}
	body := func(worker, lo, hi int) {
		room, row := &f.rooms[worker], &values[worker]
		for item := lo; item < hi; item++ {
			s, from := item/blocks, item%blocks*fitBlock
			m := min(fitBlock, rows-from)
			f.fields(room, 0, s, from, m, b.in[0][s*n:(s+1)*n])
			for j := range r.Fields {
				f.k.Gemv(room.p[j][:m], f.operand(0, j)[(s*rows+from)*n:(s*rows+from+m)*n], n, b.in[last][s*n:(s+1)*n])
			}
			row.reg = room.reg
			for row.i = range m {
				for j := range row.p {
					row.p[j] = room.p[j][row.i]
				}
				r.Cotangent(b.out[(s*rows+from+row.i)*width:(s*rows+from+row.i+1)*width], row.p, row.at)
			}
		}
	}
	return kernel{items: b.dims[0].At(0) * blocks, body: body}
}

// fitRow is one row of a block that has been evaluated.
type fitRow struct {
	reg [][]float64
	i   int
	p   []float64
	at  func(i int) float64
}

// value is what instruction k made of the row; 0 for none.
func (r *fitRow) value(k int) float64 {
	if k < 0 {
		return 0
	}
	return r.reg[k][r.i]
}
