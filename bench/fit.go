package bench

import (
	"fmt"

	"github.com/kolmogo/kolmogo/op"
)

// fit is the solve of a hard constraint, forward: for each of Solves independent problems w = argmin Σ_i (f_0 + f_1·f_2 + f_3·f_4 − b)² with
// f_j = F_j·w, the rows of a Navier–Stokes step in a basis, by Levenberg and Marquardt in float64 from w = 0 to Tolerance. The fields F_j
// [Points, Basis] are normal over 8, b is that of a normal w over 3, and noise of a hundredth.
type fit struct {
	Solves    int     `json:"solves"`
	Points    int     `json:"points"`
	Basis     int     `json:"basis"`
	Tolerance float64 `json:"tolerance"`
}

// fitFields is the number of fields.
const fitFields = 5

// Kind implements Work.
func (fit) Kind() string { return "fit" }

// Build implements Problem.
func (f fit) Build() (*Case, error) {
	rnd := source()
	g := op.NewGraph()
	c := &Case{Inputs: map[string][]float32{}}
	start := op.Scale(g.Input("start", op.Float64, op.Of(f.Solves, f.Basis)), 1)
	c.Inputs["start"] = make([]float32, f.Solves*f.Basis)
	args := []op.Value{start}
	truth := normal(rnd, f.Solves*f.Basis)
	var along [fitFields][]float64
	for j := range along {
		name := fmt.Sprintf("f%d", j)
		data := normal(rnd, f.Solves*f.Points*f.Basis)
		along[j] = make([]float64, f.Solves*f.Points)
		for i := range along[j] {
			for k := range f.Basis {
				x := &data[i*f.Basis+k]
				*x /= 8
				along[j][i] += float64(*x) * float64(truth[i/f.Points*f.Basis+k]) / 3
			}
		}
		c.Inputs[name] = data
		args = append(args, g.Input(name, op.Float64, op.Of(f.Solves, f.Points, f.Basis)))
	}
	b := normal(rnd, f.Solves*f.Points)
	for i := range b {
		b[i] = b[i]/100 + float32(along[0][i]+along[1][i]*along[2][i]+along[3][i]*along[4][i])
	}
	c.Inputs["b"] = b
	args = append(args, g.Input("b", op.Float64, op.Of(f.Solves, f.Points)))
	w, report := op.Fit(op.FitOp{Rows: "5 1 x0 x1 x2 * + x3 x4 * + x5 -", Tolerance: f.Tolerance, Damping: 1e-3, MaxIterations: 50}, args...)
	c.Outputs = []op.Value{w, op.SliceAxis(report, 1, 1, 2)}
	return c, g.Err()
}

// Floor implements Problem: two iterations, each of which reads the fields once and makes JᵀJ.
func (f fit) Floor() Floor {
	rows, n := int64(f.Solves*f.Points), int64(f.Basis)
	return Floor{FLOPs: 2 * rows * n * (n + 4*fitFields), Bytes: 2 * 8 * rows * n * fitFields}
}
