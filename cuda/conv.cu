#include "gpu.h"
#include "tile.h"
#include "mma.h"

// Conv: the sizes of T(x, w, y) = Σ x[b, s·i + d·j, c]·w[j, c, o]·y[b, i, o] with three grid axes, unused ones of length one; x on the
// grid size, w on kernel, y on positions. Each of the three derivatives is a product of matrices whose elements are found on the way.
struct Conv {
  int batch, in, out;
  int size[3], kernel[3], positions[3], stride[3], dilation[3];
  int splits, terms; // conv_weight: parts of the sum over positions, to partial[split, kernel.., in, out]
};

struct Point {
  int i[3];
};
static __device__ __forceinline__ Point point(int at, const int *len) {
  Point p;
  for (int d = 2; d >= 0; d--) p.i[d] = at % len[d], at /= len[d];
  return p;
}
static __device__ __forceinline__ int volume(const int *len) { return len[0] * len[1] * len[2]; }

// row_of_x: where the row x[b, s·i + d·j, :] begins for position number m = (b, i) and kernel point number j.
static __device__ __forceinline__ long long row_of_x(const Conv &p, int m, int j) {
  int places = volume(p.positions);
  Point i = point(m % places, p.positions), q = point(j, p.kernel);
  long long at = m / places;
  for (int d = 0; d < 3; d++) at = at * p.size[d] + p.stride[d] * i.i[d] + p.dilation[d] * q.i[d];
  return at * p.in;
}

// row_of_y: where the row y[b, i, :] begins that meets grid point number m = (b, g) at kernel point number j: s·i + d·j = g; −1: none.
static __device__ __forceinline__ long long row_of_y(const Conv &p, int m, int j) {
  int points = volume(p.size);
  Point g = point(m % points, p.size), q = point(j, p.kernel);
  long long at = m / points;
  for (int d = 0; d < 3; d++) {
    int s = g.i[d] - p.dilation[d] * q.i[d], i = s / p.stride[d];
    if (s < 0 || s % p.stride[d] != 0 || i >= p.positions[d]) return -1;
    at = at * p.positions[d] + i;
  }
  return at * p.out;
}

// conv: y[(b, i), o] = Σ over (j, c) of x[b, s·i + d·j, c]·w[(j, c), o].
template <int MODE> static __device__ __forceinline__ void forward(const Conv &p, const real *x, const real *w, real *y) {
  int m = p.batch * volume(p.positions), across = (p.out + 63) / 64;
  any_product<MODE>(
      [&](int r, int k) { return x[row_of_x(p, r, k / p.in) + k % p.in]; }, [&](int k, int n) { return w[(long long)k * p.out + n]; },
      [&](int r, int n, real sum) { y[(long long)r * p.out + n] = sum; }, blockIdx.x / across * 64, blockIdx.x % across * 64, m, p.out, 0,
      volume(p.kernel) * p.in, true, false);
}

// conv_transpose: x[(b, g), c] = Σ over (j, o) of y[b, (g − d·j)/s, o]·w[j, c, o].
template <int MODE> static __device__ __forceinline__ void transpose(const Conv &p, const real *y, const real *w, real *x) {
  int m = p.batch * volume(p.size), across = (p.in + 63) / 64;
  any_product<MODE>(
      [&](int r, int k) {
        long long row = row_of_y(p, r, k / p.out);
        return row < 0 ? real(0) : y[row + k % p.out];
      },
      [&](int k, int n) { return w[((long long)(k / p.out) * p.in + n) * p.out + k % p.out]; },
      [&](int r, int n, real sum) { x[(long long)r * p.in + n] = sum; }, blockIdx.x / across * 64, blockIdx.x % across * 64, m, p.in, 0,
      volume(p.kernel) * p.out, true, true);
}

// conv_weight: w[(j, c), o] = Σ over (b, i) of x[b, s·i + d·j, c]·y[(b, i), o], in parts.
template <int MODE> static __device__ __forceinline__ void weight(const Conv &p, const real *x, const real *y, real *partial) {
  int m = volume(p.kernel) * p.in, k = p.batch * volume(p.positions);
  int across = (p.out + 63) / 64, down = (m + 63) / 64, split = blockIdx.x / across / down;
  partial += (size_t)split * m * p.out;
  any_product<MODE>(
      [&](int r, int k) { return x[row_of_x(p, k, r / p.in) + r % p.in]; }, [&](int k, int n) { return y[(long long)k * p.out + n]; },
      [&](int r, int n, real sum) { partial[(long long)r * p.out + n] = sum; }, blockIdx.x / across % down * 64, blockIdx.x % across * 64, m,
      p.out, split * p.terms, min(k, (split + 1) * p.terms), false, false);
}

#define CONV(suffix, mode)                                                                                                               \
  KERNEL(conv##suffix)(PARAM Conv p, const real *x, const real *w, real *y) { forward<mode>(p, x, w, y); }                               \
  EXPORT(conv##suffix)                                                                                                                   \
  KERNEL(conv_transpose##suffix)(PARAM Conv p, const real *y, const real *w, real *x) { transpose<mode>(p, y, w, x); }                   \
  EXPORT(conv_transpose##suffix)                                                                                                         \
  KERNEL(conv_weight##suffix)(PARAM Conv p, const real *x, const real *y, real *partial) { weight<mode>(p, x, y, partial); }             \
  EXPORT(conv_weight##suffix)
EACH_MODE(CONV)
