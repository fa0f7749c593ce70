package train

import (
	"iter"
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/refiner"
	"github.com/kolmogo/kolmogo/op"
)

// refine makes a setup that of a refiner.
func refine(s *Setup) {
	s.Description.Refiner = refiner.Config{Kind: "refine", Steps: 2, Noise: 0.05}
	s.Description.Difference = true
	s.Config.Loss = "mse"
}

// TestEveryObjectiveLearns: each one ends nearer to the waves than it began.
func TestEveryObjectiveLearns(t *testing.T) {
	with := func(c refiner.Config) func(*Setup) {
		return func(s *Setup) { refine(s); s.Description.Refiner = c }
	}
	for name, change := range map[string]func(*Setup){
		"unrolled":         func(s *Setup) { s.Train.Window.Unroll = 2; s.Config.Objective.Kind = "unrolled" },
		"input noise":      func(s *Setup) { s.Config.Objective.Kind = "input_noise" },
		"sobolev":          func(s *Setup) { s.Config.Loss = "sobolev" },
		"refine":           refine,
		"direct":           with(refiner.Config{Kind: "direct"}),
		"diffuse":          with(refiner.Config{Kind: "diffuse", Steps: 2, Noise: 0.05, Convention: "std"}),
		"flow":             with(refiner.Config{Kind: "flow"}),
		"bridge":           with(refiner.Config{Kind: "flow", Path: "bridge"}),
		"error correction": func(s *Setup) { with(refiner.Config{Kind: "correct"})(s); s.Config.Objective.Kind = "error_correction" },
	} {
		s := setup(t, t.TempDir(), 1, func(s *Setup) { s.Config.Epochs = 25; change(s) })
		var first, last float64
		s.Observe = func(p Progress) {
			if p.EpochEnd && p.Epoch == 0 {
				first = p.Valid
			}
			if p.EpochEnd {
				last = p.Valid
			}
		}
		if err := run(t, t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if !(last < .6*first) {
			t.Errorf("%s: the validation error went from %v to %v", name, first, last)
		}
	}
}

// identity is a network without parameters.
type identity struct{}

func (identity) Apply(x op.Value) op.Value { return x }
func (identity) Params() iter.Seq2[string, *models.Param] {
	return func(func(string, *models.Param) bool) {}
}

// TestInputNoiseIsAddedToTheInput: a model that changes nothing then has the mean square η²σ² of the noise as its loss.
func TestInputNoiseIsAddedToTheInput(t *testing.T) {
	const eta, sigma, n = 0.1, 3.0, 1 << 14
	s := &models.Surrogate{Net: identity{}, In: models.Scaling{Mean: []float64{1}, Std: []float64{sigma}}, Out: models.Scaling{Mean: []float64{1}, Std: []float64{sigma}}}
	g := op.NewGraph()
	x := g.Input("x", op.Float64, op.Of(1, n, 1))
	b := batchValues{x: x, y: x, counter: g.Input(inputCounter, op.Float64, op.Of(2)), seed: 3}
	loss, err := inputNoise{eta}.loss(s, b, Config{Loss: "mse"})
	if err != nil {
		t.Fatal(err)
	}
	got := evaluate(t, map[string][]float64{"x": noise64(n, 1), inputCounter: {5, 0}}, loss)[0][0]
	if want := eta * eta * sigma * sigma; !(math.Abs(got/want-1) < 5*math.Sqrt(2./n)) {
		t.Errorf("the loss is %v, want about %v", got, want)
	}
}

// TestLevelsAreUniform: each level of a refiner is drawn as often as the others, and others in the next batch.
func TestLevelsAreUniform(t *testing.T) {
	const samples = 6000
	p, err := refiner.New(refiner.Config{Kind: "refine"})
	if err != nil {
		t.Fatal(err)
	}
	o := &denoising{seed: 1, process: p}
	g := op.NewGraph()
	levels := refiner.LevelsIn(g, inputLevels, op.Float64, samples)
	program := compiled(t, levels.Number())
	draw := func(at uint64) (counts [4]int, all []float64) {
		if err := o.feed(program, at, samples); err != nil {
			t.Fatal(err)
		}
		all = outputOf(t, program, samples)
		for _, k := range all {
			counts[int(k)]++
		}
		return counts, all
	}
	counts, first := draw(0)
	for k, n := range counts {
		if !(math.Abs(float64(n)-samples/4) < 5*math.Sqrt(samples*3./16)) {
			t.Errorf("level %d is drawn %d of %d times", k, n, samples)
		}
	}
	_, second := draw(1)
	same := 0
	for i, k := range first {
		if k == second[i] {
			same++
		}
	}
	if same > samples/3 {
		t.Errorf("%d of %d levels are those of the batch before", same, samples)
	}
}

// TestSobolevNorm: by Parseval, order 0 is the relative L2 error; a wave of number k counts (1 + k²)ˢ-fold.
func TestSobolevNorm(t *testing.T) {
	for _, grid := range [][]int{{8}, {7}, {6, 8}, {5, 4, 7}} {
		d := op.Of(append(append([]int{2}, grid...), 2)...)
		g := op.NewGraph()
		p, y := g.Input("p", op.Float64, d), g.Input("y", op.Float64, d)
		v := evaluate(t, map[string][]float64{"p": noise64(d.Size(), 1), "y": noise64(d.Size(), 2)}, relativeSobolev(p, y, 0), relativeL2(p, y))
		if !(math.Abs(v[0][0]-v[1][0]) <= 1e-13*v[1][0]) {
			t.Errorf("grid %v: %v, the relative L2 error is %v", grid, v[0][0], v[1][0])
		}
	}
	const nx, ny, kx, ky, s = 12, 10, 3, -2, 1.5
	d := op.Of(1, nx, ny, 1)
	one, wave := make([]float64, nx*ny), make([]float64, nx*ny)
	for i := range nx {
		for j := range ny {
			one[i*ny+j] = 1
			wave[i*ny+j] = math.Cos(2*math.Pi*(kx*float64(i)/nx+ky*float64(j)/ny) + 0.3)
		}
	}
	g := op.NewGraph()
	v := evaluate(t, map[string][]float64{"p": wave, "y": one}, sobolevSquares(g.Input("p", op.Float64, d), s), sobolevSquares(g.Input("y", op.Float64, d), s))
	if want := math.Pow(1+kx*kx+ky*ky, s) / 2; !(math.Abs(v[0][0]/v[1][0]-want) <= 1e-12*want) {
		t.Errorf("a wave counts %v, want %v", v[0][0]/v[1][0], want)
	}
}
