package simd_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// portable is the kernels that all others are compared with.
func portable[T simd.Float]() (k simd.Kernels[T]) {
	switch g := any(&k).(type) {
	case *simd.Kernels[float32]:
		*g = simd.Generic().F32
	case *simd.Kernels[float64]:
		*g = simd.Generic().F64
	}
	return k
}

// The loops over columns equal the portable ones bit for bit at every width and touch nothing beyond.
func TestColumnsEqualPortable(t *testing.T) { forAll(t, testColumns[float32], testColumns[float64]) }

func testColumns[T simd.Float](t *testing.T, k simd.Kernels[T]) {
	plain, rnd := portable[T](), rand.New(rand.NewPCG(3, 4))
	for n := 1; n < 150; n++ {
		rows := 1 + n%4
		draw := func(size int) []T {
			x := make([]T, size)
			for i := range x {
				x[i] = T(rnd.NormFloat64() + 2)
			}
			return x
		}
		x, dy := draw(rows*n), draw(rows*n)
		m, s, shift, slope := draw(n), draw(n), draw(n), draw(n)
		run := func(k *simd.Kernels[T], out [][]T) {
			k.AddColumns(out[0][:n], x)
			k.AddSquares(out[1][:n], x, m)
			k.AddProducts(out[2][:n], out[3][:n], out[4][:n], x, dy, m)
			k.Standardize(out[5][:rows*n], x, m, s)
			k.StandardizeGrad(out[6][:rows*n], x, dy, m, s, shift, slope)
		}
		var got, want [][]T
		for i := range 7 {
			got = append(got, draw([]int{n, rows * n}[i/5]+1))
			want = append(want, slices.Clone(got[i]))
		}
		run(&k, got)
		run(&plain, want)
		for i := range got {
			if !slices.Equal(got[i], want[i]) {
				t.Fatalf("%d columns, loop %d: %v, want %v", n, i, got[i], want[i])
			}
		}
	}
}

// The norms of rows equal the portable ones bit for bit at every length; softmax does within 6 units of the last place.
func TestRowsEqualPortable(t *testing.T) { forAll(t, testRows[float32], testRows[float64]) }

func testRows[T simd.Float](t *testing.T, k simd.Kernels[T]) {
	plain, rnd := portable[T](), rand.New(rand.NewPCG(5, 6))
	for i := range 300 {
		n, rows := i+1, 1+i%3
		if i >= 290 {
			n = simd.MostRow - i + 290
		}
		x, dy, got, want := make([]T, rows*n), make([]T, rows*n), make([]T, rows*n+1), make([]T, rows*n+1)
		for i := range x {
			x[i], dy[i] = T(rnd.NormFloat64()+2), T(rnd.NormFloat64())
		}
		got[rows*n], want[rows*n] = 7, 7
		k.NormalizeRows(got[:rows*n], x, n, 1e-3)
		plain.NormalizeRows(want[:rows*n], x, n, 1e-3)
		if !slices.Equal(got, want) {
			t.Fatalf("norms of rows of %d: %v, want %v", n, got, want)
		}
		k.NormalizeGradRows(got[:rows*n], x, dy, n, 1e-3)
		plain.NormalizeGradRows(want[:rows*n], x, dy, n, 1e-3)
		if !slices.Equal(got, want) {
			t.Fatalf("gradients for rows of %d: %v, want %v", n, got, want)
		}
		k.SoftmaxRows(got[:rows*n], x, n)
		plain.SoftmaxRows(want[:rows*n], x, n)
		for i, w := range want {
			if d := math.Abs(float64(got[i] - w)); !(d <= 12*epsilon[T]()*math.Abs(float64(w))) {
				t.Fatalf("softmax of rows of %d: element %d is %v, want %v", n, i, got[i], w)
			}
		}
	}
}

// What is not a number, and rows without a finite one, come through softmax as the portable loop lets them.
func TestSoftmaxOfWhatIsNoNumber(t *testing.T) {
	forAll(t, testSoftmaxNaN[float32], testSoftmaxNaN[float64])
}

func testSoftmaxNaN[T simd.Float](t *testing.T, k simd.Kernels[T]) {
	nan, inf := T(math.NaN()), T(math.Inf(1))
	for _, n := range []int{3, 64, 100} {
		for _, v := range []T{nan, inf, -inf} {
			x, got := make([]T, n), make([]T, n)
			x[n/2] = v
			k.SoftmaxRows(got, x, n)
			for i, y := range got {
				if v == -inf && (y != 0) != (i != n/2) || v != -inf && i == n/2 && y == y {
					t.Errorf("%v among %d: element %d is %v", v, n, i, y)
				}
			}
		}
	}
}
