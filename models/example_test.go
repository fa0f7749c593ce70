package models_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

func ExampleNew() {
	cfg := models.Config{Kind: "fno", Width: 8, Modes: models.Modes{4}, Layers: 2}
	m, err := models.New(cfg, models.Ports{In: 1, Out: 1, Axes: 1}, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		fmt.Println(err)
		return
	}
	for name, p := range m.Params() {
		fmt.Println(name, p.Dims)
	}
	g := op.NewGraph()
	y := m.Apply(g.Input("x", op.Float32, op.Of(16, 64, 1)))
	fmt.Println(y.Dims(), g.Err(), models.Count(m), "parameters")
	// Output:
	// lift.weight [2,8]
	// lift.bias [8]
	// blocks.0.spectral.weight [4,2,8,8]
	// blocks.0.skip.weight [8,8]
	// blocks.0.skip.bias [8]
	// blocks.1.spectral.weight [4,2,8,8]
	// blocks.1.skip.weight [8,8]
	// blocks.1.skip.bias [8]
	// project.0.weight [8,128]
	// project.0.bias [128]
	// project.1.weight [128,1]
	// project.1.bias [1]
	// [16,64,1] <nil> 2473 parameters
}
