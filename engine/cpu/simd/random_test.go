package simd_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// Random words and the normal numbers made of them equal the portable ones bit for bit: any number of blocks, counters beyond 32 bits, and
// words of all sizes, so that every branch of the quantile is met.
func TestRandomEqualsPortable(t *testing.T) { forAll(t, testRandom[float32], testRandom[float64]) }

func testRandom[T simd.Float](t *testing.T, k simd.Kernels[T]) {
	plain, rnd := portable[T](), rand.New(rand.NewPCG(7, 8))
	for n := range 70 {
		key, step, first := [2]uint32{rnd.Uint32(), rnd.Uint32()}, rnd.Uint64(), uint64(1<<32-20)
		got, want := make([]uint32, 4*n+1), make([]uint32, 4*n+1)
		k.Philox(got[:4*n], key, step, first)
		plain.Philox(want[:4*n], key, step, first)
		if !slices.Equal(got, want) {
			t.Fatalf("%d blocks: %x, want %x", n, got, want)
		}
	}
	for n := range 3000 {
		words := make([]uint32, 2*(n%41))
		for i := range words {
			words[i] = rnd.Uint32()
			if i%2 == 0 && n%3 > 0 { // near 0 and near 1
				words[i] >>= n / 40 % 33
				if n%3 == 2 {
					words[i] = ^words[i]
				}
			}
		}
		got, want := make([]T, len(words)/2+1), make([]T, len(words)/2+1)
		k.Normals(got[:len(words)/2], words)
		plain.Normals(want[:len(words)/2], words)
		if !slices.Equal(got, want) {
			t.Fatalf("words %x: %v, want %v", words, got, want)
		}
	}
}
