package datasets_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// hdf5Case is a file to write.
type hdf5Case struct {
	layout datasets.HDF5Layout
	meta   datasets.Meta
	parts  []datasets.Part
	look   string // what h5py prints of it
}

func hdf5Cases() map[string]hdf5Case {
	line := []datasets.Axis{{Name: "x", Coords: []float64{0, 0.25, 0.5, 0.75}, Low: datasets.Periodic, High: datasets.Periodic}}
	plane := append(slices.Clone(line), datasets.Axis{Name: "y", Coords: []float64{0, 0.5, 1}, Low: datasets.Wall, High: datasets.Outflow})
	fields := func(shape ...int) []datasets.Part {
		return []datasets.Part{{Name: datasets.KeyFields, Dtype: datasets.Float32, Shape: shape}}
	}
	times := []float64{0, 0.5}
	nu := map[string]float64{"nu": 0.25}
	return map[string]hdf5Case{
		"tensor": {datasets.PDEBench, datasets.Meta{Channels: []string{"u"}, Axes: line, Times: times, Parameters: nu},
			fields(2, 4, 1), "nu=0.25 tensor(3,2,4)"},
		"flow": {datasets.PDEBench, datasets.Meta{Channels: []string{"density", "pressure", "Vx", "Vy"}, Axes: plane, Times: times},
			fields(2, 4, 3, 4), "density(3,2,4,3)"},
		"groups": {datasets.PDEBench, datasets.Meta{Channels: []string{"u", "v"}, Axes: plane, Times: times},
			fields(2, 4, 3, 2), "0002/data(2,4,3,2)"},
		"pairs": {datasets.PDEBench, datasets.Meta{Channels: []string{"u"}, InputChannels: []string{"nu"}, Axes: plane}, []datasets.Part{
			{Name: datasets.KeyInputs, Dtype: datasets.Float64, Shape: []int{4, 3, 1}},
			{Name: datasets.KeyOutputs, Dtype: datasets.Float64, Shape: []int{4, 3, 1}},
		}, "nu(3,4,3) tensor(3,1,4,3)"},
		"well": {datasets.TheWell, datasets.Meta{Name: "flow", Geometry: "cartesian", Channels: []string{"p", "v_x", "v_y"}, Axes: plane, Times: times, Parameters: nu},
			append(fields(2, 4, 3, 3), datasets.Part{Name: "parameters/force", Dtype: datasets.Float32}),
			"dataset_name=flow n_trajectories=3 scalars/force(3) t1_fields/v(3,2,4,3,2)"},
	}
}

// writeHDF5 writes three records of counting numbers, the last one first.
func writeHDF5(t *testing.T, path string, c hdf5Case) (values [][]float64) {
	t.Helper()
	const records = 3
	w, err := datasets.CreateHDF5(path, c.layout, c.meta, c.parts, records)
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for _, p := range c.parts {
		n := 1
		for _, d := range p.Shape {
			n *= d
		}
		size += n
	}
	for i := range records {
		values = append(values, nil)
		for j := range size {
			values[i] = append(values[i], float64(1+i*size+j))
		}
	}
	for i := range records {
		if err := w.WriteRecord(records-1-i, values[records-1-i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return values
}

// TestHDF5RoundTrip: what is written in a layout is read as the same set.
func TestHDF5RoundTrip(t *testing.T) {
	for name, c := range hdf5Cases() {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "set.h5")
			values := writeHDF5(t, path, c)
			s, err := datasets.OpenSet(path, datasets.Keys{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			m := s.Meta
			if !slices.Equal(m.Channels, c.meta.Channels) || !slices.Equal(m.Times, c.meta.Times) || !maps.Equal(m.Parameters, c.meta.Parameters) {
				t.Errorf("%+v, want %+v", m, c.meta)
			}
			for i, axis := range c.meta.Axes {
				got := m.Axes[i]
				if c.layout == datasets.PDEBench {
					axis.Low, axis.High = "", "" // which it does not hold
				}
				if got.Name != axis.Name || !slices.Equal(got.Coords, axis.Coords) || got.Low != axis.Low || got.High != axis.High {
					t.Errorf("axis %+v, want %+v", got, axis)
				}
			}
			var got []float64
			for i := range values {
				for _, f := range []datasets.Fields{s.Fields, s.Inputs, s.Outputs} {
					if f == nil {
						continue
					}
					shape := f.Shape()
					n := 1
					for _, d := range shape[1:] {
						n *= d
					}
					frames := make([]float64, n)
					if err := f.ReadFrames64(frames, i, 0, shape[1]); err != nil {
						t.Fatal(err)
					}
					got = append(got, frames...)
				}
				for _, values := range m.TrajectoryParameters {
					got = append(got, values[i])
				}
			}
			if !slices.Equal(got, slices.Concat(values...)) {
				t.Errorf("values %v", got)
			}
		})
	}
}

// TestHDF5Python: h5py opens what is written, and sees its attributes and shapes.
func TestHDF5Python(t *testing.T) {
	const script = `
import sys, h5py
def show(name, o):
    for k in o.attrs: o.attrs[k]
    if isinstance(o, h5py.Dataset): print(name + str(o.shape).replace(" ", "").replace(",)", ")"), float(o[()].sum()))
with h5py.File(sys.argv[1]) as f:
    for k, v in f.attrs.items(): print(f"{k}={v}")
    f.visititems(show)
`
	python := os.Getenv("KOLMOGO_PYTHON")
	if python == "" {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import h5py").Run(); err != nil {
		t.Skipf("%s has no h5py: %v", python, err)
	}
	for name, c := range hdf5Cases() {
		path := filepath.Join(t.TempDir(), "set.h5")
		writeHDF5(t, path, c)
		out, err := exec.Command(python, "-c", script, path).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		for _, part := range strings.Fields(c.look) {
			if !strings.Contains(string(out), part) {
				t.Errorf("%s: h5py does not see %s:\n%s", name, part, out)
			}
		}
	}
}

// TestGenerateHDF5: a generated HDF5 file holds the trajectories of the trajectory file.
func TestGenerateHDF5(t *testing.T) {
	r := small(t, "burgers_shock")
	folder := t.TempDir()
	var want []float64
	for _, name := range []string{"a.kmg", "a.h5"} {
		path := filepath.Join(folder, name)
		if err := datasets.GenerateFile(t.Context(), r, datasets.Options{N: 2}, path); err != nil {
			t.Fatal(err)
		}
		s, err := datasets.OpenSet(path, datasets.Keys{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		got := readAll(t, s.Target())
		if want == nil {
			want = got
		} else if !slices.Equal(got, want) {
			t.Errorf("%s holds other values", name)
		}
		if err := datasets.GenerateFile(t.Context(), r, datasets.Options{N: 2}, path); name == "a.h5" && err == nil {
			t.Error("a whole file was written over")
		}
	}
}
