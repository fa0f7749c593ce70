package datasets

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// chunked reads a box of chunks, several at once.
func (d *h5dataset) chunked(dst []byte, start, count []int, cache *h5cache, pool *inflaters) error {
	if _, err := d.storedChunks(); err != nil {
		return err
	}
	rank := len(start)
	grid := d.index.grid(d.dims)
	first, number := make([]int, rank), 1
	n := make([]int, rank)
	for i := range rank {
		chunk := int(d.index.chunk[i])
		first[i] = start[i] / chunk
		n[i] = (start[i]+count[i]-1)/chunk - first[i] + 1
		number *= n[i]
	}
	place := func(k int) ([]int, uint64) {
		at := unravel(k, n)
		linear := uint64(0)
		for i := range at {
			at[i] += first[i]
			linear = linear*grid[i] + uint64(at[i])
		}
		return at, linear
	}
	var next atomic.Int64
	var failed atomic.Pointer[error]
	work := func() {
		inflate := pool.get()
		defer pool.pool.Put(inflate)
		for failed.Load() == nil {
			k := int(next.Add(1)) - 1
			if k >= number {
				return
			}
			at, linear := place(k)
			raw, err := d.chunk(linear, cache, inflate)
			if err != nil {
				failed.CompareAndSwap(nil, &err)
				return
			}
			d.scatter(dst, start, count, at, raw)
		}
	}
	workers := min(number, runtime.GOMAXPROCS(0))
	var wait sync.WaitGroup
	for range workers - 1 {
		wait.Go(work)
	}
	work()
	wait.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// chunk returns the bytes of a chunk, nil for one that was never written.
func (d *h5dataset) chunk(number uint64, cache *h5cache, inflate *inflater) ([]byte, error) {
	c, ok, err := d.chunkAt(number)
	if err != nil || !ok {
		return nil, err
	}
	if raw := cache.get(d, number); raw != nil {
		return raw, nil
	}
	size := d.index.bytes()
	most := int(c.size)
	for i, f := range d.filters {
		if c.mask>>i&1 == 0 {
			most = min(size+4*len(d.filters), most*f.ratio())
		}
	}
	if most < size {
		return nil, h5error("a chunk of %d bytes cannot become one of %d", c.size, size)
	}
	var raw []byte
	if last := len(d.filters) - 1; last >= 0 && d.filters[last].copies() && c.mask>>last&1 == 0 {
		raw = sized(&inflate.input, int(c.size))
	} else {
		raw = make([]byte, c.size)
	}
	if err := readFull(d.file.r, raw, d.file.base+int64(c.at)); err != nil {
		return nil, err
	}
	raw, err = unfilter(d.filters, c.mask, raw, size, inflate)
	if err != nil {
		return nil, err
	}
	cache.put(d, number, raw)
	return raw, nil
}

// scatter copies what a chunk at a place of the grid and a box have in common; a chunk that is nil holds the fill value.
func (d *h5dataset) scatter(dst []byte, start, count, at []int, raw []byte) {
	rank, size := len(start), d.kind.size
	inChunk, inBox, n, chunk := make([]int, rank), make([]int, rank), make([]int, rank), make([]int, rank)
	for i := range rank {
		chunk[i] = int(d.index.chunk[i])
		low, high := at[i]*chunk[i], (at[i]+1)*chunk[i]
		from, to := max(low, start[i]), min(high, start[i]+count[i])
		inChunk[i], inBox[i], n[i] = from-low, from-start[i], to-from
	}
	// Rows along the last axis lie together in both.
	row := size
	if rank > 0 {
		row *= n[rank-1]
	}
	outer := n[:max(rank-1, 0)]
	chunkStride, boxStride := strides(chunk), strides(count)
	rows := 1
	for _, k := range outer {
		rows *= k
	}
	index := make([]int, len(outer))
	from, to := 0, 0
	for i := range rank {
		from += inChunk[i] * chunkStride[i]
		to += inBox[i] * boxStride[i]
	}
	for range rows {
		if raw == nil {
			d.fillIn(dst[to*size : to*size+row])
		} else {
			copy(dst[to*size:to*size+row], raw[from*size:])
		}
		for axis := len(outer) - 1; axis >= 0; axis-- {
			index[axis]++
			from += chunkStride[axis]
			to += boxStride[axis]
			if index[axis] < outer[axis] {
				break
			}
			from -= index[axis] * chunkStride[axis]
			to -= index[axis] * boxStride[axis]
			index[axis] = 0
		}
	}
}
