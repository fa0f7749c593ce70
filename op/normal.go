package op

// NormalOp: out_i = Φ⁻¹(u_i), independent standard normal numbers as a function of (Seed, Stream, step, i): u_i = (k + ½)/2⁵² with the
// 52-bit number k from words 2(i mod 2) and 2(i mod 2)+1 of block ⌊i/2⌋. Shapes: step counter [2] → To; or counters [rows, 2], one
// for each index of To's first axis, where i counts within that row: a row does not depend on which others it is drawn with.
// Φ⁻¹ is Quantile, the same bits on every device. There is no gradient.
type NormalOp struct {
	To           Dims
	Seed, Stream uint64
}

// Normal returns standard normal numbers of shape d; step is a StepCounter, or one for each row of d.
func Normal(step Value, d Dims, seed, stream uint64) Value {
	return Apply(NormalOp{d, seed, stream}, step)
}

// Shape implements Op.
func (o NormalOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("normal", in, 1); err != nil {
		return Dims{}, err
	}
	if o.To.n > 0 && in[0] == Of(o.To.len[0], 2) {
		return o.To, nil
	}
	return o.To, checkCounter("normal", in[0], o.To)
}

// Rows returns the number of step counters of a shape, and how many of n numbers each is for.
func (NormalOp) Rows(counter Dims, n int) (rows, size int) {
	rows = counter.Size() / 2
	return rows, n / max(rows, 1)
}

// Eval implements Op.
func (o NormalOp) Eval(out Array, in ...Array) {
	key := PhiloxKey(o.Seed, o.Stream)
	rows, size := o.Rows(in[0].Dims, len(out.Data))
	for r := range rows {
		step := StepOf(in[0].Data[2*r : 2*r+2])
		var b [4]uint32
		for i := range size {
			j := i % 2
			if j == 0 {
				b = PhiloxBlock(key, step, uint64(i/2))
			}
			k := uint64(b[2*j])<<20 | uint64(b[2*j+1])>>12
			out.Data[r*size+i] = Quantile((float64(k) + 0.5) * 0x1p-52)
		}
	}
}

// Grad implements Op: the step is not differentiable.
func (NormalOp) Grad([]Value, Value, Value) []Value { return make([]Value, 1) }

// Differentiable implements Selective.
func (NormalOp) Differentiable(int) bool { return false }
