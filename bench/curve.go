package bench

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"os"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/train"
)

// Curve says how near the losses of a rival's first steps came to ours, from the same weights on the same batch, both in the entry's
// precision with exact products.
type Curve struct {
	Steps      int     `json:"steps"`
	Difference float64 `json:"difference"` // the largest |theirs − ours|/ours
}

// A rival whose losses differ by more of themselves than these, or than a hundredth of what ours fall, does other work and gets no
// time. The least is what float32 leaves unsaid.
const (
	curveSteps     = 20
	curveTolerance = 1e-4
	curveLeast     = 5e-6
)

// losses are those of the first steps of a problem that trains, as a run would do them.
func losses(ctx context.Context, b engine.Backend, c *Case) ([]float64, error) {
	p, err := compile(b, c)
	if err != nil {
		return nil, err
	}
	if err := p.load(c); err != nil {
		return nil, err
	}
	config, err := train.Config{}.Complete()
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	list := make([]float64, curveSteps)
	for i := range list {
		if err := config.Optimizer.Feed(p.Program, i+1, learningRate); err != nil {
			return nil, fmt.Errorf("bench: %w", err)
		}
		if _, err := p.Step(ctx, 1); err != nil {
			return nil, err
		}
		if list[i], err = p.loss(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// firstLosses gives the first losses of an entry that trains, and the file of what they start from, for its rivals.
func firstLosses(ctx context.Context, o Options, problem Problem) (list []float64, path string, err error) {
	c, err := problem.Build()
	if err != nil {
		return nil, "", fmt.Errorf("bench: %w", err)
	}
	for _, data := range c.Params { // what the file holds
		for i, x := range data {
			data[i] = float64(float32(x))
		}
	}
	b, err := o.open()
	if err != nil {
		return nil, "", fmt.Errorf("bench: %w", err)
	}
	defer b.Close()
	if list, err = losses(ctx, b, c); err != nil {
		return nil, "", err
	}
	path, err = c.write()
	return list, path, err
}

// write puts inputs and parameters into a temporary safetensors file of float32.
func (c *Case) write() (path string, err error) {
	arrays := map[string]datasets.Array{}
	for name, data := range c.Inputs {
		if arrays[name], err = datasets.NewArray(data, len(data)); err != nil {
			return "", fmt.Errorf("bench: %w", err)
		}
	}
	for _, u := range c.Updates {
		l, _ := u.Variable.Leaf()
		data, ok := c.Params[l.Name]
		if !ok {
			continue
		}
		single := make([]float32, len(data))
		for i, x := range data {
			single[i] = float32(x)
		}
		if arrays[l.Name[len("param."):]], err = datasets.NewArray(single, l.Dims.Slice()...); err != nil {
			return "", fmt.Errorf("bench: %w", err)
		}
	}
	f, err := os.CreateTemp("", "kolmogo-values-*.safetensors")
	if err != nil {
		return "", fmt.Errorf("bench: %w", err)
	}
	w := bufio.NewWriter(f)
	err = datasets.WriteSafetensors(w, arrays, nil)
	if err == nil {
		err = w.Flush()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		os.Remove(f.Name())
		return "", fmt.Errorf("bench: %w", err)
	}
	return f.Name(), nil
}

// compare judges the losses of a rival; nil, "" where there is nothing to compare.
func compare(ours, theirs []float64) (*Curve, string) {
	if len(ours) == 0 {
		return nil, ""
	}
	c := &Curve{Steps: len(ours)}
	for i, x := range ours {
		if i >= len(theirs) {
			return nil, fmt.Sprintf("it gave %d losses of %d", len(theirs), len(ours))
		}
		c.Difference = math.Max(c.Difference, math.Abs(theirs[i]-x)/math.Abs(x))
	}
	fall := math.Abs(ours[0]-ours[len(ours)-1]) / math.Abs(ours[0])
	if !(c.Difference <= max(curveLeast, min(curveTolerance, fall/100))) {
		return nil, fmt.Sprintf("its losses differ from ours by %.2g of themselves in %d steps", c.Difference, c.Steps)
	}
	return c, ""
}
