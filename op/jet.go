package op

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// JetOp: y_s = Σ_t c_t f⁽ᵏ⁾(z₀ + b) Π z_l over the terms of slot s, k being the number of factors: f(z) and its derivatives from those of z by
// Faà di Bruno's formula. A term without factors is of the function itself.
// Shapes: z [In·m, c], slot s of point i being row s·m + i; b [m, c], which may be missing; y [Out·m, c].
type JetOp struct {
	Fn    JetFunction
	Rules JetRules
}

// JetFunction is a function with derivatives to any order that JetOp reads.
type JetFunction uint8

// The functions of JetOp.
const (
	JetTanh JetFunction = iota + 1
	JetSin
	JetCos
)

func (f JetFunction) String() string { return [...]string{"none", "tanh", "sin", "cos"}[f] }

// JetOrder is the highest derivative of a JetFunction that there is: one more than JetOp reads, for its gradient.
const JetOrder = 5

// Derivatives are f(z), f'(z) .. f⁽⁵⁾(z). For tanh, with y = tanh z: f' = 1 − y², f” = −2y f', f”' = (6y² − 2) f',
// f”” = (16 − 24y²) y f', f⁽⁵⁾ = (16 − 120y² + 120y⁴) f'.
func (f JetFunction) Derivatives(z float64) [JetOrder + 1]float64 {
	if f == JetTanh {
		y := math.Tanh(z)
		q := y * y
		d := 1 - q
		return [...]float64{y, d, -2 * y * d, (6*q - 2) * d, (16 - 24*q) * y * d, (16 - 120*q + 120*q*q) * d}
	}
	s, c := math.Sincos(z)
	if f == JetCos {
		s, c = c, -s
	}
	return [...]float64{s, c, -s, -c, s, c}
}

// JetRules are the terms of every slot, as text that MakeJetRules writes, so that ops are comparable.
type JetRules string

// JetTerm is c f⁽ᵏ⁾ Π z_l of k slots l.
type JetTerm struct {
	Slot   int // of the result
	C      float64
	Blocks []int
}

// MakeJetRules writes the rules from in slots to out slots, at most four factors a term.
func MakeJetRules(in, out int, terms []JetTerm) JetRules {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %d", in, out)
	for _, t := range terms {
		fmt.Fprintf(&b, ";%d %s", t.Slot, strconv.FormatFloat(t.C, 'g', -1, 64))
		for _, l := range t.Blocks {
			fmt.Fprintf(&b, " %d", l)
		}
	}
	return JetRules(b.String())
}

// Read returns what MakeJetRules was given; an error where the text is something else.
func (r JetRules) Read() (in, out int, terms []JetTerm, err error) {
	parts := strings.Split(string(r), ";")
	if _, err := fmt.Sscanf(parts[0], "%d %d", &in, &out); err != nil || in < 1 || out < 1 {
		return 0, 0, nil, fmt.Errorf("jet: rules %q", r)
	}
	for _, p := range parts[1:] {
		fields := strings.Fields(p)
		t := JetTerm{}
		if len(fields) < 2 || len(fields) > 6 {
			return 0, 0, nil, fmt.Errorf("jet: the term %q of rules has not up to four factors", p)
		}
		var numbers []int
		for i, f := range fields {
			if i == 1 {
				if t.C, err = strconv.ParseFloat(f, 64); err != nil {
					return 0, 0, nil, fmt.Errorf("jet: the term %q of rules: %w", p, err)
				}
				continue
			}
			n, err := strconv.Atoi(f)
			if err != nil || n < 0 || i == 0 && n >= out || i > 0 && n >= in {
				return 0, 0, nil, fmt.Errorf("jet: the term %q of rules has a slot that there is not", p)
			}
			numbers = append(numbers, n)
		}
		t.Slot, t.Blocks = numbers[0], numbers[1:]
		if len(terms) > 0 && t.Slot < terms[len(terms)-1].Slot {
			return 0, 0, nil, fmt.Errorf("jet: rules %q: slots must ascend", r)
		}
		terms = append(terms, t)
	}
	return in, out, terms, nil
}

// part is the rules of the slots that rows from .. to − 1 of n in all are; false where these are not whole slots.
func (r JetRules) part(from, to, n int) (JetRules, bool) {
	in, out, terms, err := r.Read()
	if err != nil || n == 0 || from*out%n != 0 || to*out%n != 0 {
		return "", false
	}
	first, end := from*out/n, to*out/n
	var list []JetTerm
	for _, t := range terms {
		if t.Slot >= first && t.Slot < end {
			t.Slot -= first
			list = append(list, t)
		}
	}
	return MakeJetRules(in, end-first, list), end > first
}

// Part implements Parted.
func (o JetOp) Part(from, to, n int) (Op, bool) {
	rules, ok := o.Rules.part(from, to, n)
	return JetOp{o.Fn, rules}, ok
}

