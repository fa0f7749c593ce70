//go:build unix

package main

import (
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// TestKilledGenerationEqualsUninterrupted: a generation that is killed at random instants and called again each time, with changing numbers of
// workers, ends with the bytes of one that nobody disturbed, and leaves nothing else.
func TestKilledGenerationEqualsUninterrupted(t *testing.T) {
	const kills = 2
	flags := []string{"--n", "10"}
	for _, suffix := range []string{".kmg", ".h5", ".npz"} {
		folder, clean := t.TempDir(), t.TempDir()
		disturbed, straight := filepath.Join(folder, "out"+suffix), filepath.Join(clean, "out"+suffix)
		begin := time.Now()
		must(t, append([]string{"generate", "burgers_shock", "-o", straight}, flags...)...)
		whole := time.Since(begin)
		rnd := rand.New(rand.NewPCG(3, uint64(len(suffix))))
		run := func(workers int) error {
			cmd := program(t, append([]string{"generate", "burgers_shock", "-o", disturbed, "--workers", strconv.Itoa(workers)}, flags...)...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if workers <= kills {
				time.Sleep(20*time.Millisecond + time.Duration(rnd.Float64()*0.8*float64(whole)/kills))
				cmd.Process.Kill() // or it has ended
			}
			return cmd.Wait()
		}
		killed := 0
		for i := range kills {
			if run(1+i) != nil {
				killed++
			}
		}
		if killed == 0 {
			t.Fatalf("%s: no generation was killed: make them longer", suffix)
		}
		if suffix == ".kmg" || !fileExists(disturbed) {
			if err := run(kills + 1); err != nil {
				t.Fatalf("%s: %v", suffix, err)
			}
		}
		if read(t, disturbed) != read(t, straight) {
			t.Errorf("%s: killed %d times, other bytes", suffix, killed)
		}
		if files, err := filepath.Glob(filepath.Join(folder, "*")); err != nil || len(files) != 1 {
			t.Errorf("%s: %v is left", suffix, files)
		}
	}
}
