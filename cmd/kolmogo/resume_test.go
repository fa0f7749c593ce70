//go:build unix

package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// longer are flags that make the tiny run last about two seconds on one core.
var longer = []string{"--set", "train.epochs=60", "--set", "model.width=16"}

// runFiles are the files of a run that must not depend on what happened on the way.
var runFiles = []string{"last.ckpt", "best.ckpt", "log.jsonl", "model.safetensors"}

// sameRun compares the files of two runs byte for byte.
func sameRun(t *testing.T, a, b string) {
	t.Helper()
	for _, run := range []string{a, b} {
		must(t, "export", run, "-o", filepath.Join(run, "model.safetensors"))
	}
	for _, name := range runFiles {
		if read(t, filepath.Join(a, name)) != read(t, filepath.Join(b, name)) {
			t.Errorf("%s differs", name)
		}
	}
}

// TestKilledRunEqualsUninterrupted: a run that is killed at random instants and resumed each time, with changing numbers of
// threads, ends with the bytes of one that nobody disturbed. KOLMOGO_KILLS sets the number of kills.
func TestKilledRunEqualsUninterrupted(t *testing.T) {
	kills := 3
	if text := os.Getenv("KOLMOGO_KILLS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		kills = n
	}
	folder, config := tiny(t)
	straight, disturbed := filepath.Join(folder, "straight"), filepath.Join(folder, "disturbed")
	flags := append(longer, "--set", fmt.Sprintf("train.epochs=%d", 60+20*kills))
	begin := time.Now()
	must(t, append([]string{"train", config, "--run", straight}, flags...)...)
	whole := time.Since(begin)

	rnd := rand.New(rand.NewPCG(11, uint64(kills)))
	within := map[string]bool{} // the checkpoints that kills left
	train := func(threads int) *exec.Cmd {
		return program(t, append([]string{"train", config, "--run", disturbed, "--resume", "--threads", strconv.Itoa(threads)}, flags...)...)
	}
	const start = 50 * time.Millisecond // until the first step
	for i := range kills {
		cmd := train(1 + i%3)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(start + time.Duration(rnd.Float64()*1.5*float64(whole)/float64(kills)))
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait() // it was killed
		if text, err := os.ReadFile(filepath.Join(disturbed, "last.ckpt")); err == nil {
			within[string(text)] = true
		}
	}
	if out, err := train(2).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(within) < 1+kills/4 {
		t.Errorf("%d kills left only %d different checkpoints", kills, len(within))
	}
	sameRun(t, straight, disturbed)
}

