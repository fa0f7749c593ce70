package simd_test

import (
	"syscall"
	"testing"
	"unsafe"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// Operands that end where the process's memory ends are read and written without a fault, for every rest of columns.
func TestGemmAtPageEnd(t *testing.T) {
	forAll(t, testGemmAtPageEnd[float32], testGemmAtPageEnd[float64])
}

func testGemmAtPageEnd[T simd.Float](t *testing.T, ks simd.Kernels[T]) {
	a, b, c := atPageEnd[T](t), atPageEnd[T](t), atPageEnd[T](t)
	work := make([]T, simd.GemmWork(12, 45, 3))
	for _, m := range []int{4, 8, 11} {
		for n := 1; n <= 45; n++ {
			for bits := range 4 {
				const k = 3
				x, y, z := a[len(a)-m*k:], b[len(b)-k*n:], c[len(c)-m*n:]
				transA, transB := bits&1 != 0, bits&2 != 0
				lda, ldb := k, n
				if transA {
					lda = m
				}
				if transB {
					ldb = k
				}
				for i := range x {
					x[i] = 1
				}
				for i := range y {
					y[i] = 2
				}
				ks.Gemm(m, n, k, x, lda, transA, y, ldb, transB, z, n, false, work)
				ks.Gemm(m, n, k, x, lda, transA, y, ldb, transB, z, n, true, work)
				for i, v := range z {
					if v != 4*k {
						t.Fatalf("%d×%d, transposed %v, %v: element %d is %v, want %d", m, n, transA, transB, i, v, 4*k)
					}
				}
			}
		}
	}
}

// atPageEnd is a page of memory before one that must not be touched.
func atPageEnd[T simd.Float](t *testing.T) []T {
	page := syscall.Getpagesize()
	mem, err := syscall.Mmap(-1, 0, 2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(mem) })
	if err := syscall.Mprotect(mem[page:], syscall.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	var zero T
	return unsafe.Slice((*T)(unsafe.Pointer(&mem[0])), page/int(unsafe.Sizeof(zero)))
}
