package engine

import (
	"math/rand/v2"
	"testing"
)

// Buffers that are alive together never share a byte, and the arena is at least as large as the fullest step.
func TestPlanKeepsLiveBuffersApart(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for round := range 50 {
		var buffers []*buffer
		for range 1 + rnd.IntN(60) {
			first := rnd.IntN(40)
			buffers = append(buffers, &buffer{bytes: rnd.IntN(5000), first: first, last: first + rnd.IntN(10)})
		}
		arena := place(buffers)
		full := 0
		for step := range 50 {
			live := 0
			for _, b := range buffers {
				if b.first <= step && step <= b.last {
					live += align(b.bytes)
				}
			}
			full = max(full, live)
		}
		if arena < full || arena > 2*full+Alignment {
			t.Errorf("round %d: arena of %d bytes for at most %d alive", round, arena, full)
		}
		for i, a := range buffers {
			if a.offset%Alignment != 0 || a.offset+a.bytes > arena {
				t.Errorf("round %d: buffer at %d of %d bytes in an arena of %d", round, a.offset, a.bytes, arena)
			}
			for _, b := range buffers[:i] {
				together := a.first <= b.last && b.first <= a.last
				overlap := a.offset < b.offset+b.bytes && b.offset < a.offset+a.bytes
				if together && overlap {
					t.Errorf("round %d: %+v and %+v overlap", round, *a, *b)
				}
			}
		}
	}
}
