package op

import (
	"fmt"
	"math"
	"strings"
)

// MaxRank is the largest number of axes a tensor may have.
const MaxRank = 8

// Dims is a shape: up to MaxRank axis lengths. It is comparable, so that ops can carry shapes as attributes.
// The zero value is the shape of a scalar.
type Dims struct {
	n   int
	len [MaxRank]int
}

// Of returns the shape with the given axis lengths. Longer or negative shapes are a bug of the caller and panic.
func Of(lens ...int) Dims {
	d, err := dimsOf(lens)
	if err != nil {
		panic(err.Error())
	}
	return d
}

func dimsOf(lens []int) (Dims, error) {
	var d Dims
	if len(lens) > MaxRank {
		return d, fmt.Errorf("op: shape %v has more than %d axes", lens, MaxRank)
	}
	size := 1
	for _, n := range lens {
		if n < 0 || (n > 0 && size > math.MaxInt32*64/n) {
			return d, fmt.Errorf("op: shape %v is negative or too large", lens)
		}
		if n > 0 {
			size *= n
		}
	}
	d.n = copy(d.len[:], lens)
	return d, nil
}

// Rank is the number of axes.
func (d Dims) Rank() int { return d.n }

// At is the length of axis i; negative i counts from the end.
func (d Dims) At(i int) int {
	if i < 0 {
		i += d.n
	}
	if i < 0 || i >= d.n {
		panic(fmt.Sprintf("op: axis %d of shape %v", i, d))
	}
	return d.len[i]
}

// Size is the number of elements, 1 for a scalar.
func (d Dims) Size() int { return d.Span(0, d.n) }

// Span is the product of the lengths of axes from..to−1.
func (d Dims) Span(from, to int) int {
	p := 1
	for _, n := range d.len[from:to] {
		p *= n
	}
	return p
}

// Slice returns the axis lengths as a fresh slice.
func (d Dims) Slice() []int { return append([]int{}, d.len[:d.n]...) }

// With returns d with axis i (negative: from the end) set to n.
func (d Dims) With(i, n int) Dims {
	if i < 0 {
		i += d.n
	}
	d.len[i] = n
	return d
}

// Cut returns the shape of axes from..to−1.
func (d Dims) Cut(from, to int) Dims { return Of(d.len[from:to]...) }

// Append returns d followed by further axes.
func (d Dims) Append(lens ...int) Dims { return Of(append(d.Slice(), lens...)...) }

// Strides returns the row-major strides in elements.
func (d Dims) Strides() []int {
	s := make([]int, d.n)
	p := 1
	for i := d.n - 1; i >= 0; i-- {
		s[i] = p
		p *= d.len[i]
	}
	return s
}

func (d Dims) String() string { return "[" + d.GoString() + "]" }

// GoString prints the axis lengths; ops are hashed through it.
func (d Dims) GoString() string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(d.len[:d.n]), " ", ","), "[]")
}

// Axes is a set of axes.
type Axes uint8

// AxisSet returns the set of the given axes.
func AxisSet(axes ...int) Axes {
	var a Axes
	for _, i := range axes {
		a |= 1 << i
	}
	return a
}

// Has reports whether axis i is in the set.
func (a Axes) Has(i int) bool { return a>>i&1 == 1 }
