package datasets

import "sync"

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
