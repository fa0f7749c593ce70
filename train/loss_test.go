package train

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/op"
)

// evaluate runs a graph in float64 whose inputs are fed by name.
func evaluate(t *testing.T, feed map[string][]float64, outputs ...op.Value) [][]float64 {
	t.Helper()
	b, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	p, err := engine.Compile(outputs[0].Graph(), outputs, nil, engine.NewStore(b))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range feed {
		if err := engine.Feed(p, name, data); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	values := make([][]float64, len(outputs))
	for i, o := range outputs {
		values[i] = make([]float64, o.Dims().Size())
		if err := engine.Output(p, i, values[i]); err != nil {
			t.Fatal(err)
		}
	}
	return values
}

func noise64(n int, seed uint64) []float64 {
	x := make([]float64, n)
	for i, v := range noise(n, seed) {
		x[i] = float64(v)
	}
	return x
}

// Each loss is its formula, here as loops over fields [2, 3, 4, 2].
func TestLossesAreTheirFormulas(t *testing.T) {
	const batch, nx, ny, channels = 2, 3, 4, 2
	d := op.Of(batch, nx, ny, channels)
	p, y := noise64(d.Size(), 1), noise64(d.Size(), 2)
	at := func(u []float64, b, i, j, c int) float64 { return u[((b*nx+i)*ny+j)*channels+c] }
	// squares sums v² over what each visits of one sample, for the difference and for the target.
	mean := func(each func(b int, visit func(dv, yv float64))) float64 {
		total := 0.0
		for b := range batch {
			above, below := 0.0, 0.0
			each(b, func(dv, yv float64) { above += dv * dv; below += yv * yv })
			total += math.Sqrt(above/below) / batch
		}
		return total
	}
	l2 := mean(func(b int, visit func(dv, yv float64)) {
		for k := b * nx * ny * channels; k < (b+1)*nx*ny*channels; k++ {
			visit(p[k]-y[k], y[k])
		}
	})
	slopes := func(periodic bool) float64 {
		return mean(func(b int, visit func(dv, yv float64)) {
			for i := range nx {
				for j := range ny {
					for c := range channels {
						dp := func(u []float64, i2, j2 int) float64 { return at(u, b, i2, j2, c) - at(u, b, i, j, c) }
						if periodic || i+1 < nx {
							visit(dp(p, (i+1)%nx, j)-dp(y, (i+1)%nx, j), dp(y, (i+1)%nx, j))
						}
						if periodic || j+1 < ny {
							visit(dp(p, i, (j+1)%ny)-dp(y, i, (j+1)%ny), dp(y, i, (j+1)%ny))
						}
					}
				}
			}
		})
	}
	square := 0.0
	for k := range p {
		square += (p[k] - y[k]) * (p[k] - y[k]) / float64(len(p))
	}
	for _, c := range []struct {
		config Config
		want   float64
	}{
		{Config{Loss: "rel_l2"}, l2},
		{Config{Loss: "mse"}, square},
		{Config{Loss: "h1", H1Weight: 1}, l2 + slopes(false)},
		{Config{Loss: "h1", H1Weight: .5, Periodic: true}, l2 + .5*slopes(true)},
	} {
		g := op.NewGraph()
		loss := losses()[c.config.Loss](g.Input("p", op.Float64, d), g.Input("y", op.Float64, d), c.config)
		got := evaluate(t, map[string][]float64{"p": p, "y": y}, loss)[0][0]
		if !(math.Abs(got-c.want) <= 1e-14*c.want) {
			t.Errorf("%+v is %v, want %v", c.config.Loss, got, c.want)
		}
	}
}

// An exact prediction has gradient zero, not 0/0.
func TestExactPredictionHasNoGradient(t *testing.T) {
	d := op.Of(2, 5, 1)
	for name, loss := range losses() {
		g := op.NewGraph()
		p := g.Input("p", op.Float64, d)
		l := loss(p, g.Input("y", op.Float64, d), Config{H1Weight: 1})
		y := noise64(d.Size(), 1)
		values := evaluate(t, map[string][]float64{"p": y, "y": y}, l, op.Gradients(l, p)[0])
		if !(values[0][0] <= 1e-14) {
			t.Errorf("%s: the loss is %v", name, values[0][0])
		}
		for i, v := range values[1] {
			if v != 0 {
				t.Errorf("%s: gradient %v at %d", name, v, i)
			}
		}
	}
}

// For the model u ← a·u and the frames y₁, y₂, y₃ the loss is mean over k > pushforward of (aᵏx − yₖ)², and its gradient in a flows
// through the last k − pushforward applications: d(aʲ·v)/da = j·aʲ⁻¹·v with v = aᵖx held fixed.
func TestPushforwardGradient(t *testing.T) {
	const a, steps = 0.7, 3
	x, y := []float64{1, -2, .5, 3}, noise64(4*steps, 3)
	for pushforward := range steps {
		want, slope, n := 0.0, 0.0, float64(steps-pushforward)
		for k := pushforward; k < steps; k++ {
			j := float64(k + 1 - pushforward) // applications that the gradient sees
			for i, u := range x {
				held := math.Pow(a, float64(pushforward)) * u
				e := math.Pow(a, j)*held - y[k*4+i]
				want += e * e / 4 / n
				slope += 2 * e * j * math.Pow(a, j-1) * held / 4 / n
			}
		}
		g := op.NewGraph()
		w := g.Input("a", op.Float64, op.Dims{})
		apply := func(u op.Value, _ int) op.Value { return op.Mul(w, u) }
		loss, err := rolloutLoss(apply, g.Input("x", op.Float64, op.Of(1, 4, 1)), g.Input("y", op.Float64, op.Of(1, steps, 4, 1)), Config{Loss: "mse", Pushforward: pushforward})
		if err != nil {
			t.Fatal(err)
		}
		values := evaluate(t, map[string][]float64{"a": {a}, "x": x, "y": y}, loss, op.Gradients(loss, w)[0])
		if got := values[0][0]; !(math.Abs(got-want) <= 1e-14*want) {
			t.Errorf("pushforward %d: the loss is %v, want %v", pushforward, got, want)
		}
		if got := values[1][0]; !(math.Abs(got-slope) <= 1e-13*math.Abs(slope)) {
			t.Errorf("pushforward %d: the gradient is %v, want %v", pushforward, got, slope)
		}
	}
}

// With a history the input's frames move up by one: the model sees (y₋₁, y₀), then (y₀, p₁).
func TestHistoryMovesUp(t *testing.T) {
	g := op.NewGraph()
	// u ← oldest frame + 10·newest frame
	apply := func(u op.Value, _ int) op.Value {
		return op.Add(op.SliceAxis(u, 2, 0, 1), op.Scale(op.SliceAxis(u, 2, 1, 1), 10))
	}
	x := g.Input("x", op.Float64, op.Of(1, 1, 2))
	loss, err := rolloutLoss(apply, x, g.Input("y", op.Float64, op.Of(1, 2, 1, 1)), Config{Loss: "mse"})
	if err != nil {
		t.Fatal(err)
	}
	// p₁ = 1 + 20, p₂ = 2 + 210
	if got := evaluate(t, map[string][]float64{"x": {1, 2}, "y": {21, 212}}, loss)[0][0]; got != 0 {
		t.Errorf("the loss of the right frames is %v", got)
	}
}
