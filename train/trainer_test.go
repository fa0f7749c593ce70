package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// waves is a set of travelling waves u = a·sin(2π(x − t/8) + φ): 6 trajectories of 9 frames on 16 points.
func waves(t *testing.T) *datasets.Set {
	t.Helper()
	rnd := rand.New(rand.NewPCG(1, 1))
	var data []float32
	for range 6 {
		a, phase := 1+rnd.Float64(), 2*math.Pi*rnd.Float64()
		for f := range 9 {
			for i := range 16 {
				data = append(data, float32(a*math.Sin(2*math.Pi*(float64(i)/16-float64(f)/8)+phase)))
			}
		}
	}
	arr, err := datasets.NewArray(data, 6, 9, 16, 1)
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.NewSet(datasets.Meta{Channels: []string{"u"}}, arr)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func setup(t *testing.T, dir string, threads int, change func(*Setup)) Setup {
	t.Helper()
	b, err := cpu.New(cpu.Config{Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	set := waves(t)
	s := Setup{
		Config:      Config{Epochs: 3, LR: 1e-2, LogEvery: 1, EMA: .9, Clip: 1, Optimizer: OptimizerConfig{WeightDecay: 1e-4}},
		Description: models.Description{Model: models.Config{Kind: "fno", Width: 4, Modes: models.Modes{3}, Layers: 2}, Channels: 1, Outputs: 1, Axes: 1, Frames: 1},
		Seed:        7,
		Train:       &datasets.Loader{Set: set, Batch: 10, Seed: 7},
		Valid:       &datasets.Loader{Set: set, Batch: 16, Sequential: true},
		Backend:     b,
	}
	if change != nil {
		change(&s)
	}
	if s.Folder, err = OpenFolder(dir, map[string]any{"train": s.Config, "seed": s.Seed}, true); err != nil {
		t.Fatal(err)
	}
	return s
}

func run(t *testing.T, ctx context.Context, s Setup) error {
	t.Helper()
	tr, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return tr.Run(ctx)
}

// content is every byte that must be equal: both checkpoints and the log.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, f := range []string{LastFile, BestFile, LogFile} {
		b, err := os.ReadFile(filepath.Join(dir, f))
		if err != nil {
			t.Fatal(err)
		}
		all[f] = string(b)
	}
	return all
}

// A run that is stopped after any step and continued, with another number of threads, ends with the same bytes.
func TestResumeIsExact(t *testing.T) {
	for name, change := range map[string]func(*Setup){
		"plain":       nil,
		"accumulated": func(s *Setup) { s.Config.Accumulate = 3; s.Config.CheckpointEvery = 2 },
		"pushforward": func(s *Setup) { s.Train.Window.Unroll = 3; s.Config.Pushforward = 1; s.Config.CheckpointEvery = 1 },
		"steps":       func(s *Setup) { s.Config.Steps = 7; s.Config.CheckpointEvery = 2 },
		"refiner":     func(s *Setup) { refine(s); s.Config.CheckpointEvery = 1 },
		"plateau":     func(s *Setup) { s.Config.Schedule.Kind = "plateau"; s.Config.Schedule.Every = 1; s.Config.LR = .3 },
		"float64 sgd": func(s *Setup) {
			s.Precision = op.Float64
			s.Config.Optimizer = OptimizerConfig{Kind: "sgd", Momentum: .9}
		},
	} {
		t.Run(name, func(t *testing.T) {
			straight := t.TempDir()
			if err := run(t, t.Context(), setup(t, straight, 1, change)); err != nil {
				t.Fatal(err)
			}
			want := content(t, straight)
			for _, stop := range []int{1, 3, 5} {
				dir := t.TempDir()
				ctx, cancel := context.WithCancelCause(t.Context())
				s := setup(t, dir, 2, change)
				s.Observe = func(p Progress) {
					if p.Step >= stop {
						cancel(errors.New("stop"))
					}
				}
				if err := run(t, ctx, s); err == nil {
					t.Fatalf("stop at %d: the run went on to its end", stop)
				}
				// a killed run leaves log lines behind its checkpoint
				f, err := os.OpenFile(filepath.Join(dir, LogFile), os.O_APPEND|os.O_WRONLY, 0)
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprint(f, `{"step":99`)
				f.Close()
				if err := run(t, t.Context(), setup(t, dir, 3, change)); err != nil {
					t.Fatal(err)
				}
				got := content(t, dir)
				for name := range want {
					if got[name] != want[name] {
						t.Errorf("stop at %d: %s of the continued run differs", stop, name)
					}
				}
			}
		})
	}
}

// TestStepsEndARun in the middle of an epoch, with the schedule at its end.
func TestStepsEndARun(t *testing.T) {
	s := setup(t, t.TempDir(), 1, func(s *Setup) { s.Config.Steps = 7; s.Config.Epochs = 1; s.Config.Schedule.Final = 0 })
	last := Progress{}
	s.Observe = func(p Progress) { last = p }
	if err := run(t, t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if last.Step != 7 || last.Steps != 7 || last.Epochs != 2 || !(math.Abs(last.LR) <= 1e-12) || !(last.Loss > 0) {
		t.Errorf("%+v", last)
	}
}

func TestLossFalls(t *testing.T) {
	dir := t.TempDir()
	s := setup(t, dir, 2, func(s *Setup) { s.Config.Epochs = 60 })
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
	if !(last < .1*first) {
		t.Errorf("the validation error went from %v to %v", first, last)
	}
}

func TestDivergenceNamesStepAndParameter(t *testing.T) {
	dir := t.TempDir()
	s := setup(t, dir, 1, func(s *Setup) { s.Config.LR = 1e38; s.Config.Clip = 0; s.Config.EMA = 0 })
	err := run(t, t.Context(), s)
	var d *DivergedError
	if !errors.Is(err, ErrDiverged) || !errors.As(err, &d) || d.Step < 1 || d.Parameter == "" && !math.IsNaN(d.Loss) && !math.IsInf(d.Loss, 0) {
		t.Fatalf("error is %v", err)
	}
	if _, err := OpenPredictor(filepath.Join(dir, LastFile), s.Backend); err != nil {
		t.Errorf("the last checkpoint is not usable: %v", err)
	}
}

func TestOtherConfigurationIsRefusedByKey(t *testing.T) {
	dir := t.TempDir()
	if err := run(t, t.Context(), setup(t, dir, 1, nil)); err != nil {
		t.Fatal(err)
	}
	_, err := OpenFolder(dir, map[string]any{"train": Config{Epochs: 3, LR: 2e-2, LogEvery: 1, EMA: .9, Clip: 1, Optimizer: OptimizerConfig{WeightDecay: 1e-4}}, "seed": 7}, true)
	if !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), "train.lr") {
		t.Errorf("error is %v", err)
	}
	if _, err := OpenFolder(dir, map[string]any{"train": setup(t, dir, 1, nil).Config, "seed": 7}, false); !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), "--resume") {
		t.Errorf("error is %v", err)
	}
}

