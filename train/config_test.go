package train

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/models"
)

// Whatever cannot be trained is refused with the key at fault.
func TestWrongConfigurationsNameTheirKey(t *testing.T) {
	for key, change := range map[string]func(*Setup){
		"train.loss":             func(s *Setup) { s.Config.Loss = "l2" },
		"train.lr":               func(s *Setup) { s.Config.LR = math.NaN() },
		"train.epochs":           func(s *Setup) { s.Config.Epochs = -1 },
		"train.accumulate":       func(s *Setup) { s.Config.Accumulate = -1 },
		"train.clip":             func(s *Setup) { s.Config.Clip = math.NaN() },
		"train.ema":              func(s *Setup) { s.Config.EMA = 1 },
		"train.optimizer.kind":   func(s *Setup) { s.Config.Optimizer.Kind = "lbfgs" },
		"train.optimizer.beta1":  func(s *Setup) { s.Config.Optimizer.Beta1 = 1 },
		"train.schedule.kind":    func(s *Setup) { s.Config.Schedule.Kind = "linear" },
		"train.schedule.factor":  func(s *Setup) { s.Config.Schedule = ScheduleConfig{Kind: "step", Factor: 2} },
		"train.pushforward":      func(s *Setup) { s.Config.Pushforward = 1 },
		"objective.kind \"mse\"": func(s *Setup) { s.Config.Objective.Kind = "mse" },
		"objective.noise":        func(s *Setup) { s.Config.Objective.Noise = 1 },
		"set refiner.kind":       func(s *Setup) { s.Config.Objective.Kind = "refiner" },
		"set refiner.kind=corre": func(s *Setup) { s.Config.Objective.Kind = "error_correction" },
		"draws noise":            func(s *Setup) { refine(s); s.Config.Objective.Kind = "one_step" },
		"set train.loss=mse":     func(s *Setup) { refine(s); s.Config.Loss = "rel_l2" },
		"use unrolled":           func(s *Setup) { s.Train.Window.Unroll = 2; s.Config.Objective.Kind = "one_step" },
		"modes 12 on a grid":     func(s *Setup) { s.Description.Model.Modes = models.Modes{12} },
		"unknown kind \"fnoo\"":  func(s *Setup) { s.Description.Model.Kind = "fnoo" },
		"models: scaling: 1 mea": func(s *Setup) { s.Description.Input = models.Scaling{Mean: []float64{0}} },
	} {
		s := setup(t, t.TempDir(), 1, nil)
		change(&s)
		tr, err := New(s)
		if err == nil {
			err = tr.Run(t.Context())
		}
		if !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: error is %v", key, err)
		}
	}
}
