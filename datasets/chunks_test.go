package datasets

import (
	"slices"
	"testing"
)

// rows is Fields in chunks of so many trajectories and frames.
type rows struct {
	Fields
	trajectories, frames int
}

func (r rows) chunkRow(trajectory int) int { return trajectory / r.trajectories }
func (r rows) chunkFrames() int            { return r.frames }

// TestChunkOrder: an epoch holds every sample once, in another order in every epoch, and comes back to a chunk only while it is in the
// memory that the order counts on.
func TestChunkOrder(t *testing.T) {
	const trajectories, frames, points = 12, 9, 4
	fields, err := NewArray(make([]float32, trajectories*frames*points), trajectories, frames, points, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ perChunk, frames, room int }{
		{1, 1, 2 * frames * points * 4},
		{3, 2, 4 * frames * points * 4},
		{1, 2, 4 * points * 4}, // a trajectory does not fit
		{5, 9, 1 << 20},
	} {
		s, err := NewSet(Meta{}, fields)
		if err != nil {
			t.Fatal(err)
		}
		s.Fields = rows{s.Fields, c.perChunk, c.frames}
		p, err := (&Loader{Set: s, Batch: 2, Seed: 7}).plan()
		if err != nil {
			t.Fatal(err)
		}
		begins := p.blocks(c.room)
		order := p.chunkOrder(1, begins, c.room)
		sorted := slices.Sorted(slices.Values(order))
		for i, sample := range sorted {
			if i != sample {
				t.Fatalf("%+v: sample %d is missing or comes twice", c, i)
			}
		}
		if len(sorted) != p.samples || slices.Equal(order, p.chunkOrder(2, begins, c.room)) || !slices.Equal(order, p.chunkOrder(1, begins, c.room)) {
			t.Errorf("%+v: %d samples, or the order is not one of the epoch", c, len(sorted))
		}
		// From the first to the last sample of a block no more samples lie than the memory holds, or the blocks are in memory one at a time.
		most := c.room / (points * 4 * frames / p.starts)
		for b := range len(begins) - 1 {
			first, last := len(order), 0
			for i, sample := range order {
				if sample >= begins[b] && sample < begins[b+1] {
					first, last = min(first, i), max(last, i)
				}
			}
			if n := last - first + 1; n > max(most, begins[b+1]-begins[b]) {
				t.Errorf("%+v: block %d is spread over %d samples, the memory holds %d", c, b, n, most)
			}
		}
	}
}
