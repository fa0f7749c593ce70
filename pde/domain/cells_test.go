package domain

import "testing"

// TestCellsTile: cells of a box with a hole hold every point once, and what they share are the faces between them, of their full
// measure and inside.
func TestCellsTile(t *testing.T) {
	of := Difference{Box{[]float64{0, 0}, []float64{3, 2}}, Ball{[]float64{1, 1}, 0.3}}
	quarter := func(a, b float64) Box { return Box{[]float64{a, b}, []float64{a + 1.5, b + 1}} }
	left := Cells{of, []Box{quarter(0, 0), quarter(1.5, 1)}}
	right := Cells{of, []Box{quarter(1.5, 0), quarter(0, 1)}}
	x, err := Interior(of, Uniform, 500, source())
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(x); i += 2 {
		if left.Contains(x[i:i+2]) == right.Contains(x[i:i+2]) {
			t.Fatalf("%v is in both cells or in none", x[i:i+2])
		}
	}
	measure := 0.0
	faces := left.Shared(right)
	for _, f := range faces {
		measure += f.Measure
	}
	if len(faces) != 4 || measure != 5 {
		t.Errorf("%d faces of measure %v, want 4 of 5", len(faces), measure)
	}
	points, _, err := On(faces, 2, Uniform, 400, source())
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(points); i += 2 {
		p := points[i : i+2]
		if p[0] != 1.5 && p[1] != 1 || !left.Contains(p) || !right.Contains(p) {
			t.Fatalf("%v is on no face", p)
		}
	}
	if low, high := (Cells{of, []Box{quarter(1.5, 1)}}).Bounds(); low[0] != 1.5 || low[1] != 1 || high[0] != 3 || high[1] != 2 {
		t.Errorf("bounds %v %v", low, high)
	}
}
