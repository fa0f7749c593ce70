package bench

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// sound is a rival that keeps to the protocol and is also talkative.
const sound = `echo 'a warning'
echo '{"version": "1.2", "variant": "only"}'
while read -r word n; do
	[ "$word" = go ] || exit 7
	[ "$n" -ge 1 ] || exit 8
	echo '{"ms": 2.5}'
done
echo '{"peak_bytes": 1000000}'`

// fakePython is an interpreter that runs a shell script whatever it is told.
func fakePython(t *testing.T, script string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the fake rival is a shell script")
	}
	path := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRivalIsTold: the script and the problem arrive.
func TestRivalIsTold(t *testing.T) {
	python := fakePython(t, `[ "$1" = -c ] || exit 3
case "$2" in *'import torch'*) ;; *) exit 4 ;; esac
case "$3" in *'"kind":"product"'*'"rows":5,"size":3'*'"threads":2'*) ;; *) exit 5 ;; esac
[ "$OMP_NUM_THREADS" = 2 ] || exit 6
`+sound)
	r, err := startRival(t.Context(), Options{Python: python}, "torch", product{5, 3}, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer r.end()
	if d, err := r.Step(t.Context(), 4); err != nil || d.Microseconds() != 2500 {
		t.Errorf("%v, %v", d, err)
	}
	if peak, err := r.close(t.Context()); err != nil || peak != 1e6 {
		t.Errorf("%d, %v", peak, err)
	}
}

// TestMissing: without Python, or without a module, our numbers come with what to install.
func TestMissing(t *testing.T) {
	for _, python := range []string{filepath.Join(t.TempDir(), "nothing"), fakePython(t, `echo '{"missing": "torch"}'`)} {
		o := options(t)
		o.Against, o.Python = []string{"torch"}, python
		r, err := Measure(t.Context(), Entry{Name: "p", Timed: product{50, 8}, Small: product{50, 8}}, o)
		if err != nil || !(r.Median > 0) {
			t.Fatalf("%v, %+v", err, r)
		}
		if v := r.Rivals["torch"]; v.Times != nil || !strings.Contains(v.Missing, "pip install torch==") {
			t.Errorf("%+v", v)
		}
	}
}

// TestRivalFails: a rival that ends, breaks off or says nonsense is an error with its own last words.
func TestRivalFails(t *testing.T) {
	for name, script := range map[string]string{
		"at start":   `echo 'RuntimeError: no' >&2; exit 1`,
		"nonsense":   `echo 'RuntimeError: no' >&2; echo '{"version": 3'`,
		"in a step":  `echo '{"version": "1"}'; read -r x; echo 'RuntimeError: no' >&2; exit 1`,
		"at its end": `echo '{"version": "1"}'; while read -r x; do echo '{"ms": 100}'; done; echo 'RuntimeError: no' >&2; exit 1`,
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t)
			o.Against, o.Python = []string{"torch"}, fakePython(t, script)
			_, err := Measure(t.Context(), Entry{Name: "p", Timed: product{50, 8}, Small: product{50, 8}}, o)
			if err == nil || !strings.Contains(err.Error(), "torch") || !strings.Contains(err.Error(), "RuntimeError: no") {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestUnknownRival: names are checked before anything runs.
func TestUnknownRival(t *testing.T) {
	if err := CheckRivals([]string{"torch", "jax"}); err != nil {
		t.Error(err)
	}
	if err := CheckRivals([]string{"torch", "tensorflow"}); err == nil || !strings.Contains(err.Error(), `"tensorflow"`) {
		t.Errorf("%v", err)
	}
}
