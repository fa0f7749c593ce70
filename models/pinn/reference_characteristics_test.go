package pinn_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/pde"
)

// TestCharacteristics: the state on characteristics is the solution where they are, and their speed is the state.
func TestCharacteristics(t *testing.T) {
	e := shipped(t, "pinn_lagrangian_burgers")
	m, err := pinn.New(e.Problem, models.Config{}, source())
	if err != nil {
		t.Fatal(err)
	}
	p := e.Problem
	exact := pde.ColeHopf{Nu: float64(p.Parameters["nu"]), A: float64(p.Reference.Parameters["amplitude"]), U: float64(p.Parameters["mean"]), K: float64(p.Reference.Parameters["wavenumber"])}
	const h = 1e-3
	for _, at := range [][2]float64{{0.5, 0}, {0.3, 0.4}, {3, 0.9}, {3.2, 0.99}, {6, 0.7}} {
		x := []float64{at[0], at[1], at[0], at[1] + h, at[0], at[1] + 2*h}
		got, err := m.Exact(x)
		if err != nil {
			t.Fatal(err)
		}
		u, _ := exact.At(at[1]+h, got[2])
		if !(math.Abs(got[3]+exact.U-u) <= 1e-9) {
			t.Errorf("at %v the state is %v, want %v", at, got[3]+exact.U, u)
		}
		if speed := (got[4] - got[0]) / (2 * h); !(math.Abs(speed-u) <= 1e-4) {
			t.Errorf("at %v the speed is %v, want %v", at, speed, u)
		}
	}
}
