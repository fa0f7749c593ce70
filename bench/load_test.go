package bench

import (
	"os/exec"
	"runtime"
	"testing"
	"time"
)

// TestOthers: what is neither idle nor ours is others'.
func TestOthers(t *testing.T) {
	if got := (usage{100, 50, 20}).others(usage{300, 150, 80}); got != .2 {
		t.Errorf("%v", got)
	}
	if got := (usage{}).others(usage{}); got != 0 {
		t.Errorf("%v", got)
	}
}

// TestUsage: work of this process and of one of its children counts as ours, not as others'.
func TestUsage(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("Linux's account")
	}
	before, err := readUsage()
	if err != nil {
		t.Fatal(err)
	}
	for begin := time.Now(); time.Since(begin) < 300*time.Millisecond; {
	}
	if err := exec.Command("sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done").Run(); err != nil {
		t.Fatal(err)
	}
	after, err := readUsage()
	if err != nil {
		t.Fatal(err)
	}
	if ours := after.ours - before.ours; !(ours >= 10) || !(after.all > before.all) || !(after.busy-before.busy >= ours/2) {
		t.Errorf("from %+v to %+v", before, after)
	}
	if _, err := readUsage(-1); err == nil {
		t.Error("a process that there is not was read")
	}
}
