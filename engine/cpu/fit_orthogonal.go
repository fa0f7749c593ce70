package cpu

import (
	"math"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// step finds the step of a sample at the unknowns m.w: from the damped normal equations or, where these have lost their digits, from the
// QR factors of the rows. It reports whether there is one.
func (m *marquardt) step(worker, s int, h []float64, lambda float64, g []float64) bool {
	room, n := &m.rooms[worker], m.n
	good := m.solve(room, h, h, lambda, g)
	for k := 0; k < n && good; k++ {
		p := room.factor[k*(n+1)]
		good = p*p > op.LeastPivot*room.damped[k*(n+1)]
	}
	return good || m.orthogonal(m.triangles[worker], room, s, h, lambda)
}

// orthogonal writes the step of the rows' QR factors to the room's step.
func (m *marquardt) orthogonal(t *triangle, room *fitRoom, s int, h []float64, lambda float64) bool {
	n, w := m.n, m.w[s*m.n:(s+1)*m.n]
	t.reset()
	rows := 2 * n
	for b, length := range m.lengths {
		rows += length
		for from := 0; from < length; from += fitBlock {
			size := min(fitBlock, length-from)
			m.fields(room, b, s, from, size, w)
			m.combine(room, room.jacobian[:size*n], b, s*length+from, size, m.rows[b].First)
			for k := range n {
				column := t.below(k)
				for i := range size {
					column[i] = room.jacobian[i*n+k]
				}
			}
			copy(t.below(n), room.reg[m.rows[b].Formula.Value][:size])
			t.add(size)
		}
	}
	for _, damped := range []bool{false, true} {
		for k := range n {
			column := t.below(k)
			clear(column[:n])
			if column[k], t.below(n)[k] = math.Sqrt(m.ridge), math.Sqrt(m.ridge)*w[k]; damped {
				column[k], t.below(n)[k] = math.Sqrt(lambda*h[k*(n+1)]), 0
			}
		}
		t.add(n)
	}
	return t.solve(room.step, rows)
}

// triangle is the factor R of rows that come block by block, and Qᵀ·b beside it, by Householder's reflections: column k of n+1, the last of
// which is b's, has k+1 entries of R, or n, and behind the n-th entry room for those of a block.
type triangle struct {
	k         *simd.Kernels[float64]
	n, height int
	x         []float64
}

func newTriangle(k *simd.Kernels[float64], n, block int) *triangle {
	return &triangle{k: k, n: n, height: n + block, x: make([]float64, (n+1)*(n+block))}
}

func (t *triangle) reset() { clear(t.x) }

// column is R's, below the block's.
func (t *triangle) column(k int) []float64 { return t.x[k*t.height : k*t.height+t.n] }
func (t *triangle) below(k int) []float64  { return t.x[k*t.height+t.n : (k+1)*t.height] }

// add takes m rows, which are below, into R.
func (t *triangle) add(m int) {
	for j := range t.n {
		v := t.below(j)[:m]
		pivot, below := t.column(j)[j], t.k.Dot(v, v)
		if below == 0 {
			continue
		}
		norm := math.Sqrt(pivot*pivot + below)
		if pivot > 0 {
			norm = -norm
		}
		head := pivot - norm
		twice := 2 / (head*head + below)
		t.column(j)[j] = norm
		for c := j + 1; c <= t.n; c++ {
			other := t.below(c)[:m]
			s := twice * (head*t.column(c)[j] + t.k.Dot(v, other))
			t.column(c)[j] -= s * head
			t.k.Axpy(other, -s, v)
		}
	}
}

// solve writes R⁻¹·Qᵀ·b of so many rows to x, and reports whether their columns are independent, to rounding.
func (t *triangle) solve(x []float64, rows int) bool {
	for k := t.n - 1; k >= 0; k-- {
		column := t.column(k)[:k+1]
		if norm := math.Sqrt(t.k.Dot(column, column)); !(math.Abs(column[k]) > float64(rows)*0x1p-52*norm) {
			return false
		}
		x[k] = t.column(t.n)[k]
		for l := k + 1; l < t.n; l++ {
			x[k] -= t.column(l)[k] * x[l]
		}
		x[k] /= column[k]
	}
	return op.AllFinite(x[:t.n])
}
