package eval_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/kolmogo/kolmogo/eval"
)

func TestReadLog(t *testing.T) {
	const text = `{"event":"start","seed":1}
{"step":10,"loss":0.5,"lr":1e-3,"samples_per_s":812}
{"step":20,"loss":"NaN","lr":null,"valid":0.25}
{"step":30,"loss":0.1`
	got, err := eval.ReadLog(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	want := []eval.LogPoint{{Step: 10, Loss: 0.5, LR: 1e-3, Valid: nan}, {Step: 20, Loss: nan, LR: nan, Valid: 0.25}}
	if len(got) != len(want) {
		t.Fatalf("%d points, want %d: %v", len(got), len(want), got)
	}
	for i := range want {
		for j, pair := range [][2]float64{
			{got[i].Step, want[i].Step}, {got[i].Loss, want[i].Loss}, {got[i].LR, want[i].LR}, {got[i].Valid, want[i].Valid},
		} {
			if pair[0] != pair[1] && !(math.IsNaN(pair[0]) && math.IsNaN(pair[1])) {
				t.Errorf("point %d, number %d: %g, want %g", i, j, pair[0], pair[1])
			}
		}
	}
	for _, bad := range []string{"{\"step\":1}\nnonsense\n", "{\"step\":1}\n{\"step\":\"two\"}\n"} {
		if _, err := eval.ReadLog(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: error %v; want it to name line 2", bad, err)
		}
	}
	broken := errors.New("disk gone")
	if _, err := eval.ReadLog(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("read error %v", err)
	}
}

// Any bytes give points or an error, and every point can be drawn.
func FuzzReadLog(f *testing.F) {
	f.Add([]byte("{\"step\":1,\"loss\":0.5,\"lr\":1e-3,\"valid\":0.4}\n"))
	f.Add([]byte("{\"step\":1,\"loss\":\"NaN\"}\n{\"step\":2,\"loss\":\"Infinity\"}\n"))
	f.Add([]byte("{\"step\":\"NaN\",\"loss\":1e308}\n{\"step\":-1e308,\"lr\":-1}\n"))
	f.Add([]byte("{}\n[]\nnull\n"))
	f.Add([]byte("{\"step\":1"))
	f.Fuzz(func(t *testing.T, text []byte) {
		log, err := eval.ReadLog(strings.NewReader(string(text)))
		if err != nil || len(log) == 0 {
			return
		}
		if len(log) > strings.Count(string(text), "\n") {
			t.Fatalf("%d points from fewer lines", len(log))
		}
		if _, err := (eval.Training{Title: "fuzz", Log: log}).Plot(); err != nil {
			t.Fatal(err)
		}
	})
}