// Every damaged byte and every cut of a checkpoint is found.
func TestCheckpointVerifies(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.ckpt")
	parts := []part{{"state", []byte(`{"Step":1}`)}, {"var/a", []byte{1, 2, 3}}, {"var/empty", nil}}
	if err := writeParts(path, parts); err != nil {
		t.Fatal(err)
	}
	got, err := readParts(path)
	if err != nil || len(got) != 3 || string(got["var/a"]) != "\x01\x02\x03" {
		t.Fatalf("%v, %v", got, err)
	}
	whole, _ := os.ReadFile(path)
	for i := range whole {
		bad := append([]byte{}, whole...)
		bad[i] ^= 0x10
		if _, err := parseParts(bad); err == nil {
			t.Errorf("byte %d changed: no error", i)
		}
		if _, err := parseParts(whole[:i]); err == nil {
			t.Errorf("cut at byte %d: no error", i)
		}
	}
}

func FuzzCheckpoint(f *testing.F) {
	path := filepath.Join(f.TempDir(), "x.ckpt")
	writeParts(path, []part{{"state", []byte(`{}`)}, {"var/a", []byte{1, 2, 3}}})
	b, _ := os.ReadFile(path)
	f.Add(b)
	f.Add([]byte(checkpointMagic))
	f.Fuzz(func(t *testing.T, b []byte) { parseParts(b) })
}
