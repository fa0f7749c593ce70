package domain

import (
	"math"
	"math/rand/v2"
	"testing"
)

func source() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

// TestEven: what fills the cube evenly integrates a smooth function better than independent points do.
func TestEven(t *testing.T) {
	const n, d = 4096, 5
	for _, c := range []struct {
		how   Sampling
		bound float64
	}{{Uniform, 0.1}, {Latin, 0.1}, {Sobol, 3e-3}, {Halton, 1e-2}} {
		x, err := c.how.Cube(n, d, source())
		if err != nil {
			t.Fatal(err)
		}
		mean := 0.0
		for i := 0; i < len(x); i += d {
			p := 1.0
			for _, v := range x[i : i+d] {
				if !(v >= 0 && v < 1) {
					t.Fatalf("%s: the coordinate %v", c.how, v)
				}
				p *= 1 + (v-0.5)*2/3
			}
			mean += p / n
		}
		if !(math.Abs(mean-1) <= c.bound) {
			t.Errorf("%s: the mean of a product is %v, want 1", c.how, mean)
		}
	}
}

// TestSobolIsANet: each of 2^k intervals of equal length along an axis holds the same number of the first 2^n points, and so does each
// elementary rectangle of the first two axes.
func TestSobolIsANet(t *testing.T) {
	const n, d = 256, maxSobol
	x := make([]float64, n*d)
	sobol(x, d)
	for k := range d {
		var count [n]int
		for i := k; i < len(x); i += d {
			count[int(x[i]*n)]++
		}
		for i, c := range count {
			if c != 1 {
				t.Fatalf("axis %d: interval %d holds %d points", k, i, c)
			}
		}
	}
	var count [16][16]int
	for i := 0; i < len(x); i += d {
		count[int(x[i]*16)][int(x[i+1]*16)]++
	}
	for i := range count {
		for j, c := range count[i] {
			if c != 1 {
				t.Fatalf("square %d, %d holds %d points", i, j, c)
			}
		}
	}
}

// TestLatin: every slice along every axis holds one point.
func TestLatin(t *testing.T) {
	const n, d = 50, 3
	x, _ := Latin.Cube(n, d, source())
	for k := range d {
		var count [n]int
		for i := k; i < len(x); i += d {
			count[int(x[i]*n)]++
		}
		for i, c := range count {
			if c != 1 {
				t.Fatalf("axis %d: slice %d holds %d points", k, i, c)
			}
		}
	}
}

// TestDivergenceTheorem: ∫ div F over a region is the flux of F through its boundary, for F = (x + xy, y³) and its analogue; so points
// lie on the boundary, normals are unit and outward, and measures are right.
func TestDivergenceTheorem(t *testing.T) {
	square := Box{[]float64{-1, 0}, []float64{1, 3}}
	disc := Ball{[]float64{0.2, 1.5}, 0.5}
	polygon := Polygon{[][2]float64{{0, 0}, {2, 0}, {1, 0.5}, {2, 2}, {0, 1}}}
	reversed := Polygon{[][2]float64{{0, 1}, {2, 2}, {1, 0.5}, {2, 0}, {0, 0}}}
	for name, r := range map[string]Region{
		"box": square, "disc": disc, "polygon": polygon, "clockwise polygon": reversed,
		"square without disc": Difference{square, disc}, "disc across the edge": Difference{square, Ball{[]float64{1, 1}, 0.7}},
	} {
		const n = 1 << 15
		low, high := r.Bounds()
		bounds := (high[0] - low[0]) * (high[1] - low[1])
		cube, _ := Sobol.Cube(n, 2, source())
		volume := 0.0
		for i := 0; i < len(cube); i += 2 {
			x := []float64{low[0] + (high[0]-low[0])*cube[i], low[1] + (high[1]-low[1])*cube[i+1]}
			if r.Contains(x) {
				volume += (1 + x[1] + 3*x[1]*x[1]) * bounds / n
			}
		}
		flux := 0.0
		for _, p := range r.Boundary() {
			s, x, normal := make([]float64, 1), make([]float64, 2), make([]float64, 2)
			for i := range 4096 {
				s[0] = (float64(i) + 0.5) / 4096
				p.At(s, x, normal)
				if l := math.Hypot(normal[0], normal[1]); !(math.Abs(l-1) <= 1e-12) {
					t.Fatalf("%s: a normal of length %v", name, l)
				}
				if p.Keep == nil || p.Keep(x) {
					flux += ((x[0]+x[0]*x[1])*normal[0] + x[1]*x[1]*x[1]*normal[1]) * p.Measure / 4096
				}
			}
		}
		if !(math.Abs(flux-volume) <= 5e-3*(1+math.Abs(volume))) {
			t.Errorf("%s: flux %v, divergence %v", name, flux, volume)
		}
	}
}

