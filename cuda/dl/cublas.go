//go:build linux

package dl

/*
#include <stdlib.h>
#include "cublas.h"
typedef struct {
#define F(result, name, ...) result (*name)(__VA_ARGS__);
CUBLAS(F)
#undef F
} cublas;
static const char *const cublasNames[] = {
#define F(result, name, ...) #name,
CUBLAS(F)
#undef F
0};
static const char *cublasName(int i) { return cublasNames[i]; }
static int cublasVersion(cublas *l, int part) {
  int v = 0;
  return l->cublasGetProperty(part, &v) ? 0 : v;
}
static int cublasOpen(cublas *l, void **handle, unsigned long long stream, unsigned long long workspace, size_t bytes) {
  int r = l->cublasCreate_v2(handle);
  if (!r) r = l->cublasSetStream_v2(*handle, (void *)stream); // resets the workspace
  return r ? r : l->cublasSetWorkspace_v2(*handle, (void *)workspace, bytes);
}
static int cublasClose(cublas *l, void *handle) { return l->cublasDestroy_v2(handle); }

typedef struct {
  cublas *library;
  void *handle;
  int wide, compute, a_transposed, b_transposed, m, n, k, lda, ldb, ldc, batch;
  long long stride_a, stride_b, stride_c;
  unsigned long long a, b, c;
  double beta;
} gemm;
static int gemmIssue(void *data) {
  gemm *g = data;
  const void *a = (void *)g->a, *b = (void *)g->b;
  void *c = (void *)g->c;
  double one = 1;
  float unit = 1, beta = g->beta;
  if (g->wide)
    return g->library->cublasDgemmStridedBatched(g->handle, g->a_transposed, g->b_transposed, g->m, g->n, g->k, &one, a, g->lda, g->stride_a, b, g->ldb, g->stride_b,
                                                 &g->beta, c, g->ldc, g->stride_c, g->batch);
  if (!g->compute)
    return g->library->cublasSgemmStridedBatched(g->handle, g->a_transposed, g->b_transposed, g->m, g->n, g->k, &unit, a, g->lda, g->stride_a, b, g->ldb, g->stride_b,
                                                 &beta, c, g->ldc, g->stride_c, g->batch);
  return g->library->cublasGemmStridedBatchedEx(g->handle, g->a_transposed, g->b_transposed, g->m, g->n, g->k, &unit, a, CUDA_R_32F, g->lda, g->stride_a, b, CUDA_R_32F,
                                                g->ldb, g->stride_b, &beta, c, CUDA_R_32F, g->ldc, g->stride_c, g->batch, g->compute, CUBLAS_GEMM_DEFAULT);
}
static void *gemmFunction(void) { return (void *)gemmIssue; }
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// CUBLAS multiplies matrices; sonames of CUDA 13, 12 and 11.
var CUBLAS = Library{Name: "cuBLAS", Sonames: []string{"libcublas.so.13", "libcublas.so.12", "libcublas.so.11"}, Wheels: []string{"cu13", "cublas"}}

// BLAS is cuBLAS, loaded.
type BLAS struct {
	api  *C.cublas // C memory, for good
	Path string    // of the library
}

// OpenBLAS finds cuBLAS, as Library.Find.
func OpenBLAS(folders, roots []string) (*BLAS, error) {
	lib, err := CUBLAS.open(folders, roots)
	if err != nil {
		return nil, err
	}
	var names []string
	for i := C.int(0); C.cublasName(i) != nil; i++ {
		names = append(names, C.GoString(C.cublasName(i)))
	}
	l := &BLAS{api: (*C.cublas)(C.calloc(1, C.sizeof_cublas)), Path: lib.path}
	if err := lib.bind(names, unsafe.Pointer(l.api)); err != nil {
		return nil, err
	}
	return l, nil
}

// Version is the library's own, such as 12.4.5; it follows CUDA's.
func (l *BLAS) Version() string {
	return fmt.Sprintf("%d.%d.%d", C.cublasVersion(l.api, 0), C.cublasVersion(l.api, 1), C.cublasVersion(l.api, 2))
}

// WorkspaceBytes is the memory that a handle should have: what NVIDIA advises for compute capability 9.0, more than for 8.0.
const WorkspaceBytes = 32 << 20

// Handle is cuBLAS on one device and one stream.
type Handle struct {
	l *BLAS
	h unsafe.Pointer
}

// Open makes a handle in the current context that issues on a stream and works in WorkspaceBytes of device memory of its own: so it
// allocates nothing while a stream is captured, and its sums do not depend on what else runs.
func (l *BLAS) Open(stream, workspace uint64) (Handle, error) {
	h := Handle{l: l}
	err := blasError(C.cublasOpen(l.api, &h.h, C.ulonglong(stream), C.ulonglong(workspace), WorkspaceBytes))
	return h, err
}

// Close gives the handle back, in the context that was current when it was made.
func (h Handle) Close() error { return blasError(C.cublasClose(h.l.api, h.h)) }

// Compute says how cuBLAS rounds the factors of float32 products.
type Compute int

// The ways to round.
const (
	Plain    Compute = 0
	FastBF16 Compute = C.CUBLAS_COMPUTE_32F_FAST_16BF
	FastTF32 Compute = C.CUBLAS_COMPUTE_32F_FAST_TF32
)

// Gemm is C[i] (+)= op(A[i])·op(B[i]) for i < Batch, of column-major matrices: op(A) is M × K, op(B) K × N.
type Gemm struct {
	Float64                   bool
	Compute                   Compute
	TransA, TransB, Add       bool
	M, N, K, Batch            int
	LDA, LDB, LDC             int // elements from column to column
	StrideA, StrideB, StrideC int // elements from matrix to matrix
}

// Call prepares a product: function(data) issues it on the handle's stream, and returns a status for Explain. The addresses are those
// of device memory; data is C memory, to be freed by free.
func (h Handle) Call(g Gemm, a, b, c uint64) (function, data unsafe.Pointer) {
	flag := func(on bool) C.int {
		if on {
			return 1
		}
		return 0
	}
	d := (*C.gemm)(C.calloc(1, C.sizeof_gemm))
	*d = C.gemm{library: h.l.api, handle: h.h, wide: flag(g.Float64), compute: C.int(g.Compute), a_transposed: flag(g.TransA), b_transposed: flag(g.TransB),
		m: C.int(g.M), n: C.int(g.N), k: C.int(g.K), lda: C.int(g.LDA), ldb: C.int(g.LDB), ldc: C.int(g.LDC), batch: C.int(g.Batch),
		stride_a: C.longlong(g.StrideA), stride_b: C.longlong(g.StrideB), stride_c: C.longlong(g.StrideC), a: C.ulonglong(a), b: C.ulonglong(b), c: C.ulonglong(c),
		beta: C.double(flag(g.Add))}
	return C.gemmFunction(), unsafe.Pointer(d)
}

// statuses are the names that cuBLAS gives to failures; a function for them exists only from CUDA 11.4 on.
var statuses = map[int]string{1: "the library was not initialized", 3: "its resources could not be allocated", 7: "an argument is wrong",
	8: "the device's architecture is not supported", 11: "memory could not be accessed", 13: "the kernel failed", 14: "an internal operation failed",
	15: "not supported", 16: "a license is missing"}

// Explain is the error of a status.
func Explain(status int) error { return blasError(C.int(status)) }

func blasError(status C.int) error {
	if status == 0 {
		return nil
	}
	return fmt.Errorf("dl: cuBLAS: status %d: %s", status, statuses[int(status)])
}
