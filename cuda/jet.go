//go:build gpu

package cuda

import (
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// jetLaunch mirrors struct Jet of jet.cu, jetTerm struct Term.
type (
	jetLaunch struct{ Function, Terms, In, Out, Size, Shifted uint32 }
	jetTerm   struct {
		Slot, N uint32
		Factor  [4]uint32
	}
)

// jet: y_s = Σ c f⁽ⁿ⁾(z₀ + b) Π z_l, or the gradient of it; z and b are the inputs from number first on.
func (l *lowering) jet(s engine.Step, name string, o op.JetOp, first int) error {
	in, out, terms, err := o.Rules.Read()
	if err != nil {
		return err
	}
	var list []byte
	var coefficients []float64
	for _, t := range terms {
		r := jetTerm{Slot: uint32(t.Slot), N: uint32(len(t.Blocks))}
		for i, b := range t.Blocks {
			r.Factor[i] = uint32(b)
		}
		list, coefficients = append(list, record(r)...), append(coefficients, t.C)
	}
	if len(terms) == 0 {
		list, coefficients = record(jetTerm{}), []float64{0} // a table of something
	}
	t, z := s.Out[0].Dtype, s.In[first]
	size := z.Dims.Size() / in
	p := jetLaunch{Function: uint32(o.Fn), Terms: uint32(len(terms)), In: uint32(in), Out: uint32(out), Size: uint32(size)}
	shift := z // not read
	if len(s.In) > first+1 {
		p.Shifted, shift = 1, s.In[first+1]
	}
	args := []any{record(p), l.constant(list), l.numbers(t, coefficients)}
	for _, x := range s.In[:first] {
		args = append(args, pointer(x))
	}
	return l.each("jet", name, t, size, append(args, pointer(z), pointer(shift), pointer(s.Out[0]))...)
}
