package datasets_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/kolmogo/kolmogo/datasets"
)

// Make a set in memory and go through the batches of one epoch.
func ExampleLoader() {
	fields, err := datasets.NewArray([]float32{0, 1, 2, 3, 4, 5, 6, 7}, 1, 4, 2, 1) // 1 trajectory, 4 frames, 2 points, 1 channel
	if err != nil {
		log.Fatal(err)
	}
	set, err := datasets.NewSet(datasets.Meta{Name: "example"}, fields)
	if err != nil {
		log.Fatal(err)
	}
	loader := &datasets.Loader{Set: set, Batch: 2, Sequential: true}
	for batch, err := range loader.Batches(context.Background(), 0, 0) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(batch.InputShape, batch.Input, "->", batch.TargetShape, batch.Target)
	}
	// Output:
	// [2 2 1] [0 1 2 3] -> [2 1 2 1] [2 3 4 5]
	// [1 2 1] [4 5] -> [1 1 2 1] [6 7]
}

// Write a trajectory file, stop, and see where to go on.
func ExampleCreateKMG() {
	folder, err := os.MkdirTemp("", "kmg")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	header := datasets.KMGHeader{
		Parts: []datasets.Part{{Name: datasets.KeyFields, Dtype: datasets.Float32, Shape: []int{1, 2, 1}}},
		Count: 3,
	}
	for range 2 {
		w, err := datasets.CreateKMG(filepath.Join(folder, "set.kmg"), header)
		if err != nil {
			log.Fatal(err)
		}
		n, err := w.ValidRecords(context.Background())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("continue at", n)
		if err := w.WriteRecord(n, []float64{1, 2}); err != nil {
			log.Fatal(err)
		}
		if err := w.Close(); err != nil {
			log.Fatal(err)
		}
	}
	_, err = datasets.OpenSet(filepath.Join(folder, "set.kmg"), datasets.Keys{})
	fmt.Println(err != nil)
	// Output:
	// continue at 0
	// continue at 1
	// true
}

// Average a prediction over the symmetries of the square: Σ g⁻¹ f(g a) / 8.
func ExampleSymmetry() {
	field, shape := []float32{1, 2, 3, 4}, []int{2, 2, 1}
	model := func(a []float32) []float32 { return a } // any map
	mean := make([]float32, len(field))
	there, back := make([]float32, len(field)), make([]float32, len(field))
	for _, g := range datasets.Symmetries(shape[:2], datasets.ReflectNodes) {
		g.Apply(there, field, shape, nil)
		g.Inverse().Apply(back, model(there), shape, nil)
		for i, v := range back {
			mean[i] += v / 8
		}
	}
	fmt.Println(mean)
	// Output: [1 2 3 4]
}

// Write trajectories as PDEBench does, and read them back.
func ExampleCreateHDF5() {
	folder, err := os.MkdirTemp("", "hdf5")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "1D_Advection_Sols_beta0.4.hdf5")
	meta := datasets.Meta{Channels: []string{"u"}, Times: []float64{0, 0.5}, Parameters: map[string]float64{"beta": 0.4}}
	parts := []datasets.Part{{Name: datasets.KeyFields, Dtype: datasets.Float32, Shape: []int{2, 3, 1}}}
	w, err := datasets.CreateHDF5(path, datasets.PDEBench, meta, parts, 1)
	if err != nil {
		log.Fatal(err)
	}
	if err := w.WriteRecord(0, []float64{1, 2, 3, 3, 1, 2}); err != nil {
		log.Fatal(err)
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	c, err := datasets.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	info, err := c.Info("tensor")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(info.Dtype, info.Shape, "beta =", c.Metadata()["beta"])
	// Output: float32 [1 2 3] beta = 0.4
}
