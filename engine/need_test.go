package engine_test

import (
	"errors"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/op"
)

// limited is a backend with so much memory, which keeps account.
type limited struct {
	engine.Backend
	limit, asked, used int64
}

var errFull = errors.New("full")

func (l *limited) Fits(bytes int64) error {
	if l.asked = bytes; l.used+bytes > l.limit {
		return errFull
	}
	return nil
}

func (l *limited) Alloc(bytes int) (engine.Memory, error) {
	l.used += int64((bytes + engine.Alignment - 1) / engine.Alignment * engine.Alignment)
	return l.Backend.Alloc(bytes)
}

// TestNeedIsKnownBeforehand: a backend hears exactly what a program will take before anything is allocated, without the variables that
// the store holds already, and can refuse it.
func TestNeedIsKnownBeforehand(t *testing.T) {
	c, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	compile := func(l *limited, store *engine.Store, more bool) error {
		g := op.NewGraph()
		x, w := g.Input("x", op.Float32, op.Of(30, 40)), g.Variable("w", op.Float32, op.Of(40, 50))
		y := op.Tanh(op.MatMul(x, w, false, false))
		if more {
			y = op.Add(y, g.Variable("b", op.Float32, op.Of(50)))
		}
		_, err := engine.Compile(g, []op.Value{op.SumAll(y)}, nil, store)
		return err
	}
	l := &limited{Backend: c, limit: 1 << 20}
	store := engine.NewStore(l)
	if err := compile(l, store, false); err != nil {
		t.Fatal(err)
	}
	first := l.used
	if l.asked != first || first < 4*(30*40+40*50+30*50) {
		t.Errorf("%d bytes were asked for, %d allocated", l.asked, first)
	}
	if err := compile(l, store, true); err != nil || l.asked != l.used-first || l.asked >= first {
		t.Errorf("with one variable more: %d bytes asked for, %d allocated after %d: %v", l.asked, l.used-first, first, err)
	}
	small := &limited{Backend: c, limit: 1000}
	if err := compile(small, engine.NewStore(small), false); !errors.Is(err, errFull) || small.used != 0 {
		t.Errorf("a program that does not fit: error %v, %d bytes allocated", err, small.used)
	}
}
