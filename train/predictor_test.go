package train

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// randomPredictor is a small FNO of the given axes with weights from its initialisation.
func randomPredictor(t *testing.T, axes int) *Predictor {
	t.Helper()
	b, err := cpu.New(cpu.Config{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return initialised(t, models.Description{
		Model:    models.Config{Kind: "fno", Width: 4, Modes: models.Modes{3}, Layers: 2},
		Channels: 1, Outputs: 1, Axes: axes, Frames: 2,
	}, b)
}

// initialised is a predictor with the weights that training starts from.
func initialised(t *testing.T, d models.Description, b engine.Backend) *Predictor {
	t.Helper()
	p, err := NewPredictor(d, op.Float32, b)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.declare(); err != nil {
		t.Fatal(err)
	}
	fresh, err := d.Build(rand.New(rand.NewPCG(0, 0)))
	if err != nil {
		t.Fatal(err)
	}
	for name, q := range fresh.Params() {
		if err := p.store.Set("param."+name, q.Data); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func noise(n int, seed uint64) []float32 {
	rnd := rand.New(rand.NewPCG(seed, 0))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rnd.NormFloat64())
	}
	return x
}

// One predictor serves every batch size and resolution, and a sample's prediction does not depend on the batch it is in.
func TestPredictionsOfAnyShape(t *testing.T) {
	p := randomPredictor(t, 1)
	wave := func(n int) []float32 {
		x := make([]float32, 2*n)
		for i := range n {
			s := 2 * math.Pi * float64(i) / float64(n)
			x[2*i], x[2*i+1] = float32(math.Sin(s)), float32(math.Cos(s))
		}
		return x
	}
	predict := func(x []float32, batch, n int) []float32 {
		y := make([]float32, batch*n)
		if err := p.Predict(y, x, []int{batch, n, 2}); err != nil {
			t.Fatal(err)
		}
		return y
	}
	alone := predict(wave(16), 1, 16)
	both := predict(append(noise(32, 2), wave(16)...), 2, 16)
	for i, v := range alone {
		if !(math.Abs(float64(v)-float64(both[16+i])) <= 1e-6) {
			t.Errorf("point %d: %v alone, %v in a batch", i, v, both[16+i])
		}
	}
	finer := predict(wave(32), 1, 32)
	for i, v := range predict(wave(16), 1, 16) {
		if v != alone[i] {
			t.Errorf("point %d: %v at first, %v after other shapes (finer: %v)", i, alone[i], v, finer[2*i])
		}
	}
	if err := p.Predict(make([]float32, 16), noise(48, 1), []int{1, 16, 3}); err == nil {
		t.Error("fields of another number of channels were accepted")
	}
}

// A run with averaged weights predicts with them, one without with the last ones.
func TestPredictorTakesTheAveragedWeights(t *testing.T) {
	for kind, decay := range map[string]float64{"ema.": .9, "param.": 0} {
		dir := t.TempDir()
		s := setup(t, dir, 1, func(s *Setup) { s.Config.EMA = decay })
		if err := run(t, t.Context(), s); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, LastFile)
		c, err := readCheckpoint(path)
		if err != nil {
			t.Fatal(err)
		}
		p, err := OpenPredictor(path, s.Backend)
		if err != nil {
			t.Fatal(err)
		}
		names, data, err := p.Weights()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if string(data[name]) != string(c.vars[kind+name]) {
				t.Errorf("decay %v: %q is not %s%s", decay, name, kind, name)
			}
		}
	}
}
