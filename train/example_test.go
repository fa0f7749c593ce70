package train_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/train"
)

// A small Fourier neural operator learns to move waves by a quarter of a period.
func Example() {
	const n = 16
	var data []float32
	for wave := range 8 {
		for frame := range 2 {
			for i := range n {
				x := float64(i)/n - float64(frame)/4 + float64(wave)/8
				data = append(data, float32(math.Sin(2*math.Pi*x)))
			}
		}
	}
	fields, err := datasets.NewArray(data, 8, 2, n, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	set, err := datasets.NewSet(datasets.Meta{}, fields)
	if err != nil {
		fmt.Println(err)
		return
	}
	dir, err := os.MkdirTemp("", "run")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	if err := learn(dir, set); err != nil {
		fmt.Println(err)
	}
	// Output: relative error below 5 %: true
}

func learn(dir string, set *datasets.Set) error {
	backend, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		return err
	}
	defer backend.Close()
	cfg := train.Config{Epochs: 50, LR: 1e-2}
	folder, err := train.OpenFolder(dir, map[string]any{"train": cfg}, false)
	if err != nil {
		return err
	}
	trainer, err := train.New(train.Setup{
		Config:      cfg,
		Description: models.Description{Model: models.Config{Width: 8, Modes: models.Modes{2}, Layers: 2}, Channels: 1, Outputs: 1, Axes: 1},
		Train:       &datasets.Loader{Set: set, Batch: 4},
		Valid:       &datasets.Loader{Set: set, Batch: 8, Sequential: true},
		Backend:     backend,
		Folder:      folder,
	})
	if err != nil {
		return err
	}
	if err := trainer.Run(context.Background()); err != nil {
		return err
	}

	// Anything later needs only the checkpoint.
	p, err := train.OpenPredictor(filepath.Join(dir, train.BestFile), backend)
	if err != nil {
		return err
	}
	input, target, output := make([]float32, 16), make([]float32, 16), make([]float32, 16)
	if err := set.Fields.ReadFrames(input, 3, 0, 1); err != nil {
		return err
	}
	if err := set.Fields.ReadFrames(target, 3, 1, 1); err != nil {
		return err
	}
	if err := p.Predict(output, input, []int{1, 16, 1}); err != nil {
		return err
	}
	above, below := 0.0, 0.0
	for i, y := range target {
		above += float64((output[i] - y) * (output[i] - y))
		below += float64(y * y)
	}
	fmt.Println("relative error below 5 %:", math.Sqrt(above/below) < .05)
	return nil
}