// TestOn: points of a boundary are spread by measure, lie where their piece says, and space's boundary keeps its time.
func TestOn(t *testing.T) {
	r := Over{Difference{Box{[]float64{0, 0}, []float64{4, 1}}, Ball{[]float64{1, 0.5}, 0.2}}, 0, 2}
	x, normals, err := On(r.Boundary(), 3, Halton, 4000, source())
	if err != nil {
		t.Fatal(err)
	}
	hole, initial := 0, 0
	for i := 0; i < len(x); i += 3 {
		p, n := x[i:i+3], normals[i:i+3]
		switch radius := math.Hypot(p[0]-1, p[1]-0.5); {
		case n[2] < 0:
			initial++
			if p[2] != 0 || radius < 0.2 {
				t.Fatalf("an initial point %v", p)
			}
		case math.Abs(radius-0.2) < 1e-12:
			hole++
			if !(math.Abs(n[0]*(p[0]-1)+n[1]*(p[1]-0.5)+0.2) <= 1e-12) {
				t.Fatalf("at %v the normal %v does not point into the hole", p, n)
			}
		}
	}
	area := 2*(4-0.04*math.Pi) + 2*10 + 2*2*math.Pi*0.2
	for _, c := range []struct {
		count int
		area  float64
	}{{initial, 4 - 0.04*math.Pi}, {hole, 2 * 2 * math.Pi * 0.2}} {
		if want := 4000 * c.area / area; !(math.Abs(float64(c.count)-want) <= 0.05*want+20) {
			t.Errorf("%d points on a piece that deserves %.0f", c.count, want)
		}
	}
	if _, err := Interior(Difference{Ball{[]float64{0, 0}, 1}, Ball{[]float64{0, 0}, 2}}, Uniform, 5, source()); err == nil {
		t.Error("points of an empty region")
	}
}

// TestBall: of points that are even on a sphere in d dimensions each coordinate has the moments R²/d and 3R⁴/(d(d+2)), normals point
// outward, and the area is d/R times the volume.
func TestBall(t *testing.T) {
	for d := 2; d <= 5; d++ {
		b := Ball{Centre: []float64{1, -2, 0.5, 0, 3}[:d], Radius: 1.5}
		piece := b.Boundary()[0]
		const n = 1 << 13
		cube, _ := Sobol.Cube(n, d-1, source())
		second, fourth := make([]float64, d), make([]float64, d)
		x, normal := make([]float64, d), make([]float64, d)
		for i := range n {
			piece.At(cube[i*(d-1):(i+1)*(d-1)], x, normal)
			for k, c := range b.Centre {
				r := x[k] - c
				if !(math.Abs(r-b.Radius*normal[k]) <= 1e-12) {
					t.Fatalf("%d dimensions: the normal at %v is %v", d, x, normal)
				}
				second[k], fourth[k] = second[k]+r*r/n, fourth[k]+r*r*r*r/n
			}
		}
		r2 := b.Radius * b.Radius
		for k := range d {
			if a, c := second[k]/(r2/float64(d)), fourth[k]/(3*r2*r2/float64(d*(d+2))); !(math.Abs(a-1) <= 5e-3 && math.Abs(c-1) <= 1e-2) {
				t.Errorf("%d dimensions: coordinate %d has moments of %v and %v times the right ones", d, k, a, c)
			}
		}
		low, high := b.Bounds()
		inside, volume := 0, 1.0
		cube, _ = Sobol.Cube(n, d, source())
		for i := range n {
			for k := range d {
				x[k] = low[k] + (high[k]-low[k])*cube[i*d+k]
			}
			if b.Contains(x) {
				inside++
			}
		}
		for k := range d {
			volume *= high[k] - low[k]
		}
		if got, want := piece.Measure, float64(d)/b.Radius*volume*float64(inside)/n; !(math.Abs(got/want-1) <= 3e-2) {
			t.Errorf("%d dimensions: area %v, from the volume %v", d, got, want)
		}
	}
}
