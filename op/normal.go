package op

// NormalOp: out_i = Φ⁻¹(u_i), independent standard normal numbers as a function of (Seed, Stream, step, i): u_i = (k + ½)/2⁵² with the
// 52-bit number k from words 2(i mod 2) and 2(i mod 2)+1 of block ⌊i/2⌋. Shapes: step counter [2] → To.
// Φ⁻¹ is Quantile, the same bits on every device. There is no gradient.
type NormalOp struct {
	To           Dims
	Seed, Stream uint64
}

// Normal returns standard normal numbers of shape d; step is a StepCounter.
func Normal(step Value, d Dims, seed, stream uint64) Value {
	return Apply(NormalOp{d, seed, stream}, step)
}

// Shape implements Op.
func (o NormalOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("normal", in, 1); err != nil {
		return Dims{}, err
	}
	return o.To, checkCounter("normal", in[0], o.To)
}

// Eval implements Op.
func (o NormalOp) Eval(out Array, in ...Array) {
	key, step := PhiloxKey(o.Seed, o.Stream), StepOf(in[0].Data)
	var b [4]uint32
	for i := range out.Data {
		j := i % 2
		if j == 0 {
			b = PhiloxBlock(key, step, uint64(i/2))
		}
		k := uint64(b[2*j])<<20 | uint64(b[2*j+1])>>12
		out.Data[i] = Quantile((float64(k) + 0.5) * 0x1p-52)
	}
}

// Grad implements Op: the step is not differentiable.
func (NormalOp) Grad([]Value, Value, Value) []Value { return make([]Value, 1) }

// Differentiable implements Selective.
func (NormalOp) Differentiable(int) bool { return false }
