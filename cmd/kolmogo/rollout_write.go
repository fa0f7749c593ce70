package main

import (
	"io"
	"path/filepath"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/internal/wholefile"
)

// arrayWriter writes arrays in the format of a name's suffix; nil where there is none.
func arrayWriter(path string) func(io.Writer, map[string]datasets.Array) error {
	switch filepath.Ext(path) {
	case ".npz":
		return datasets.WriteNPZ
	case ".safetensors":
		return func(w io.Writer, arrays map[string]datasets.Array) error {
			return datasets.WriteSafetensors(w, arrays, nil)
		}
	}
	return nil
}

// write stores the predictions as fields [trajectory, time, x.., channel] with the times as t and the coordinates by the names
// of the axes.
func (t *rolled) write(path string) error {
	fields, err := datasets.NewArray(t.prediction.Data, t.prediction.Shape...)
	if err != nil {
		return err
	}
	arrays := map[string]datasets.Array{datasets.KeyFields: fields}
	lines := map[string][]float64{}
	for _, axis := range t.set.Meta.Axes {
		lines[axis.Name] = axis.Coords
	}
	lines["t"] = t.times
	for name, values := range lines {
		if len(values) == 0 {
			continue
		}
		if arrays[name], err = datasets.NewArray(values, len(values)); err != nil {
			return err
		}
	}
	return wholefile.Replace(path, func(f io.Writer) error { return arrayWriter(path)(f, arrays) })
}
