package models

import "github.com/kolmogo/kolmogo/op"

// Band is the wavenumbers First, …, First+Count−1.
type Band struct{ First, Count int }

// Convention says which wavenumbers a number m of modes means, on the last axis (k ≥ 0, the other half follows because fields
// are real) and on the others; and which of a kernel's entries a coarser grid uses.
type Convention uint8

const (
	// Corners: 0..m−1 on the last axis, −m..m−1 on the others: the blocks of the 2021 scripts. A grid of n points uses the
	// entries whose wavenumbers it carries, −⌊n/2⌋..⌈n/2⌉−1.
	Corners Convention = iota
	// Centred: 0..⌊m/2⌋ on the last axis, m wavenumbers from −⌊m/2⌋ on the others: neuraloperator's n_modes. On a grid of
	// n < m points ⌊(m−n)/2⌋ entries are dropped in front and the rest behind; with m even and n odd, the entries meet
	// wavenumbers one higher than those they were made for, as in neuraloperator.
	Centred
)

// band is the wavenumbers that m modes mean.
func (c Convention) band(m int, last bool) Band {
	switch {
	case c == Corners && last:
		return Band{0, m}
	case c == Corners:
		return Band{-m, 2 * m}
	case last:
		return Band{0, m/2 + 1}
	}
	return Band{-(m / 2), m}
}

// most is the largest number of modes whose wavenumbers are all different on n points.
func (c Convention) most(n int, last bool) int {
	switch {
	case c == Corners && last:
		return n/2 + 1
	case c == Corners:
		return n / 2
	case last:
		return n/2*2 + 1
	}
	return n
}

// clip returns the band of m modes on n points and the number of the kernel's entries before its first.
func (c Convention) clip(m, n int, last bool) (on Band, skip int) {
	b := c.band(m, last)
	if last {
		return Band{0, min(b.Count, n/2+1)}, 0
	}
	if b.Count <= n {
		return b, 0
	}
	on = Band{-(n / 2), n}
	if c == Centred {
		return on, (b.Count - n) / 2
	}
	return on, on.First - b.First
}

// kernelDims is the shape [k.., 2, in, out] of a kernel for the given modes.
func (c Convention) kernelDims(modes []int, in, out int) op.Dims {
	lens := make([]int, 0, len(modes)+3)
	for i, m := range modes {
		lens = append(lens, c.band(m, i == len(modes)-1).Count)
	}
	return op.Of(append(lens, 2, in, out)...)
}
