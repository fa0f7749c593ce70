#include "gpu.h"
#include "block.h"
#include "orthogonal.h"

// Factors of batches of matrices and what is solved with them, a block for each matrix, row-major.

// breakdown fills what cannot be computed with NaN.
static __device__ __forceinline__ void breakdown(real *x, size_t size) {
  for (size_t i = threadIdx.x; i < size; i += blockDim.x) x[i] = sqrt(real(-1));
}

// cholesky: L with L·Lᵀ = (A + Aᵀ)/2, column by column, each row of a column by a warp; NaN throughout where a pivot is not positive.
KERNEL(cholesky)(const real *a, real *l, int n) {
  a += (size_t)blockIdx.x * n * n, l += (size_t)blockIdx.x * n * n;
  int lane = threadIdx.x & 31, warp = threadIdx.x >> 5, warps = blockDim.x >> 5;
  for (int j = 0; j < n; j++) {
    for (int i = warp; i < n; i += warps) {
      real s = 0;
      if (i >= j)
        for (int k = lane; k < j; k += 32) s += l[(size_t)i * n + k] * l[(size_t)j * n + k];
      s = warp_sum(s);
      if (lane == 0) l[(size_t)i * n + j] = i >= j ? (a[(size_t)i * n + j] + a[(size_t)j * n + i]) / 2 - s : real(0);
    }
    __syncthreads();
    real pivot = l[(size_t)j * n + j];
    if (!(pivot > 0 && pivot - pivot == 0)) {
      __syncthreads();
      breakdown(l, (size_t)n * n);
      return;
    }
    real root = sqrt(pivot);
    __syncthreads();
    for (int i = j + threadIdx.x; i < n; i += blockDim.x) l[(size_t)i * n + j] = i == j ? root : l[(size_t)i * n + j] / root;
    __syncthreads();
  }
}
EXPORT(cholesky)

// triangular_solve: op(T)·X = B for COLUMNS right-hand sides of one matrix: an unknown, then what it takes from the equations behind it.
enum { COLUMNS = 8 };
KERNEL(triangular_solve)(const real *t, const real *b, real *x, int n, int k, int forward, int transposed) {
  int groups = (k + COLUMNS - 1) / COLUMNS, matrix = blockIdx.x / groups, first = blockIdx.x % groups * COLUMNS;
  int columns = min((int)COLUMNS, k - first);
  t += (size_t)matrix * n * n, b += (size_t)matrix * n * k + first, x += (size_t)matrix * n * k + first;
  size_t row = transposed ? 1 : n, column = transposed ? n : 1;
  for (int e = threadIdx.x; e < n * columns; e += blockDim.x) x[(size_t)(e / columns) * k + e % columns] = b[(size_t)(e / columns) * k + e % columns];
  __syncthreads();
  for (int s = 0; s < n; s++) {
    int i = forward ? s : n - 1 - s;
    if ((int)threadIdx.x < columns) x[(size_t)i * k + threadIdx.x] /= t[i * row + i * column];
    __syncthreads();
    for (int e = threadIdx.x; e < (n - 1 - s) * columns; e += blockDim.x) {
      int j = forward ? i + 1 + e / columns : e / columns, c = e % columns;
      x[(size_t)j * k + c] -= t[j * row + i * column] * x[(size_t)i * k + c];
    }
    __syncthreads();
  }
}
EXPORT(triangular_solve)

// qr: A = Q·R; NaN throughout where the columns depend on each other.
KERNEL(qr)(const real *a, real *out, int m, int n, real epsilon) {
  a += (size_t)blockIdx.x * m * n, out += (size_t)blockIdx.x * (m + n) * n;
  for (int e = threadIdx.x; e < m * n; e += blockDim.x) out[e] = a[e];
  __syncthreads();
  if (!orthogonalize(out, out + (size_t)m * n, m, n, epsilon)) breakdown(out, (size_t)(m + n) * n);
}
EXPORT(qr)

// triangle: the lower triangle of matrices, or the upper one, with the diagonal multiplied by a factor.
KERNEL(triangle)(const real *x, real *y, unsigned size, int rows, int columns, real diagonal, int upper) {
  unsigned e = blockIdx.x * blockDim.x + threadIdx.x;
  if (e >= size) return;
  int i = e / columns % rows, j = e % columns;
  y[e] = i == j ? diagonal * x[e] : (i > j) != (upper != 0) ? x[e] : real(0);
}
EXPORT(triangle)

// broken: 1 where a row of n numbers has one that is not finite; a block for each.
KERNEL(broken)(const real *x, real *y, unsigned n) {
  x += (size_t)blockIdx.x * n;
  int any = 0;
  for (unsigned i = threadIdx.x; i < n; i += blockDim.x) any |= !(x[i] - x[i] == 0);
  any = __syncthreads_or(any);
  if (threadIdx.x == 0) y[blockIdx.x] = any;
}
EXPORT(broken)

// row_outer: J[i, at + j·n + q] = Σ_d A[d·m + i, j]·B[d·m + i, q], a thread for each number; rows of J have p of them.
KERNEL(row_outer)(const real *a, const real *b, real *jacobian, unsigned m, unsigned directions, unsigned k, unsigned n, unsigned p, unsigned at) {
  unsigned e = blockIdx.x * blockDim.x + threadIdx.x;
  if (e >= m * k * n) return;
  unsigned i = e / (k * n), j = e / n % k, q = e % n;
  real s = 0;
  for (unsigned d = 0; d < directions; d++) s += a[((size_t)d * m + i) * k + j] * b[((size_t)d * m + i) * n + q];
  jacobian[(size_t)i * p + at + j * n + q] = s;
}
EXPORT(row_outer)
