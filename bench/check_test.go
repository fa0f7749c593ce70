package bench

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
)

// wrong is a backend whose last kernel of a program is a little off.
type wrong struct {
	engine.Backend
	factor float32
}

func (w wrong) Build(steps []engine.Step) (engine.Runner, error) {
	program, err := w.Backend.Build(steps)
	last := steps[len(steps)-1].Out[0]
	data := make([]byte, last.Bytes())
	return engine.RunFunc(func() error {
		if err := program.Run(); err != nil {
			return err
		}
		last.Memory.Read(last.Offset, data)
		scale(data, w.factor)
		last.Memory.Write(last.Offset, data)
		return nil
	}), err
}

// TestWrongKernelIsCaught: an error of 2⁻¹⁵ in one result is found; exact copies of the same results pass.
func TestWrongKernelIsCaught(t *testing.T) {
	b, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, e := range Entries() {
		if e.Small == nil {
			continue
		}
		if _, err := check(t.Context(), wrong{b, 1}, e.Small); err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
		if _, err := check(t.Context(), wrong{b, 1 + 0x1p-15}, e.Small); err == nil || !strings.Contains(err.Error(), "differs from its definition") {
			t.Errorf("%s: %v", e.Name, err)
		}
		if _, err := check(t.Context(), wrong{b, nan()}, e.Small); err == nil {
			t.Errorf("%s: NaN passes", e.Name)
		}
	}
}

func nan() float32 { return float32(math.NaN()) }

// scale multiplies float32 numbers in place.
func scale(data []byte, factor float32) {
	for i := 0; i < len(data); i += 4 {
		x := math.Float32frombits(binary.LittleEndian.Uint32(data[i:]))
		binary.LittleEndian.PutUint32(data[i:], math.Float32bits(x*factor))
	}
}
