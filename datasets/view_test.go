package datasets_test

import (
	"bytes"
	"errors"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// counting is an array of 0, 1, 2, ..
func counting(t testing.TB, shape ...int) datasets.Array {
	t.Helper()
	n := 1
	for _, d := range shape {
		n *= d
	}
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(i)
	}
	a, err := datasets.NewArray(values, shape...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func writeNPZ(t testing.TB, arrays map[string]datasets.Array) string {
	t.Helper()
	var b bytes.Buffer
	if err := datasets.WriteNPZ(&b, arrays); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "set.npz")
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestConventions: the names that the field uses lead to the canonical shapes.
func TestConventions(t *testing.T) {
	array := func(shape ...int) datasets.Array { return counting(t, shape...) }
	for name, c := range map[string]struct {
		arrays                  map[string]datasets.Array
		keys                    datasets.Keys
		fields, inputs, outputs []int
	}{
		"darcy":          {arrays: map[string]datasets.Array{"x": array(5, 4, 3), "y": array(5, 4, 3)}, inputs: []int{5, 1, 4, 3, 1}, outputs: []int{5, 1, 4, 3, 1}},
		"channels first": {arrays: map[string]datasets.Array{"x": array(5, 1, 4, 3), "y": array(5, 2, 4, 3)}, inputs: []int{5, 1, 4, 3, 1}, outputs: []int{5, 1, 4, 3, 2}},
		"channels last":  {arrays: map[string]datasets.Array{"x": array(5, 4, 4, 2), "y": array(5, 4, 4, 1)}, inputs: []int{5, 1, 4, 4, 2}, outputs: []int{5, 1, 4, 4, 1}},
		"paper burgers":  {arrays: map[string]datasets.Array{"a": array(5, 8), "u": array(5, 8)}, inputs: []int{5, 1, 8, 1}, outputs: []int{5, 1, 8, 1}},
		"paper darcy":    {arrays: map[string]datasets.Array{"coeff": array(5, 4, 4), "sol": array(5, 4, 4), "Kcoeff": array(5, 4, 4)}, inputs: []int{5, 1, 4, 4, 1}, outputs: []int{5, 1, 4, 4, 1}},
		"paper ns":       {arrays: map[string]datasets.Array{"a": array(3, 4, 5), "u": array(3, 4, 5, 6), "t": array(1, 6)}, fields: []int{3, 6, 4, 5, 1}},
		"deepxde":        {arrays: map[string]datasets.Array{"t": array(6, 1), "x": array(8, 1), "usol": array(8, 6)}, fields: []int{1, 6, 8, 1}},
		"jaxpi":          {arrays: map[string]datasets.Array{"t": array(6), "x": array(8), "usol": array(6, 8)}, fields: []int{1, 6, 8, 1}},
		"fields":         {arrays: map[string]datasets.Array{"fields": array(2, 3, 4, 5)}, fields: []int{2, 3, 4, 5}},
		"only one":       {arrays: map[string]datasets.Array{"vorticity": array(2, 3, 4, 4), "time": array(3)}, fields: []int{2, 3, 4, 4, 1}},
		"explicit":       {arrays: map[string]datasets.Array{"q": array(8, 3, 2, 5)}, keys: datasets.Keys{Fields: "q", Axes: "x c n t"}, fields: []int{2, 5, 8, 3}},
		"explicit pairs": {
			arrays: map[string]datasets.Array{"k": array(4, 4, 9), "p": array(9, 2, 4, 4), "x": array(4)},
			keys:   datasets.Keys{Input: "k", Target: "p", Axes: "x y n", TargetAxes: "n c x y"},
			inputs: []int{9, 1, 4, 4, 1}, outputs: []int{9, 1, 4, 4, 2},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := datasets.OpenSet(writeNPZ(t, c.arrays), c.keys)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			for _, f := range []struct {
				got  datasets.Fields
				want []int
			}{{s.Fields, c.fields}, {s.Inputs, c.inputs}, {s.Outputs, c.outputs}} {
				if (f.got == nil) != (f.want == nil) || f.got != nil && !slices.Equal(f.got.Shape(), f.want) {
					t.Errorf("%v, want %v", f.got, f.want)
				}
			}
		})
	}
}

// TestAxesPermute: element [n, t, x, y, c] of the view is the stored one with the same names, whatever the stored order.
func TestAxesPermute(t *testing.T) {
	size := map[byte]int{'n': 2, 't': 3, 'x': 4, 'y': 5, 'c': 2}
	for _, axes := range []string{"n t x y c", "c y x t n", "t c x n y", "x y t", "n x y", "y x"} {
		stored := []byte(strings.ReplaceAll(axes, " ", ""))
		shape := make([]int, len(stored))
		for i, name := range stored {
			shape[i] = size[name]
		}
		s, err := datasets.OpenSet(writeNPZ(t, map[string]datasets.Array{"u": counting(t, shape...)}), datasets.Keys{Fields: "u", Axes: axes})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		view := s.Fields.Shape()
		for i, got := range readAll(t, s.Fields) {
			index := map[byte]int{}
			for axis := len(view) - 1; axis >= 0; axis-- {
				index["ntxyc"[axis]] = i % view[axis]
				i /= view[axis]
			}
			want := 0
			for j, name := range stored {
				want = want*shape[j] + index[name]
			}
			if got != float64(want) {
				t.Fatalf("axes %q: value at %v is %v, want %v", axes, index, got, want)
			}
		}
	}
}

// TestViewErrors: what does not fit is an error that names the file and the key.
func TestViewErrors(t *testing.T) {
	array := func(shape ...int) datasets.Array { return counting(t, shape...) }
	complex64 := datasets.Array{Dtype: datasets.Complex64, Shape: []int{1, 2, 2}, Raw: make([]byte, 32)}
	for name, c := range map[string]struct {
		arrays map[string]datasets.Array
		keys   datasets.Keys
		says   string
	}{
		"no known names":    {map[string]datasets.Array{"p": array(2, 3), "q": array(2, 3)}, datasets.Keys{}, `"p" [2 3], "q" [2 3]`},
		"no such key":       {map[string]datasets.Array{"p": array(2, 3)}, datasets.Keys{Fields: "u"}, `"u"`},
		"half a pair":       {map[string]datasets.Array{"p": array(2, 3)}, datasets.Keys{Input: "p"}, "input and target"},
		"unknown axis":      {map[string]datasets.Array{"p": array(2, 3)}, datasets.Keys{Fields: "p", Axes: "n q"}, "n q"},
		"too few axes":      {map[string]datasets.Array{"p": array(2, 3)}, datasets.Keys{Fields: "p", Axes: "n t x"}, "[2 3]"},
		"no space":          {map[string]datasets.Array{"p": array(2, 3)}, datasets.Keys{Fields: "p", Axes: "n t"}, "space"},
		"short time":        {map[string]datasets.Array{"fields": array(2, 3, 4, 1), "time": array(2)}, datasets.Keys{}, "2 time stamps"},
		"short coordinates": {map[string]datasets.Array{"fields": array(2, 3, 4, 1), "x": array(3)}, datasets.Keys{}, "3 coordinates"},
		"empty":             {map[string]datasets.Array{"fields": array(0, 3, 4, 1)}, datasets.Keys{}, "no values"},
		"complex":           {map[string]datasets.Array{"fields": complex64}, datasets.Keys{}, "complex64"},
		"resolutions":       {map[string]datasets.Array{"x": array(2, 4, 4), "y": array(2, 8, 8)}, datasets.Keys{}, "resolution"},
	} {
		path := writeNPZ(t, c.arrays)
		_, err := datasets.OpenSet(path, c.keys)
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.HasPrefix(err.Error(), "datasets: "+path) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNonfinite: bad values are found when a set is opened, with key, trajectory and frame.
func TestNonfinite(t *testing.T) {
	a := counting(t, 3, 4, 5, 2)
	values, err := a.Float32s()
	if err != nil {
		t.Fatal(err)
	}
	values[((1*4+2)*5+3)*2+1] = float32(math.NaN())
	values[((2*4+0)*5+0)*2+0] = float32(math.Inf(-1))
	if a, err = datasets.NewArray(values, 3, 4, 5, 2); err != nil {
		t.Fatal(err)
	}
	path := writeNPZ(t, map[string]datasets.Array{"fields": a})
	_, err = datasets.OpenSet(path, datasets.Keys{})
	var bad *datasets.NonfiniteError
	if !errors.As(err, &bad) {
		t.Fatalf("opening gave %v", err)
	}
	if bad.Path != path || bad.Key != "fields" || bad.Count != 2 || len(bad.Places) != 2 {
		t.Fatalf("%+v", bad)
	}
	first, second := bad.Places[0], bad.Places[1]
	if first.Trajectory != 1 || first.Frame != 2 || !slices.Equal(first.Index, []int{3, 1}) || !math.IsNaN(first.Value) {
		t.Errorf("first place %+v", first)
	}
	if second.Trajectory != 2 || second.Frame != 0 || !math.IsInf(second.Value, -1) {
		t.Errorf("second place %+v", second)
	}
}

// TestMetaFromArrays: time stamps, coordinates and parameters beside the fields are taken up.
func TestMetaFromArrays(t *testing.T) {
	nu, err := datasets.NewArray([]float64{0.25})
	if err != nil {
		t.Fatal(err)
	}
	s, err := datasets.OpenSet(writeNPZ(t, map[string]datasets.Array{
		"fields": counting(t, 2, 3, 4, 1), "t": counting(t, 3), "x": counting(t, 4), "nu": nu, "parameters/force": counting(t, 2),
	}), datasets.Keys{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	m := s.Meta
	if !slices.Equal(m.Times, []float64{0, 1, 2}) || !slices.Equal(m.Axes[0].Coords, []float64{0, 1, 2, 3}) ||
		!maps.Equal(m.Parameters, map[string]float64{"nu": 0.25}) || !slices.Equal(m.TrajectoryParameters["force"], []float64{0, 1}) {
		t.Errorf("%+v", m)
	}
}

// TestFileBacked: an npy file in canonical order is read by parts, and as the same values as one that is not.
func TestFileBacked(t *testing.T) {
	path := write(t, "a.npy", func(b *bytes.Buffer) error { return datasets.WriteNPY(b, counting(t, 40, 5, 700, 2)) })
	s, err := datasets.OpenSet(path, datasets.Keys{})
	if err != nil {
		t.Fatal(err)
	}
	frames := make([]float32, 2*1400)
	if err := s.Fields.ReadFrames(frames, 17, 3, 2); err != nil {
		t.Fatal(err)
	}
	for i, got := range frames {
		if want := float32((17*5+3)*1400 + i); got != want {
			t.Fatalf("value %d is %v, want %v", i, got, want)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Fields.ReadFrames(frames, 0, 0, 2); err == nil {
		t.Error("frames were read from a closed file")
	}
}

func TestSubsample(t *testing.T) {
	s := trajectorySet(t, 2, 3, 12, 2)
	half, err := s.Subsample(2)
	if err != nil {
		t.Fatal(err)
	}
	quarter, err := half.Resolution(3)
	if err != nil {
		t.Fatal(err)
	}
	for factor, sub := range map[int]*datasets.Set{2: half, 4: quarter} {
		points := 12 / factor
		if shape := sub.Fields.Shape(); !slices.Equal(shape, []int{2, 3, points, 2}) {
			t.Fatalf("factor %d: shape %v", factor, shape)
		}
		values := readAll(t, sub.Fields)
		for i, got := range values {
			c, x, f, n := i%2, i/2%points, i/2/points%3, i/2/points/3
			if want := float64(code(n, f, x*factor, c)); got != want {
				t.Fatalf("factor %d: value at [%d %d %d %d] is %v, want %v", factor, n, f, x, c, got, want)
			}
		}
	}
	if _, err := s.Subsample(5); err == nil {
		t.Error("factor 5 of 12 points")
	}
	if _, err := s.Resolution(24); err == nil {
		t.Error("24 points from 12")
	}
	// Both walls are points: 13 → 4 by the factor 4 keeps the last one.
	walls, err := trajectorySet(t, 1, 2, 13, 1).Resolution(4)
	if err != nil {
		t.Fatal(err)
	}
	frame := make([]float32, 4)
	if err := walls.Fields.ReadFrames(frame, 0, 0, 1); err != nil || frame[3] != code(0, 0, 12, 0) {
		t.Errorf("%v, %v", frame, err)
	}
}

func TestSlice(t *testing.T) {
	s := trajectorySet(t, 5, 2, 3, 1)
	s.Meta.TrajectoryParameters = map[string][]float64{"nu": {0, 1, 2, 3, 4}}
	part, err := s.Slice(2, 4)
	if err != nil {
		t.Fatal(err)
	}
	if part.Trajectories() != 2 || !slices.Equal(part.Meta.TrajectoryParameters["nu"], []float64{2, 3}) || len(s.Meta.TrajectoryParameters["nu"]) != 5 {
		t.Errorf("%d trajectories, parameters %v", part.Trajectories(), part.Meta.TrajectoryParameters)
	}
	frame := make([]float32, 3)
	if err := part.Fields.ReadFrames(frame, 1, 1, 1); err != nil || frame[2] != code(3, 1, 2, 0) {
		t.Errorf("%v, %v", frame, err)
	}
	for _, i := range []int{-1, 2} {
		if err := part.Fields.ReadFrames(frame, i, 0, 1); err == nil {
			t.Errorf("trajectory %d of the slice was read", i)
		}
	}
	if _, err := s.Slice(3, 6); err == nil {
		t.Error("a slice behind the end")
	}
}

func TestSplit(t *testing.T) {
	path := writeNPZ(t, map[string]datasets.Array{"fields": counting(t, 20, 2, 4, 1)})
	other := writeNPZ(t, map[string]datasets.Array{"fields": counting(t, 3, 2, 4, 1)})
	first := func(s *datasets.Set) int { // number of the first trajectory
		if s == nil {
			return -1
		}
		frame := make([]float32, 4)
		if err := s.Fields.ReadFrames(frame, 0, 0, 1); err != nil {
			t.Fatal(err)
		}
		return int(frame[0]) / 8
	}
	size := func(s *datasets.Set) int {
		if s == nil {
			return 0
		}
		return s.Trajectories()
	}
	for _, c := range []struct {
		split datasets.Split
		first [3]int
		size  [3]int
	}{
		{datasets.Split{}, [3]int{0, -1, -1}, [3]int{20, 0, 0}},
		{datasets.Split{Test: datasets.Share{Count: 4}}, [3]int{0, -1, 16}, [3]int{16, 0, 4}},
		{datasets.Split{Valid: datasets.Share{Fraction: 0.1}, Test: datasets.Share{Fraction: 0.25}}, [3]int{0, 13, 15}, [3]int{13, 2, 5}},
		{datasets.Split{Train: datasets.Share{Count: 10}, Test: datasets.Share{Count: 2}}, [3]int{0, -1, 18}, [3]int{10, 0, 2}},
		{datasets.Split{Test: datasets.Share{Path: other}}, [3]int{0, -1, 0}, [3]int{20, 0, 3}},
	} {
		s, err := datasets.OpenSplit(path, datasets.Keys{}, c.split)
		if err != nil {
			t.Errorf("%+v: %v", c.split, err)
			continue
		}
		for i, set := range []*datasets.Set{s.Train, s.Valid, s.Test} {
			if first(set) != c.first[i] || size(set) != c.size[i] {
				t.Errorf("%+v: set %d has %d trajectories from %d, want %d from %d", c.split, i, size(set), first(set), c.size[i], c.first[i])
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, split := range []datasets.Split{
		{Test: datasets.Share{Count: 21}}, {Test: datasets.Share{Count: 20}}, {Train: datasets.Share{Count: 15}, Test: datasets.Share{Count: 6}},
		{Test: datasets.Share{Fraction: 1.5}}, {Test: datasets.Share{Fraction: math.NaN()}}, {Test: datasets.Share{Count: -1}},
		{Test: datasets.Share{Count: 1, Fraction: 0.5}}, {Test: datasets.Share{Path: path + ".none"}},
	} {
		if _, err := datasets.OpenSplit(path, datasets.Keys{}, split); err == nil {
			t.Errorf("%+v was accepted", split)
		}
	}
}
