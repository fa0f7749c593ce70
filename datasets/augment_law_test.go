package datasets_test

import (
	"math"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/pde"
)

// flow is an equation on a periodic grid of n points per axis, and what its channels are.
type flow struct {
	axes, n  int
	length   float64
	dt, nu   float64
	meta     datasets.Meta
	channels []string
	equation func(nu float64) pde.Equation
}

// step solves from a frame [x.., channel] over dt on axes of a length.
func (f flow) step(t *testing.T, u []float32, length, dt, nu float64) []float64 {
	t.Helper()
	grid := pde.Fourier{Points: slices.Repeat([]int{f.n}, f.axes), Lengths: slices.Repeat([]float64{length}, f.axes)}
	s, err := pde.New(f.equation(nu), grid, pde.ETDRK{Dt: dt, Substeps: 8})
	if err != nil {
		t.Fatal(err)
	}
	points, channels := len(u)/len(f.channels), len(f.channels)
	state := make([]float64, len(u))
	for i, v := range u {
		state[i%channels*points+i/channels] = float64(v)
	}
	s.Step(state)
	out := make([]float64, len(u))
	for i := range out {
		out[i] = state[i%channels*points+i/channels]
	}
	return out
}

// set is one trajectory of three frames from a few waves.
func (f flow) set(t *testing.T) *datasets.Set {
	t.Helper()
	points := int(math.Pow(float64(f.n), float64(f.axes)))
	channels := len(f.channels)
	frame := make([]float32, points*channels)
	for i := range points {
		for c := range channels {
			phase, rest := 0.3*float64(c), i
			for a := range f.axes {
				phase += float64(1+(a+c)%2) * 2 * math.Pi * float64(rest%f.n) / float64(f.n)
				rest /= f.n
			}
			frame[i*channels+c] = float32(math.Sin(phase))
			if f.axes < 3 { // whose solver sees two waves on ten points
				frame[i*channels+c] += float32(0.5 * math.Cos(2*phase+1))
			}
		}
	}
	var values []float32
	for range 3 {
		values = append(values, frame...)
		for i, v := range f.step(t, frame, f.length, f.dt, f.nu) {
			frame[i] = float32(v)
		}
	}
	shape := append([]int{1, 3}, slices.Repeat([]int{f.n}, f.axes)...)
	a, err := datasets.NewArray(values, append(shape, channels)...)
	if err != nil {
		t.Fatal(err)
	}
	m := f.meta
	m.Channels, m.Times = f.channels, []float64{0, f.dt, 2 * f.dt}
	m.Parameters = map[string]float64{"nu": f.nu}
	for i := range f.axes {
		x := make([]float64, f.n)
		for j := range x {
			x[j] = f.length * float64(j) / float64(f.n)
		}
		m.Axes = append(m.Axes, datasets.Axis{Name: []string{"x", "y", "z"}[i], Coords: x, Low: datasets.Periodic, High: datasets.Periodic})
	}
	s, err := datasets.NewSet(m, a)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestAugmentedSamplesSolve: the target of an augmented sample is what the equation makes of its input, on the grid and with the numbers that
// its conditions tell. The tolerance is that of float32 and of the solver's sub-steps.
func TestAugmentedSamplesSolve(t *testing.T) {
	velocity := func(names ...string) datasets.Meta { return datasets.Meta{Velocity: names} }
	burgers := flow{1, 32, 2, 0.02, 0.1, velocity("u"), []string{"u"}, pde.Burgers}
	ks := flow{1, 64, 30, 0.1, 1.1, velocity("u"), []string{"u"}, func(nu float64) pde.Equation {
		eq := pde.KuramotoSivashinsky(1)
		eq.Linear = []pde.Symbol{pde.Sum(pde.Diffusion(-1), pde.HyperDiffusion(nu))}
		return eq
	}}
	plane := flow{2, 16, 6, 0.05, 0.2, velocity("u", "v"), []string{"u", "v"}, func(nu float64) pde.Equation { return pde.VectorBurgers(2, nu) }}
	space := flow{3, 10, 6, 0.05, 0.3, velocity("u", "v", "w"), []string{"u", "v", "w"}, func(nu float64) pde.Equation { return pde.VectorBurgers(3, nu) }}
	vorticity := flow{2, 16, 6, 0.05, 0.2, datasets.Meta{Pseudoscalars: []string{"w"}}, []string{"w"}, func(nu float64) pde.Equation { return pde.Vorticity{Nu: nu}.Equation() }}
	reflect := datasets.GridSymmetries{Reflection: datasets.ReflectNodes}
	for name, c := range map[string]struct {
		flow
		laws []datasets.Augmentation
	}{
		"Burgers, reflection":       {burgers, []datasets.Augmentation{reflect}},
		"Burgers, boost":            {burgers, []datasets.Augmentation{datasets.Boost{Most: 2}}},
		"Burgers, scaling":          {burgers, []datasets.Augmentation{datasets.Scaling{Most: 2}}},
		"KS, all":                   {ks, []datasets.Augmentation{reflect, datasets.Shift{}, datasets.Boost{Most: 1}, datasets.Scaling{Most: 1.3, Viscosity: 2}}},
		"plane, symmetries":         {plane, []datasets.Augmentation{reflect}},
		"plane, boost, symmetries":  {plane, []datasets.Augmentation{datasets.Boost{Most: 2}, reflect}},
		"space, symmetries, boost":  {space, []datasets.Augmentation{reflect, datasets.Boost{Most: 1}}},
		"vorticity, symmetries":     {vorticity, []datasets.Augmentation{reflect, datasets.Shift{}}},
		"history of two, all of KS": {ks, []datasets.Augmentation{reflect, datasets.Boost{Most: 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			window := datasets.Window{}
			if name == "history of two, all of KS" {
				window.History = 2
			}
			l := &datasets.Loader{Set: c.set(t), Batch: 2, Seed: 5, Window: window, Augment: c.laws, Condition: []string{"dx", "dt", "nu"}}
			changed := 0.0
			for epoch := range 6 {
				for b, err := range l.Batches(t.Context(), epoch, 0) {
					if err != nil {
						t.Fatal(err)
					}
					for row := range b.Indices {
						in, out := sampleOf(b.Input, b, row), sampleOf(b.Target, b, row)
						if window.History == 2 {
							for i := range len(in) / 2 { // the channels of the last frame
								in[i] = in[2*i+1]
							}
							in = in[:len(in)/2]
						}
						told := b.Condition[3*row:]
						want := c.step(t, in, float64(told[0])*float64(c.n), float64(told[1]), float64(told[2]))
						for i, w := range want {
							if d := math.Abs(float64(out[i]) - w); !(d <= 1e-5) {
								t.Fatalf("epoch %d sample %d: %v at %d, the equation makes %v", epoch, row, out[i], i, w)
							}
						}
						changed = max(changed, math.Abs(float64(in[0]-in[1])))
					}
				}
			}
			if !(changed > 0.01) {
				t.Error("the samples are constant")
			}
		})
	}
}

// sampleOf is a copy of a row of a batch.
func sampleOf(values []float32, b datasets.Batch, row int) []float32 {
	n := len(values) / len(b.Indices)
	return slices.Clone(values[row*n : (row+1)*n])
}

// TestSymmetriesOfGrids counts the maps of grids to themselves, and checks inverses for vectors, tensors and pseudoscalars.
func TestSymmetriesOfGrids(t *testing.T) {
	for _, c := range []struct {
		points []int
		want   int
	}{{[]int{5}, 2}, {[]int{4, 4}, 8}, {[]int{4, 5}, 4}, {[]int{3, 3, 3}, 48}, {[]int{3, 4, 3}, 16}} {
		axes := len(c.points)
		m := datasets.Meta{Axes: make([]datasets.Axis, axes), Pseudoscalars: []string{"w"}}
		names := []string{"s", "w"}
		var vector, tensor []string
		for i := range axes {
			vector = append(vector, "v"+string(rune('a'+i)))
			for j := range axes {
				tensor = append(tensor, "t"+string(rune('a'+i))+string(rune('a'+j)))
			}
		}
		m.Vectors, m.Tensors = [][]string{vector}, [][]string{tensor}
		names = slices.Concat(names, tensor, vector)
		channels, err := m.Turning(names)
		if err != nil {
			t.Fatal(err)
		}
		shape := append(slices.Clone(c.points), len(names))
		field := randomField(shape)
		turn := func(g datasets.Transform, u []float32) []float32 {
			dst := make([]float32, len(u))
			g.Apply(dst, u, shape, channels)
			return dst
		}
		var images [][]float32
		group := datasets.Symmetries(c.points, datasets.ReflectNodes)
		for _, g := range group {
			image := turn(g, field)
			if slices.ContainsFunc(images, func(v []float32) bool { return slices.Equal(v, image) }) {
				t.Errorf("%v: %+v equals another element", c.points, g)
			}
			images = append(images, image)
			if !slices.Equal(turn(g.Inverse(), image), field) {
				t.Errorf("%v: %+v followed by its inverse is not the identity", c.points, g)
			}
		}
		if len(group) != c.want || !slices.Equal(images[0], field) {
			t.Errorf("%v: %d elements, want %d; the first is the identity: %v", c.points, len(group), c.want, slices.Equal(images[0], field))
		}
		for _, g := range group[:min(8, len(group))] {
			for _, image := range images {
				product := turn(g, image)
				if !slices.ContainsFunc(images, func(v []float32) bool { return slices.Equal(v, product) }) {
					t.Errorf("%v: %+v leads out of the group", c.points, g)
				}
			}
		}
	}
}

// TestTurningRefused: half a vector among the channels, and too few components.
func TestTurningRefused(t *testing.T) {
	plane := make([]datasets.Axis, 2)
	for _, m := range []datasets.Meta{
		{Axes: plane, Vectors: [][]string{{"u", "v"}}},
		{Axes: plane, Velocity: []string{"u"}},
		{Axes: plane, Tensors: [][]string{{"u", "p"}}},
	} {
		if _, err := m.Turning([]string{"u", "p"}); err == nil {
			t.Errorf("%+v was taken", m)
		}
	}
}

// TestAugmentRefused: laws that do not hold on walls, or of which the conditions do not tell.
func TestAugmentRefused(t *testing.T) {
	f := flow{1, 8, 2, 0.02, 0.1, datasets.Meta{Velocity: []string{"u"}}, []string{"u"}, pde.Burgers}
	walls := f.set(t)
	walls.Meta.Axes[0].High = datasets.Wall
	for name, l := range map[string]*datasets.Loader{
		"shift":         {Set: walls, Augment: []datasets.Augmentation{datasets.Shift{}}},
		"boost":         {Set: walls, Augment: []datasets.Augmentation{datasets.Boost{Most: 1}}},
		"no speed":      {Set: f.set(t), Augment: []datasets.Augmentation{datasets.Boost{}}},
		"no conditions": {Set: f.set(t), Augment: []datasets.Augmentation{datasets.Scaling{Most: 2}}},
		"unknown":       {Set: f.set(t), Condition: []string{"dx", "dt", "t", "nu"}, Augment: []datasets.Augmentation{datasets.Scaling{Most: 1}}},
		"no viscosity":  {Set: f.set(t), Condition: []string{"dx", "dt"}, Augment: []datasets.Augmentation{datasets.Scaling{Most: 2, Viscosity: 2}}},
	} {
		if _, _, err := l.Len(); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
