package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

// TestHelp: every command explains itself, on standard output, with exit code 0.
func TestHelp(t *testing.T) {
	root := newRoot(&app{})
	for _, cmd := range root.Commands() {
		if cmd.Hidden || cmd.Name() == "help" || cmd.Name() == "completion" {
			continue
		}
		if text := must(t, cmd.Name(), "--help"); !strings.Contains(text, "Usage:") || !strings.Contains(text, "kolmogo "+cmd.Name()) {
			t.Errorf("%s --help: %s", cmd.Name(), text)
		}
	}
	if text := must(t, "--help"); !strings.Contains(text, "130 Ctrl-C") {
		t.Error("--help does not tell the exit codes")
	}
	must(t, "--version")
}

// TestUsageErrors: wrong usage is one line and exit code 2; with --json standard output still holds one document.
func TestUsageErrors(t *testing.T) {
	for _, line := range []string{
		"trian demo", "train", "train nothing_like_it", "train demo --epochs 3", "generate burgers_shock", "config", "config show",
		"generate burgers_shock -o x.kmg --n -1", "generate burgers_shock -o x.csv --n 1", "generate burgers_shock -o x.kmg --set nu=3",
		"train demo --device gpu", "train demo --threads -1", "train demo --lr-scale -1 --dry-run", "doctor --device cuda:x",
	} {
		t.Run(line, func(t *testing.T) {
			t.Chdir(t.TempDir())
			call(t, strings.Fields(line)...).oneError(t, 2)
			o := call(t, append(strings.Fields(line), "--json")...)
			var report struct {
				Error string `json:"error"`
				Code  int    `json:"exit_code"`
			}
			if o.code == 2 && o.out != "" {
				document(t, o.out, &report)
				if report.Code != 2 || report.Error == "" {
					t.Errorf("%+v", report)
				}
			}
			if entries, err := os.ReadDir("."); err != nil || len(entries) != 0 {
				t.Errorf("it left %v, %v", entries, err)
			}
		})
	}
}

// TestMissingDevice: a device that this build cannot use is said in one line, exit code 5.
func TestMissingDevice(t *testing.T) {
	for _, line := range []string{"doctor --device cuda", "train demo --device cuda:1", "train demo --set device=cuda"} {
		call(t, strings.Fields(line)...).oneError(t, 5, "CUDA")
	}
}

// TestStartsQuickly: --help within 50 ms, the best of twenty tries on a machine that may be busy.
func TestStartsQuickly(t *testing.T) {
	best := time.Hour
	for range 20 {
		begin := time.Now()
		if out, err := program(t, "--help").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		best = min(best, time.Since(begin))
	}
	if best > 50*time.Millisecond {
		t.Errorf("--help took %v", best)
	}
}

// TestBug: a panic is one line that says where it happened, exit code 1.
func TestBug(t *testing.T) {
	a := &app{}
	defer func() {
		if bug := recover(); bug == nil {
			t.Error("no panic")
		} else if place := panicPlace(); !strings.HasPrefix(place, "usage_test.go:") {
			t.Errorf("the panic was placed at %s", place)
		}
	}()
	a.out.Write(nil)
}

// TestBar: the progress line fits the terminal at every width.
func TestBar(t *testing.T) {
	for width := range 120 {
		for _, done := range []int{0, 1, 12, 40} {
			line := fit("train demo", done, 40, "loss 1.0e-03 5000 samples/s 12s left", width)
			if n := len([]rune(line)); n > width {
				t.Fatalf("%d columns for a width of %d: %q", n, width, line)
			}
		}
	}
	if line := fit("train", 20, 40, "loss 1", 60); line != "train [===================                    ] 20/40 loss 1" {
		t.Errorf("%q", line)
	}
}
