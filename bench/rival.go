package bench

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

var (
	//go:embed rivals/protocol.py
	protocolScript string
	//go:embed rivals/rival_torch.py
	torchScript string
	//go:embed rivals/rival_jax.py
	jaxScript string
	//go:embed rivals/rival_exponax.py
	exponaxScript string
	//go:embed rivals/rival_optimistix.py
	optimistixScript string
)

// install is what brings the rivals.
const install = "pip install torch==2.11.0 jax==0.10.2 optax exponax==0.2.0 optimistix==0.1.0"

// noCounterpart is what a rival lacks that does other things.
const noCounterpart = "it has no counterpart to this"

// RivalNames lists whom the suite can be run against. A name may be followed by one of the rival's ways, as torch-graph; without, the
// fastest of its ways counts.
func RivalNames() []string { return []string{"torch", "jax", "exponax", "optimistix"} }

// script is the program of a rival.
func script(name string) (string, error) {
	switch name {
	case "torch":
		return protocolScript + torchScript, nil
	case "jax":
		return protocolScript + jaxScript, nil
	case "exponax":
		return protocolScript + exponaxScript, nil
	case "optimistix":
		return protocolScript + optimistixScript, nil
	}
	return "", fmt.Errorf("bench: no rival is called %q: there are %s", name, strings.Join(RivalNames(), ", "))
}

// Rival is what a rival's steps took.
type Rival struct {
	Missing string `json:"missing,omitempty"` // what is, and what to do about it; then there is nothing else
	*Times
	Version   string  `json:"version,omitempty"`
	Curve     *Curve  `json:"curve,omitempty"`      // of what trains
	Variant   string  `json:"variant,omitempty"`    // of its ways to do it, the fastest
	Ratio     float64 `json:"ratio,omitempty"`      // its median by ours
	BytesPeak int64   `json:"bytes_peak,omitempty"` // resident memory at its largest, less what it was after the imports
}

// rival is a running process.
type rival struct {
	name    string
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
	trouble bytes.Buffer // its standard error
	hello   message
}

// message is a line that a rival prints.
type message struct {
	Version string    `json:"version"`
	Variant string    `json:"variant"`
	Losses  []float64 `json:"losses"`
	Missing string    `json:"missing"`
	Way     string    `json:"missing_way"`
	Kind    string    `json:"missing_kind"`
	MS      float64   `json:"ms"`
	Peak    int64     `json:"peak_bytes"`
}

// startRival starts a rival and waits until it is warm. What it lacks is in its hello, and then there is no process any more.
func startRival(ctx context.Context, o Options, name string, work Work, threads int) (*rival, error) {
	base, way, _ := strings.Cut(name, "-")
	text, err := script(base)
	if err != nil {
		return nil, err
	}
	r := &rival{name: name}
	path, err := exec.LookPath(o.Python)
	if err != nil {
		r.hello.Missing = fmt.Sprintf("there is no program %q: install Python 3, or set KOLMOGO_PYTHON to it; then %s", o.Python, install)
		return r, nil
	}
	kind := "startup"
	if work != nil {
		kind = work.Kind()
	}
	device, _, _ := strings.Cut(cmp.Or(o.Device, "cpu"), ":")
	spec, err := json.Marshal(map[string]any{"kind": kind, "threads": threads, "device": device, "way": way, "problem": work, "values": o.values, "steps": curveSteps})
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	r.cmd = exec.CommandContext(ctx, path, "-c", text, string(spec))
	r.cmd.Env = append(os.Environ(), fmt.Sprintf("OMP_NUM_THREADS=%d", threads), "JAX_PLATFORMS="+device)
	r.cmd.Stderr = &r.trouble
	r.cmd.WaitDelay = 5 * time.Second
	if r.in, err = r.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	r.out = bufio.NewScanner(out)
	if err := r.cmd.Start(); err != nil {
		return nil, fmt.Errorf("bench: %s: %w", name, err)
	}
	if r.hello, err = r.read(ctx); err != nil {
		return nil, err
	}
	if r.hello.Kind != "" {
		r.hello.Missing = noCounterpart
		r.end()
	} else if r.hello.Way != "" {
		r.hello.Missing = fmt.Sprintf("it has no way called %q for this on %s", r.hello.Way, device)
		r.end()
	} else if r.hello.Missing != "" {
		r.hello.Missing = fmt.Sprintf("%s has no module %s: %s", o.Python, r.hello.Missing, install)
		r.end()
	}
	return r, nil
}

// read returns the next message; whatever else a library prints is left out.
func (r *rival) read(ctx context.Context) (message, error) {
	for r.out.Scan() {
		if line := r.out.Bytes(); bytes.HasPrefix(line, []byte("{")) {
			var m message
			if err := json.Unmarshal(line, &m); err != nil {
				return m, r.failed(fmt.Errorf("it printed %q: %w", line, err))
			}
			return m, nil
		}
	}
	return message{}, r.failed(cmp.Or(ctx.Err(), r.out.Err(), io.ErrUnexpectedEOF))
}

// end kills a rival that may still run.
func (r *rival) end() {
	r.in.Close()
	r.cmd.Process.Kill()
	r.cmd.Wait()
}

// failed ends a rival and adds to an error what it had to say.
func (r *rival) failed(err error) error {
	r.end()
	lines := strings.Split(strings.TrimSpace(r.trouble.String()), "\n")
	return fmt.Errorf("bench: %s: %w: %s", r.name, err, lines[len(lines)-1])
}

// Step implements contestant: the rival's own clock counts.
func (r *rival) Step(ctx context.Context, n int) (time.Duration, error) {
	if _, err := fmt.Fprintf(r.in, "go %d\n", n); err != nil {
		return 0, r.failed(cmp.Or(ctx.Err(), err))
	}
	m, err := r.read(ctx)
	return time.Duration(m.MS * 1e6), err
}

// close lets a rival come to its end and returns its peak memory.
func (r *rival) close(ctx context.Context) (int64, error) {
	r.in.Close()
	m, err := r.read(ctx)
	if err != nil {
		return 0, err
	}
	if err := r.cmd.Wait(); err != nil {
		return 0, r.failed(err)
	}
	return m.Peak, nil
}

// CheckRivals reports a name that is none of the rivals'.
func CheckRivals(names []string) error {
	for _, n := range names {
		base, _, _ := strings.Cut(n, "-")
		if _, err := script(base); err != nil {
			return err
		}
	}
	return nil
}
