package train

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/models/pinn"
)

// lines are the objects of a run's log that have a key.
func lines(t *testing.T, s PINNSetup, key string) (found []map[string]any) {
	t.Helper()
	f, err := os.Open(filepath.Join(s.Folder.Path, LogFile))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for in := bufio.NewScanner(f); in.Scan(); {
		var line map[string]any
		if err := json.Unmarshal(in.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if _, ok := line[key]; ok {
			found = append(found, line)
		}
	}
	return found
}

// TestPINNRestarts: a start after which the second-order method does not get on is repeated from other weights as often as is allowed, one
// after which it does is not.
func TestPINNRestarts(t *testing.T) {
	phases := []Phase{{Method: "adam", Steps: 6, LR: 1e-2}, {Method: "lm", Steps: 40}}
	for _, c := range []struct {
		name      string
		equations []string
		allowed   int
		want      int
	}{
		{"solved", []string{"u_tt + u"}, 2, 0},
		{"impossible", []string{"u_tt^2 + 100"}, 2, 2},
		{"impossible, default", []string{"u_tt^2 + 100"}, 0, 2},
		{"impossible, none allowed", []string{"u_tt^2 + 100"}, -1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := oscillator(t, t.TempDir(), phases...)
			s.Problem.Equations, s.Config.Restarts = c.equations, c.allowed
			p, err := solve(t, t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(lines(t, s, "restart")); n != c.want || p.state.Restarts != c.want {
				t.Errorf("%d restarts in the log and %d counted, want %d", n, p.state.Restarts, c.want)
			}
			if last := lines(t, s, "method"); last[len(last)-1]["method"] != "lm" || p.state.Epoch != len(phases) {
				t.Errorf("the run ends in phase %d with %v, want the last start's end", p.state.Epoch, last[len(last)-1]["method"])
			}
		})
	}
}

// TestPINNRestartIsFresh: another start has weights drawn anew, and no memory of the one before.
func TestPINNRestartIsFresh(t *testing.T) {
	s := oscillator(t, t.TempDir(), Phase{Method: "adam", Steps: 20, LR: 1e-2})
	p, err := solve(t, t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	p.log, err = p.Folder.openLog()
	if err != nil {
		t.Fatal(err)
	}
	defer p.log.Close()
	before := *p.random
	want, err := pinn.New(p.Problem, p.Network, p.rnd)
	if err != nil {
		t.Fatal(err)
	}
	*p.random = before
	if err := p.restart(); err != nil {
		t.Fatal(err)
	}
	params := map[string][]float64{}
	for name, v := range want.Params() {
		params["param."+name] = v.Data
	}
	for _, name := range p.store.Names() {
		v, err := p.store.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		if data, ok := params[name]; ok && !slices.Equal(v, data) {
			t.Errorf("%s is not drawn anew", name)
		} else if !ok && slices.ContainsFunc(v, func(x float64) bool { return x != 0 }) {
			t.Errorf("%s remembers the start before", name)
		}
	}
}

// TestPINNRestartResume: a run that is interrupted about its restart and continued ends with the same bytes.
func TestPINNRestartResume(t *testing.T) {
	build := func(folder string) PINNSetup {
		s := oscillator(t, folder, Phase{Method: "adam", Steps: 5, LR: 1e-2}, Phase{Method: "lm", Steps: 34})
		s.Problem.Equations, s.Config.Restarts = []string{"u_tt^2 + 100"}, 1
		return s
	}
	whole := build(t.TempDir())
	if _, err := solve(t, t.Context(), whole); err != nil {
		t.Fatal(err)
	}
	restarts := lines(t, whole, "restart")
	if len(restarts) != 1 {
		t.Fatalf("%d restarts, want 1", len(restarts))
	}
	at := int(restarts[0]["step"].(float64))
	want := files(t, whole.Folder.Path)
	for _, cut := range []int{at - 1, at, at + 1, at + 7} {
		folder := t.TempDir()
		s := build(folder)
		ctx, cancel := context.WithCancel(t.Context())
		s.Observe = func(p Progress) {
			if p.Step == cut {
				cancel()
			}
		}
		if _, err := solve(t, ctx, s); !errors.Is(err, context.Canceled) {
			t.Fatalf("cut at %d: error is %v", cut, err)
		}
		if _, err := solve(t, t.Context(), build(folder)); err != nil {
			t.Fatal(err)
		}
		for name, b := range files(t, folder) {
			if !slices.Equal(b, want[name]) {
				t.Errorf("cut at %d: %s differs", cut, name)
			}
		}
	}
}

// TestPINNRestartKeepsOtherWindows: another start of the last window leaves the weights of those before as they are.
func TestPINNRestartKeepsOtherWindows(t *testing.T) {
	p, err := solve(t, t.Context(), marching(t, t.TempDir(), pinn.Windows{Count: 2, Fresh: true}, Phase{Method: "adam", Steps: 5, LR: 1e-2}))
	if err != nil {
		t.Fatal(err)
	}
	if p.log, err = p.Folder.openLog(); err != nil {
		t.Fatal(err)
	}
	defer p.log.Close()
	before := map[string][]float64{}
	for name := range p.whole.Params() {
		if before[name], err = p.store.Get("param." + name); err != nil {
			t.Fatal(err)
		}
		before[name] = slices.Clone(before[name])
	}
	if err := p.restart(); err != nil {
		t.Fatal(err)
	}
	for name, old := range before {
		now, err := p.store.Get("param." + name)
		if err != nil {
			t.Fatal(err)
		}
		// biases begin with zeros, so that of the weights is asked
		if first := strings.HasPrefix(name, "windows.0."); first != slices.Equal(now, old) && strings.Contains(name, "weight") {
			t.Errorf("%s: in the first window %v, the same as before %v", name, first, slices.Equal(now, old))
		}
	}
}