// Shape implements Op.
func (o JetOp) Shape(in ...Dims) (Dims, error) {
	n, out, _, err := o.Rules.Read()
	if err != nil {
		return Dims{}, err
	}
	if err := checkJet(n, in); err != nil {
		return Dims{}, err
	}
	return in[0].With(0, in[0].len[0]/n*out), nil
}

// checkJet checks z of n slots, and b where there is one.
func checkJet(n int, in []Dims) error {
	if len(in) < 1 || len(in) > 2 {
		return fmt.Errorf("jet: takes one or two inputs, got %d: %v", len(in), in)
	}
	z := in[0]
	if z.n != 2 || z.len[0]%n != 0 || len(in) == 2 && in[1] != z.With(0, z.len[0]/n) {
		return fmt.Errorf("jet: shapes %v: want [%d·m, c] and [m, c]", in, n)
	}
	return nil
}

// Eval implements Op.
func (o JetOp) Eval(y Array, in ...Array) {
	n, _, terms, _ := o.Rules.Read()
	z, size := in[0].Data, len(in[0].Data)/n
	clear(y.Data)
	for i := range size {
		f := o.Fn.Derivatives(jetValue(in, i))
		for _, t := range terms {
			p := t.C * f[len(t.Blocks)]
			for _, l := range t.Blocks {
				p *= z[l*size+i]
			}
			y.Data[t.Slot*size+i] += p
		}
	}
}

// jetValue is z₀ + b.
func jetValue(in []Array, i int) float64 {
	if len(in) == 2 {
		return in[0].Data[i] + in[1].Data[i]
	}
	return in[0].Data[i]
}

// Grad implements Op.
func (o JetOp) Grad(in []Value, _, dOut Value) []Value {
	dz := Apply(JetGradOp(o), append([]Value{dOut}, in...)...)
	if len(in) == 1 || !dz.Valid() {
		return []Value{dz, {}}[:len(in)]
	}
	return []Value{dz, SliceAxis(dz, 0, 0, in[1].Dims().At(0))}
}

// FLOPs counts the products and sums of the terms, and 20 for the function.
func (o JetOp) FLOPs(_ Dims, in ...Dims) int64 {
	n, _, terms, _ := o.Rules.Read()
	each := 20
	for _, t := range terms {
		each += 2 + len(t.Blocks)
	}
	return int64(in[0].Size()/n) * int64(each)
}

// JetGradOp: dz_l = Σ_s dy_s ∂y_s/∂z_l, the gradient of JetOp. Shapes: dy [Out·m, c], then JetOp's inputs; dz [In·m, c]. It has no gradient
// rule itself.
type JetGradOp JetOp

// Inner implements Surrounded.
func (o JetGradOp) Inner(from, to, n int) (Op, bool) {
	rules, ok := o.Rules.part(from, to, n)
	return JetGradOp{o.Fn, rules}, ok
}

// Shape implements Op.
func (o JetGradOp) Shape(in ...Dims) (Dims, error) {
	n, out, _, err := o.Rules.Read()
	if err != nil {
		return Dims{}, err
	}
	if len(in) == 0 {
		return Dims{}, fmt.Errorf("jetgrad: no inputs")
	}
	if err := checkJet(n, in[1:]); err != nil {
		return Dims{}, fmt.Errorf("%w, behind a cotangent %v", err, in[0])
	}
	if z := in[1]; in[0] != z.With(0, z.len[0]/n*out) {
		return Dims{}, fmt.Errorf("jetgrad: shapes %v: want [%d·m, c] and those of jet", in, out)
	}
	return in[1], nil
}

// Eval implements Op.
func (o JetGradOp) Eval(dz Array, in ...Array) {
	n, _, terms, _ := o.Rules.Read()
	dy, z, size := in[0].Data, in[1].Data, len(in[1].Data)/n
	clear(dz.Data)
	for i := range size {
		f := o.Fn.Derivatives(jetValue(in[1:], i))
		for _, t := range terms {
			k := len(t.Blocks)
			d := t.C * dy[t.Slot*size+i]
			p := d * f[k+1]
			for _, l := range t.Blocks {
				p *= z[l*size+i]
			}
			dz.Data[i] += p
			for a, l := range t.Blocks {
				p := d * f[k]
				for b, other := range t.Blocks {
					if b != a {
						p *= z[other*size+i]
					}
				}
				dz.Data[l*size+i] += p
			}
		}
	}
}

// Grad implements Op: there is none.
func (JetGradOp) Grad(in []Value, _, _ Value) []Value { return make([]Value, len(in)) }

// FLOPs counts as JetOp does, three times.
func (o JetGradOp) FLOPs(_ Dims, in ...Dims) int64 { return 3 * JetOp(o).FLOPs(Dims{}, in[1]) }
