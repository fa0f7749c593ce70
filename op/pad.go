package op

import "fmt"

// PadMode says what stands outside an axis.
type PadMode uint8

// The padding modes: zeros, the periodic continuation, or the mirror image without the edge itself.
const (
	PadZero PadMode = iota
	PadCircular
	PadReflect
)

func (m PadMode) String() string {
	if names := [...]string{"zero", "circular", "reflect"}; int(m) < len(names) {
		return names[m]
	}
	return fmt.Sprintf("PadMode(%d)", uint8(m))
}

// PadOp: out_i = x_{σ(i − Before)} along one axis of length N, with σ the mode's continuation: zero outside 0..N−1, j mod N, or
// |j| and 2(N−1)−j. Limits: circular at most N on each side, reflect at most N−1.
// With Adjoint set, the transposed map: every position of the padded axis is added back to where it came from.
type PadOp struct {
	Mode          PadMode
	Axis          int
	Before, After int
	Adjoint       bool
}

// Pad extends an axis by before and after positions; x itself when both are zero.
func Pad(x Value, mode PadMode, axis, before, after int) Value {
	if before == 0 && after == 0 {
		return x
	}
	return Apply(PadOp{mode, axis, before, after, false}, x)
}

// Shape implements Op.
func (o PadOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("pad", in, 1); err != nil {
		return Dims{}, err
	}
	d := in[0]
	if o.Axis < 0 || o.Axis >= d.n || o.Before < 0 || o.After < 0 || o.Mode > PadReflect {
		return Dims{}, fmt.Errorf("pad: %v by %d and %d on axis %d of shape %v", o.Mode, o.Before, o.After, o.Axis, d)
	}
	n := d.len[o.Axis]
	if o.Adjoint {
		n -= o.Before + o.After
	}
	limit := map[PadMode]int{PadZero: 1 << 30, PadCircular: n, PadReflect: n - 1}[o.Mode]
	if n < 0 || max(o.Before, o.After) > limit {
		return Dims{}, fmt.Errorf("pad: %v padding by %d and %d on axis %d of shape %v: at most %d", o.Mode, o.Before, o.After, o.Axis, d, max(limit, 0))
	}
	if o.Adjoint {
		return d.With(o.Axis, n), nil
	}
	return d.With(o.Axis, n+o.Before+o.After), nil
}

// Source is the position in the axis of length n that position i of the padded axis shows, or −1 for a zero.
func (o PadOp) Source(i, n int) int {
	j := i - o.Before
	switch {
	case j >= 0 && j < n:
		return j
	case o.Mode == PadCircular:
		return (j + n) % n
	case o.Mode == PadReflect && j < 0:
		return -j
	case o.Mode == PadReflect:
		return 2*(n-1) - j
	}
	return -1
}

// Eval implements Op.
func (o PadOp) Eval(out Array, in ...Array) {
	small, big := in[0], out
	if o.Adjoint {
		small, big = out, in[0]
	}
	clear(out.Data)
	n, m := small.Dims.len[o.Axis], big.Dims.len[o.Axis]
	tail := big.Dims.Span(o.Axis+1, big.Dims.n)
	for b := range big.Dims.Span(0, o.Axis) {
		for i := range m {
			j := o.Source(i, n)
			if j < 0 {
				continue
			}
			p, q := (b*m+i)*tail, (b*n+j)*tail
			for t := range tail {
				if o.Adjoint {
					out.Data[q+t] += in[0].Data[p+t]
				} else {
					out.Data[p+t] = in[0].Data[q+t]
				}
			}
		}
	}
}

// Grad implements Op.
func (o PadOp) Grad(_ []Value, _, dOut Value) []Value {
	if o.Mode == PadZero && !o.Adjoint {
		return []Value{SliceAxis(dOut, o.Axis, o.Before, dOut.Dims().At(o.Axis)-o.Before-o.After)}
	}
	o.Adjoint = !o.Adjoint
	return []Value{Apply(o, dOut)}
}

// LinearIn implements Linear.
func (PadOp) LinearIn(int) bool { return true }
