package pinn_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
)

// bentFlow is a flow far from the uniform density, with every parameter moved.
func bentFlow(t *testing.T, dimensions int) (*pinn.Flow, map[string][]float64) {
	t.Helper()
	rnd := source()
	f, err := pinn.NewFlow(dimensions, pinn.FlowConfig{Components: 4, Width: 6}, rnd)
	if err != nil {
		t.Fatal(err)
	}
	feed := map[string][]float64{}
	for name, p := range f.Params() {
		for i := range p.Data {
			p.Data[i] += 0.4 * rnd.NormFloat64()
		}
		if feed["param."+name] != nil {
			t.Errorf("two parameters are named %s", name)
		}
		feed["param."+name] = p.Data
	}
	return f, feed
}

// lattice is the midpoints of n^d cells of the unit cube.
func lattice(n, d int) []float64 {
	cells := 1
	for range d {
		cells *= n
	}
	var x []float64
	for c := range cells {
		for range d {
			x = append(x, (float64(c%n)+0.5)/float64(n))
			c /= n
		}
	}
	return x
}

func with(feed map[string][]float64, x []float64) map[string][]float64 {
	feed["x"] = x
	return feed
}

// TestFlowIsADensity: the density is positive and integrates to one, on the line, in the plane and in space; a new flow is near the uniform one.
func TestFlowIsADensity(t *testing.T) {
	for d, n := range map[int]int{1: 400, 2: 150, 3: 40} {
		f, feed := bentFlow(t, d)
		x := lattice(n, d)
		g := op.NewGraph()
		p, _ := f.Density(g.Input("x", op.Float64, op.Of(len(x)/d, d)))
		mean := 0.0
		for i, v := range evaluate(t, with(feed, x), p)[0] {
			if !(v > 0) {
				t.Fatalf("%d dimensions: the density at %v is %v", d, x[i*d:(i+1)*d], v)
			}
			mean += v / float64(len(x)/d)
		}
		if !(math.Abs(mean-1) <= 3e-3) {
			t.Errorf("%d dimensions: the density integrates to %v", d, mean)
		}
	}
	f, err := pinn.NewFlow(2, pinn.FlowConfig{}, source())
	if err != nil {
		t.Fatal(err)
	}
	feed := map[string][]float64{}
	for name, p := range f.Params() {
		feed["param."+name] = p.Data
	}
	x := lattice(20, 2)
	g := op.NewGraph()
	p, _ := f.Density(g.Input("x", op.Float64, op.Of(400, 2)))
	for _, v := range evaluate(t, with(feed, x), p)[0] {
		if !(math.Abs(v-1) <= 0.3) {
			t.Fatalf("a new flow has the density %v", v)
		}
	}
}

// TestFlowDeterminant: the density is the determinant of the map's derivative, and the slope is that of the density, by central differences.
func TestFlowDeterminant(t *testing.T) {
	const d, h = 3, 1e-5
	f, feed := bentFlow(t, d)
	centre := []float64{0.31, 0.62, 0.48}
	x := append([]float64{}, centre...)
	for i := range d {
		for _, s := range []float64{-h, h} {
			y := append([]float64{}, centre...)
			y[i] += s
			x = append(x, y...)
		}
	}
	g := op.NewGraph()
	in := g.Input("x", op.Float64, op.Of(len(x)/d, d))
	p, slope := f.Density(in)
	v := evaluate(t, with(feed, x), f.Apply(in), p, slope)
	var j [d][d]float64 // ∂z_i/∂x_k
	square := 0.0
	for k := range d {
		for i := range d {
			j[i][k] = (v[0][(2*k+2)*d+i] - v[0][(2*k+1)*d+i]) / (2 * h)
			if k > i && j[i][k] != 0 {
				t.Errorf("z_%d depends on x_%d", i, k)
			}
		}
		s := (v[1][2*k+2] - v[1][2*k+1]) / (2 * h)
		square += s * s
	}
	det := j[0][0] * j[1][1] * j[2][2]
	if !(math.Abs(v[1][0]-det) <= 1e-7*det) {
		t.Errorf("density %v, determinant %v", v[1][0], det)
	}
	if !(math.Abs(v[2][0]-square) <= 1e-6*(1+square)) || square == 0 {
		t.Errorf("square of the slope %v, of the differences %v", v[2][0], square)
	}
}

// TestFlowRoundTrip: Apply undoes Invert, to rounding.
func TestFlowRoundTrip(t *testing.T) {
	const n, d = 50, 3
	f, feed := bentFlow(t, d)
	rnd := source()
	z := make([]float64, n*d)
	for i := range z {
		z[i] = rnd.Float64()
	}
	x := append([]float64{}, z...)
	err := f.Invert(x, func(i int, x []float64) ([]float64, error) {
		g := op.NewGraph()
		return evaluate(t, with(feed, x), f.Channels(g.Input("x", op.Float64, op.Of(n, d)), i))[0], nil
	})
	if err != nil {
		t.Fatal(err)
	}
	g := op.NewGraph()
	back := evaluate(t, with(feed, x), f.Apply(g.Input("x", op.Float64, op.Of(n, d))))[0]
	moved := 0.0
	for i := range z {
		if !(math.Abs(back[i]-z[i]) <= 1e-13) {
			t.Fatalf("T(T⁻¹(%v)) = %v", z[i], back[i])
		}
		moved = math.Max(moved, math.Abs(x[i]-z[i]))
	}
	if moved < 0.05 {
		t.Errorf("the flow moves points by no more than %v", moved)
	}
}

// TestFlowGradient: gradients of the density and of its slope in the parameters are those of differences along a random direction.
func TestFlowGradient(t *testing.T) {
	f, feed := bentFlow(t, 2)
	g := op.NewGraph()
	p, slope := f.Density(g.Input("x", op.Float64, op.Of(25, 2)))
	loss := op.Sub(op.MeanAll(op.Mul(p, p)), op.Scale(op.MeanAll(slope), 0.01))
	var params []op.Value
	var names []string
	for name, q := range f.Params() {
		params, names = append(params, q.In(g, op.Float64)), append(names, "param."+name)
	}
	outputs := append([]op.Value{loss}, op.Gradients(loss, params...)...)
	with(feed, lattice(5, 2))
	at := evaluate(t, feed, outputs...)
	rnd := source()
	const h = 1e-5
	slopeAlong, values := 0.0, [2]float64{}
	direction := map[string][]float64{}
	for i, name := range names {
		for k := range feed[name] {
			v := rnd.NormFloat64()
			direction[name] = append(direction[name], v)
			slopeAlong += v * at[i+1][k]
		}
	}
	for side, s := range []float64{-h, h} {
		moved := map[string][]float64{"x": feed["x"]}
		for name, v := range direction {
			for k := range v {
				moved[name] = append(moved[name], feed[name][k]+s*v[k])
			}
		}
		values[side] = evaluate(t, moved, loss)[0][0]
	}
	if d := (values[1] - values[0]) / (2 * h); !(math.Abs(d-slopeAlong) <= 1e-6*(1+math.Abs(d))) {
		t.Errorf("differences give %v, the gradient %v", d, slopeAlong)
	}
}