// TestInterrupt: Ctrl-C ends a run with exit code 130 and a checkpoint that it continues from, to the same bytes.
func TestInterrupt(t *testing.T) {
	folder, config := tiny(t)
	straight, stopped := filepath.Join(folder, "straight"), filepath.Join(folder, "stopped")
	args := append([]string{"train", config, "--set", "train.checkpoint_every=100000"}, longer...)
	must(t, append(args, "--run", straight)...)
	args = append(args, "--run", stopped)
	cmd := program(t, args...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	text := make([]byte, 0, 1<<16)
	for buffer := make([]byte, 4096); !strings.Contains(string(text), `"epoch":3`); {
		n, err := stderr.Read(buffer)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		text = append(text, buffer[:n]...)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(stderr)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	outcome{cmd.ProcessState.ExitCode(), "", string(append(text, rest...))}.oneError(t, 130, "--resume")
	call(t, args...).oneError(t, 2, "--resume") // a run is not begun again by mistake
	must(t, append(args, "--resume")...)
	sameRun(t, straight, stopped)
}

// TestDivergence: a loss that is not finite ends a run with exit code 4, and it continues from the last checkpoint at a lower rate.
func TestDivergence(t *testing.T) {
	folder, config := tiny(t)
	run := filepath.Join(folder, "run")
	args := []string{"train", config, "--run", run, "--set", "train.lr=1e30", "--set", "train.checkpoint_every=1"}
	call(t, args...).oneError(t, 4, "epoch 0", "--lr-scale")
	must(t, append(args, "--resume", "--lr-scale", "1e-33")...)
}

// TestOtherConfiguration: a run folder refuses another configuration and names the key, but not another number of threads.
func TestOtherConfiguration(t *testing.T) {
	folder, config := tiny(t)
	run := filepath.Join(folder, "run")
	must(t, "train", config, "--run", run)
	call(t, "train", config, "--run", run, "--resume", "--set", "model.width=9").oneError(t, 2, "model.width", run)
	before := read(t, filepath.Join(run, "last.ckpt"))
	must(t, "train", config, "--run", run, "--resume", "--threads", "1")
	if read(t, filepath.Join(run, "last.ckpt")) != before {
		t.Error("resuming a finished run changed it")
	}
}

// TestFullDisk: where a file can grow no further, a run ends with one line and exit code 1, and loses nothing: with room again it
// ends as if nothing had happened.
func TestFullDisk(t *testing.T) {
	shell, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash to limit the size of files with")
	}
	folder, config := tiny(t)
	straight, full := filepath.Join(folder, "straight"), filepath.Join(folder, "full")
	must(t, "train", config, "--run", straight)

	limited := func(kib int, args ...string) outcome {
		cmd := program(t)
		cmd.Path, cmd.Args = shell, append([]string{"bash", "-c", fmt.Sprintf(`ulimit -f %d; exec "$0" "$@"`, kib), os.Args[0]}, args...)
		var out, err strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &err
		cmd.Run() // the exit code is looked at
		return outcome{cmd.ProcessState.ExitCode(), out.String(), err.String()}
	}
	train := []string{"train", config, "--run", full, "--resume"}
	limited(1, train...).oneError(t, 1, full)
	must(t, train...)
	sameRun(t, straight, full)

	limited(1, "export", full, "-o", filepath.Join(folder, "big.safetensors")).oneError(t, 1, "big.safetensors")
	limited(1, "generate", filepath.Join(folder, "recipe.yaml"), "-o", filepath.Join(folder, "big.kmg")).oneError(t, 1, "big.kmg")
	must(t, "generate", filepath.Join(folder, "recipe.yaml"), "-o", filepath.Join(folder, "big.kmg"))
	if read(t, filepath.Join(folder, "big.kmg")) != read(t, filepath.Join(folder, "data.kmg")) {
		t.Error("a generation that ran out of space did not continue to the same bytes")
	}
}

// TestReadOnlyFolder: a run folder that cannot be written to is named in one line, exit code 1.
func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() != 0 {
		readOnly(t, nil)
		return
	}
	readOnly(t, &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}})
}

// readOnly trains as a user who may read but not write the folder.
func readOnly(t *testing.T, as *syscall.SysProcAttr) {
	t.Helper()
	_, config := tiny(t)
	folder, err := os.MkdirTemp("", "kolmogo-read-only-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	data := filepath.Join(folder, "data.kmg")
	for to, from := range map[string]string{data: filepath.Join(filepath.Dir(config), "data.kmg"), filepath.Join(folder, "kolmogo"): os.Args[0]} {
		if err := os.WriteFile(to, []byte(read(t, from)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(folder, "tiny.yaml"), tinyConfig(data))
	run := filepath.Join(folder, "run")
	must(t, "train", filepath.Join(folder, "tiny.yaml"), "--run", run)
	for path, mode := range map[string]os.FileMode{folder: 0o555, run: 0o555} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chmod(path, 0o755) })
	}
	before := read(t, filepath.Join(run, "last.ckpt"))
	for _, args := range [][]string{
		{"train", filepath.Join(folder, "tiny.yaml"), "--run", filepath.Join(folder, "other")},
		{"train", filepath.Join(folder, "tiny.yaml"), "--run", run, "--resume"},
		{"eval", run},
		{"export", run, "-o", filepath.Join(run, "model.safetensors")},
	} {
		cmd := program(t, args...)
		cmd.Path, cmd.Dir, cmd.SysProcAttr = filepath.Join(folder, "kolmogo"), folder, as
		var out strings.Builder
		cmd.Stderr = &out
		if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
			if errors.Is(err, syscall.EPERM) {
				t.Skip("this machine does not let a test run as another user")
			}
			t.Fatal(err)
		}
		outcome{cmd.ProcessState.ExitCode(), "", out.String()}.oneError(t, 1, folder, "permission denied")
	}
	if read(t, filepath.Join(run, "last.ckpt")) != before {
		t.Error("the run was changed")
	}
}
