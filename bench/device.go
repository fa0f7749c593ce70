package bench

import (
	"fmt"
	"time"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// Device is a backend that is given back after use.
type Device interface {
	engine.Backend
	Close()
}

func (o Options) open() (Device, error) {
	if o.Open != nil {
		return o.Open()
	}
	return cpu.New(o.CPU)
}

// limits measures what the device can do: of the CPU both limits, of another the bandwidth, which is what limits the entries there.
func (o Options) limits(b Device) (Roofline, error) {
	if o.Open != nil {
		return deviceRoofline(b)
	}
	set, err := simd.Best(o.CPU.Instructions)
	if err != nil {
		return Roofline{}, err
	}
	if o.roofline != nil {
		return o.roofline(set, o.CPU.Threads), nil
	}
	return measureRoofline(set, o.CPU.Threads), nil
}

// deviceRoofline is the best of several tries, within a second, at x ← x + 1 over 64 million numbers, which is far more than caches hold.
func deviceRoofline(b engine.Backend) (r Roofline, err error) {
	const numbers = 64 << 20
	g := op.NewGraph()
	x := g.Variable("x", op.Float32, op.Of(numbers))
	p, err := engine.Compile(g, nil, []engine.Update{{Variable: x, Value: op.Affine(x, 1, 1)}}, engine.NewStore(b))
	if err != nil {
		return r, fmt.Errorf("bench: bandwidth: %w", err)
	}
	first := time.Now()
	for runs := 1; time.Since(first) < time.Second; runs *= 2 {
		begin := time.Now()
		for range runs {
			if err := p.Run(); err != nil {
				return r, fmt.Errorf("bench: bandwidth: %w", err)
			}
		}
		if err := p.Wait(); err != nil {
			return r, fmt.Errorf("bench: bandwidth: %w", err)
		}
		r.CopyGBs = max(r.CopyGBs, 2*4*numbers/1e9*float64(runs)/time.Since(begin).Seconds())
	}
	return r, nil
}
