package datasets_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// conditionedSet has times and lengths of every kind, and constants 1000·trajectory + point and its negative.
func conditionedSet(t *testing.T) *datasets.Set {
	t.Helper()
	s := trajectorySet(t, 3, 5, 4, 1)
	s.Meta.Times = []float64{0, 1, 2, 3, 5}
	s.Meta.Axes[0].Coords = []float64{0, 0.25, 0.5, 0.75}
	s.Meta.Parameters = map[string]float64{"g": 9.5}
	s.Meta.TrajectoryParameters = map[string][]float64{"nu": {0.5, 0.25, 0.125}}
	var values []float32
	for i := range 3 {
		for x := range 4 {
			v := float32(1000*i + x)
			values = append(values, v, -v)
		}
	}
	a, err := datasets.NewArray(values, 3, 1, 4, 2)
	if err != nil {
		t.Fatal(err)
	}
	constants, err := datasets.NewSet(datasets.Meta{}, a)
	if err != nil {
		t.Fatal(err)
	}
	s.Constants, s.Meta.Constants = constants.Fields, []string{"a", "b"}
	return s
}

// TestConditions compares every number of every sample with what the set says of it.
func TestConditions(t *testing.T) {
	s := conditionedSet(t)
	l := &datasets.Loader{Set: s, Batch: 4, Seed: 3, Window: datasets.Window{History: 2},
		Condition: []string{"nu", "g", "t", "dt", "dx", "length"}, Constants: []string{"b"}}
	const starts = 3
	dt := []float64{1, 1, 1, 2, 2}
	samples := 0
	for b, err := range l.Batches(t.Context(), 0, 0) {
		if err != nil {
			t.Fatal(err)
		}
		n := len(b.Indices)
		if !slices.Equal(b.ConditionShape, []int{n, 1, 6}) || !slices.Equal(b.InputShape, []int{n, 4, 2 * 2}) {
			t.Fatalf("shapes %v and %v of %d samples", b.ConditionShape, b.InputShape, n)
		}
		for row, sample := range b.Indices {
			i, last := sample/starts, sample%starts+1
			want := []float32{float32(math.Pow(0.5, float64(i+1))), 9.5, float32(s.Meta.Times[last]), float32(dt[last]), 0.25, 1}
			if got := b.Condition[row*6 : (row+1)*6]; !slices.Equal(got, want) {
				t.Errorf("sample %d: conditions %v, want %v", sample, got, want)
			}
			for x := range 4 {
				constant := -float32(1000*i + x)
				want := []float32{code(i, last-1, x, 0), constant, code(i, last, x, 0), constant}
				if got := b.Input[(row*4+x)*4:][:4]; !slices.Equal(got, want) {
					t.Errorf("sample %d: input at %d is %v, want %v", sample, x, got, want)
				}
			}
			samples++
		}
	}
	if samples != 9 {
		t.Errorf("%d samples, want 9", samples)
	}
}

// TestConditionsUnrolled: every step of the target has numbers of its own.
func TestConditionsUnrolled(t *testing.T) {
	l := &datasets.Loader{Set: conditionedSet(t), Batch: 3, Sequential: true, Window: datasets.Window{Unroll: 2, Stride: 2}, Condition: []string{"t", "dt"}}
	b := collect(t, l, 0, 0)[0]
	if want := []float32{0, 2, 2, 3}; !slices.Equal(b.ConditionShape, []int{3, 2, 2}) || !slices.Equal(b.Condition[:4], want) {
		t.Errorf("%v of shape %v, want %v", b.Condition[:4], b.ConditionShape, want)
	}
}

// TestConditionsVarying: a length and a time that were drawn are those of the whole axis and of the last frame.
func TestConditionsVarying(t *testing.T) {
	s := conditionedSet(t)
	s.Meta.TrajectoryParameters = map[string][]float64{"length": {4, 8, 2}, "time": {5, 10, 2.5}}
	c, err := s.Conditions([]string{"dx", "t", "dt", "length"}, 2)
	if err != nil {
		t.Fatal(err)
	}
	row := make([]float32, 4)
	for i, scale := range []float32{1, 2, 0.5} {
		for frame, want := range [][2]float32{{0, 2}, {1, 2}, {2, 3}, {3, 4}, {5, 4}, {7, 4}} { // t and dt; the last frame stored is 4
			if err := c.Read(row, i, frame); err != nil {
				t.Fatal(err)
			}
			if w := []float32{scale, scale * want[0], scale * want[1], 4 * scale}; !slices.Equal(row, w) {
				t.Errorf("trajectory %d frame %d: %v, want %v", i, frame, row, w)
			}
		}
	}
}

// TestConditionsMeasure compares statistics with those of the numbers one by one.
func TestConditionsMeasure(t *testing.T) {
	s := conditionedSet(t)
	c, err := s.Conditions([]string{"nu", "t"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Measure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	mean := (0.5 + 0.25 + 0.125) / 3
	square := (0.25 + 0.0625 + 0.015625) / 3
	for i, want := range []datasets.ChannelStatistics{
		{Name: "nu", Mean: mean, Std: math.Sqrt(square - mean*mean), Min: 0.125, Max: 0.5},
		{Name: "t", Mean: 1.5, Std: math.Sqrt(1.25), Min: 0, Max: 3},
	} {
		g := got.Channels[i]
		if g.Name != want.Name || g.Min != want.Min || g.Max != want.Max || !(math.Abs(g.Mean-want.Mean) < 1e-15) || !(math.Abs(g.Std-want.Std) < 1e-15) {
			t.Errorf("%+v, want %+v", g, want)
		}
	}
}

// TestConditionsRefused asks for what is not there.
func TestConditionsRefused(t *testing.T) {
	for name, l := range map[string]*datasets.Loader{
		"no such number; there are dt, dx, g, length, nu, t": {Set: conditionedSet(t), Condition: []string{"viscosity"}},
		"named twice": {Set: conditionedSet(t), Condition: []string{"nu", "nu"}},
		"no constant field \"nu\"; there are a, b": {Set: conditionedSet(t), Constants: []string{"nu"}},
		"holds no time stamps":                     {Set: pairSet(t, 2, 4), Condition: []string{"dt"}},
		"no constant fields":                       {Set: pairSet(t, 2, 4), Constants: []string{"nu"}},
	} {
		if _, _, err := l.Len(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want one with %q", err, name)
		}
	}
}
