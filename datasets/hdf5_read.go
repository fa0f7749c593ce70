package datasets

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// h5emptyLimit bounds an array of which the file holds nothing but the fill value.
const h5emptyLimit = 16 << 20

// inflaters are shared by the readers of a file.
type inflaters struct{ pool sync.Pool }

func (p *inflaters) get() *inflater {
	if i, ok := p.pool.Get().(*inflater); ok {
		return i
	}
	return &inflater{}
}

// plausible compares the size of the array with the bytes that the file holds of it, of which the best compression could make it.
func (d *h5dataset) plausible(size int64) error {
	if d.layout == h5Compact || d.layout == h5Contiguous && d.data != h5undefined || size <= h5emptyLimit {
		return nil // info has compared them
	}
	list, err := d.storedChunks()
	if err != nil {
		return err
	}
	held := int64(0)
	for _, c := range list {
		held = min(held+int64(c.size), d.file.size)
	}
	if (size-h5emptyLimit)/deflateRatio > held {
		return h5error("shape %v claims %d bytes, of which the file holds %d", d.dims, size, held)
	}
	return nil
}

// box reads elements [start, start+count) of every axis of the dataset into dst, row-major, as the file has their bytes.
func (d *h5dataset) box(dst []byte, start, count []int, cache *h5cache, pool *inflaters) error {
	n := d.kind.size
	for _, c := range count {
		n *= c
	}
	if n == 0 {
		return nil
	}
	switch {
	case d.layout == h5Compact:
		return d.runs(start, count, func(from, to int64, n int) error { copy(dst[to:], d.compact[from:][:n]); return nil })
	case d.layout == h5Contiguous && d.data != h5undefined:
		return d.contiguous(dst, start, count)
	case d.layout == h5Chunked:
		return d.chunked(dst, start, count, cache, pool)
	default:
		d.fillIn(dst)
	}
	return nil
}

// fillIn fills dst with the fill value.
func (d *h5dataset) fillIn(dst []byte) {
	if d.fill == nil {
		clear(dst)
		return
	}
	for n := copy(dst, d.fill); n < len(dst); n *= 2 {
		copy(dst[n:], dst[:n])
	}
}

// runs is boxRuns of the dataset.
func (d *h5dataset) runs(start, count []int, visit func(from, to int64, n int) error) error {
	dims, err := h5shape(d.dims)
	if err != nil {
		return err
	}
	return boxRuns(dims, start, count, d.kind.size, visit)
}

// contiguous reads a box of data that lie row-major. Short runs are read together with what lies between them.
func (d *h5dataset) contiguous(dst []byte, start, count []int) error {
	const together = 256 << 10
	var window []byte
	low := int64(-1)
	return d.runs(start, count, func(from, to int64, n int) error {
		at := d.file.base + int64(d.data) + from
		if n >= together/16 || n == len(dst) {
			return readFull(d.file.r, dst[to:to+int64(n)], at)
		}
		if low < 0 || at < low || at+int64(n) > low+int64(len(window)) {
			if window == nil {
				window = make([]byte, min(together, d.file.size))
			}
			window = window[:min(int64(cap(window)), d.file.base+d.file.size-at)]
			low = at
			if err := readFull(d.file.r, window, at); err != nil {
				low = -1
				return err
			}
		}
		copy(dst[to:to+int64(n)], window[at-low:])
		return nil
	})
}

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
