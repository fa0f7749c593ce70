package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestLossesMustAgree: a rival that trains is timed if its first losses are ours, and not if they differ, are missing or no numbers.
func TestLossesMustAgree(t *testing.T) {
	work := mlp{Points: 40, Layers: 1, Width: 6}
	o := options(t)
	ours, path, err := firstLosses(t.Context(), o, work)
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(path)
	if !(ours[curveSteps-1] < ours[0]) {
		t.Fatalf("the losses do not fall: %v", ours)
	}
	off := append([]float64{}, ours...)
	off[7] *= 1 + 2*curveTolerance
	text := func(losses []float64) string {
		b, err := json.Marshal(losses)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for losses, want := range map[string]string{text(ours): "", text(off): "differ from ours by 0.0002 of themselves", text(ours[:3]): "it gave 3 losses of 20", "null": "it gave 0 losses"} {
		hello := fmt.Sprintf(`{"version": "1.2", "variant": "only", "losses": %s}`, losses)
		o.Against, o.Python = []string{"torch"}, fakePython(t, strings.Replace(sound, `{"version": "1.2", "variant": "only"}`, hello, 1))
		r, err := Measure(t.Context(), Entry{Name: "p", Timed: work, Small: work}, o)
		if err != nil {
			t.Fatal(err)
		}
		v := r.Rivals["torch"]
		if timed := v.Times != nil; timed != (want == "") || !strings.Contains(v.Missing, want) {
			t.Errorf("losses %s: %+v", losses, v)
		}
		if want == "" && (v.Curve == nil || v.Curve.Steps != curveSteps || v.Curve.Difference > 1e-6) {
			t.Errorf("the comparison is %+v", v.Curve)
		}
	}
}

// TestValuesAreGiven: the file that rivals read holds what a case starts from.
func TestValuesAreGiven(t *testing.T) {
	c, err := mlp{Points: 7, Layers: 1, Width: 3}.Build()
	if err != nil {
		t.Fatal(err)
	}
	path, err := c.write()
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(path)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"x":{"dtype":"F32","shape":[14]`, `"layers.0.weight":{"dtype":"F32","shape":[2,3]`, `"layers.1.bias"`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("the file lacks %s", want)
		}
	}
}
