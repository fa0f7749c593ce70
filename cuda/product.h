// Products of batches of matrices through views, whatever becomes of their elements.
#ifndef PRODUCTS
#define PRODUCTS
#include "tile.h"
#include "mma.h"

// Split: an index i that is (outer, inner) in memory: i is at ⌊i/inner⌋·outer + (i mod inner)·step.
struct Split {
  int inner;
  long long outer, step;
};

// View: where the elements of a batch of matrices lie.
struct View {
  Split batch, row, column;
};

// Product: C[b] (+)= A[b]·B[b], C of m × n, summed over k, b < batch. The sum is cut into splits of length terms; with more than one
// they go to partial[split, b, m, n] and product_sum adds them.
struct Product {
  View a, b, c;
  int m, n, k, batch, splits, terms;
  int add;            // to what C holds
  int a_by_k, b_by_k; // the matrix is contiguous along k
  int conjugate_a, conjugate_b;
  long long plane_a, plane_b, plane_c; // from real to imaginary parts, in elements
};

static __device__ __forceinline__ long long at(const Split &s, int i) {
  return i < s.inner ? i * s.step : i / s.inner * s.outer + i % s.inner * s.step;
}
static __device__ __forceinline__ long long at(const View &v, int row, int column) { return at(v.row, row) + at(v.column, column); }

// product_tile computes the tile of T × T elements that the number of the block says. take(place, sum) gets each element with its place
// in C, unless the sum is cut: then partial gets it.
template <int T, int MODE, class Take>
static __device__ __forceinline__ void product_tile(const Product &p, const real *a, const real *b, real *partial, Take take) {
  int across = (p.n + T - 1) / T, down = (p.m + T - 1) / T, i = blockIdx.x;
  int n0 = i % across * T, m0 = i / across % down * T, batch = i / across / down % p.batch, split = i / across / down / p.batch;
  a += at(p.a.batch, batch), b += at(p.b.batch, batch);
  long long c = at(p.c.batch, batch);
  partial += ((size_t)split * p.batch + batch) * p.m * p.n;
  auto left = [&](int m, int k) { return a[at(p.a, m, k)]; };
  auto right = [&](int k, int n) { return b[at(p.b, k, n)]; };
  auto to = [&](int m, int n, real sum) {
    if (p.splits > 1)
      partial[(size_t)m * p.n + n] = sum;
    else
      take(c + at(p.c, m, n), sum);
  };
  int k0 = split * p.terms, k1 = min(p.k, (split + 1) * p.terms);
  if constexpr (T == 64)
    any_product<MODE>(left, right, to, m0, n0, p.m, p.n, k0, k1, p.a_by_k, p.b_by_k);
  else
    tile_product<real, T, T>(left, right, to, m0, n0, p.m, p.n, k0, k1, p.a_by_k, p.b_by_k);
}

// product_total gives take the sum over the parts of the element that the number of the thread says.
template <class Take> static __device__ __forceinline__ void product_total(const Product &p, const real *partial, Take take) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x, size = (unsigned)p.batch * p.m * p.n;
  if (i >= size) return;
  real sum = 0;
  for (int s = 0; s < p.splits; s++) sum += partial[(size_t)s * size + i];
  take(at(p.c.batch, i / (p.m * p.n)) + at(p.c, i / p.n % p.m, i % p.n), sum);
}

struct Complex {
  real re, im;
  Complex() = default;
  __device__ Complex(real re, real im = 0) : re(re), im(im) {}
  __device__ Complex &operator+=(const Complex &z) { return re += z.re, im += z.im, *this; }
};
static __device__ __forceinline__ Complex operator*(const Complex &x, const Complex &y) { return {x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re}; }

// complex_tile is product_tile of complex matrices whose imaginary parts follow the real ones in a plane of their own.
template <class Take> static __device__ __forceinline__ void complex_tile(const Product &p, const real *a, const real *b, Take take) {
  int across = (p.n + 31) / 32, down = (p.m + 31) / 32, i = blockIdx.x;
  int n0 = i % across * 32, m0 = i / across % down * 32, batch = i / across / down;
  a += at(p.a.batch, batch), b += at(p.b.batch, batch);
  long long c = at(p.c.batch, batch);
  real sa = p.conjugate_a ? -1 : 1, sb = p.conjugate_b ? -1 : 1;
  tile_product<Complex, 32, 32>(
      [&](int m, int k) { const real *z = a + at(p.a, m, k); return Complex(z[0], sa * z[p.plane_a]); },
      [&](int k, int n) { const real *z = b + at(p.b, k, n); return Complex(z[0], sb * z[p.plane_b]); },
      [&](int m, int n, Complex sum) {
        long long z = c + at(p.c, m, n);
        take(z, sum.re), take(z + p.plane_c, sum.im);
      },
      m0, n0, p.m, p.n, 0, p.k, p.a_by_k, p.b_by_k);
}
#endif
