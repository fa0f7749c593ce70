#include "gpu.h"
#include "axes.h"

// move: out[to(i)] = in[from(i)] for all i < n: copies, slices, the parts of a concatenation, broadcasts, permutations of axes.
KERNEL(move)(PARAM Axes from, PARAM Axes to, const real *in, real *out, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) out[offset(to, i)] = in[offset(from, i)];
}
EXPORT(move)

// transpose: out[b, c, r] = in[b, r, c], through tiles of 32 × 32 so that reads and writes are both contiguous.
KERNEL(transpose)(const real *in, real *out, unsigned rows, unsigned columns) {
  __shared__ real tile[32][33];
  unsigned across = (columns + 31) / 32, down = (rows + 31) / 32, batch = blockIdx.x / (across * down);
  unsigned c0 = blockIdx.x % across * 32, r0 = blockIdx.x / across % down * 32, x = threadIdx.x & 31, y = threadIdx.x >> 5;
  size_t start = (size_t)batch * rows * columns;
  for (unsigned j = y; j < 32; j += 8)
    if (c0 + x < columns && r0 + j < rows) tile[j][x] = in[start + (size_t)(r0 + j) * columns + c0 + x];
  __syncthreads();
  for (unsigned j = y; j < 32; j += 8)
    if (r0 + x < rows && c0 + j < columns) out[start + (size_t)(c0 + j) * rows + r0 + x] = tile[x][j];
}
EXPORT(transpose)

// cast: out_i = x_i, rounded to nearest.
KERNEL(cast)(const other *x, real *out, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) out[i] = real(x[i]);
}
EXPORT(cast)

// Pad: an axis of length small is extended by before and after to length big; tail is the size of the axes behind it.
struct Pad {
  int mode; // 0 zeros, 1 periodic, 2 mirrored
  int small, big, before, tail;
};

// pad: out[b, i, t] = in[b, source(i), t].
KERNEL(pad)(PARAM Pad p, const real *in, real *out, unsigned n) {
  unsigned e = blockIdx.x * blockDim.x + threadIdx.x;
  if (e >= n) return;
  int t = e % p.tail, i = e / p.tail % p.big, j = i - p.before;
  unsigned b = e / p.tail / p.big;
  bool inside = j >= 0 && j < p.small;
  if (!inside && p.mode == 1) j = (j + p.small) % p.small;
  if (!inside && p.mode == 2) j = j < 0 ? -j : 2 * (p.small - 1) - j;
  out[e] = inside || p.mode != 0 ? in[((size_t)b * p.small + j) * p.tail + t] : real(0);
}
EXPORT(pad)

// pad_adjoint: out[b, j, t] = Σ over i with source(i) = j of in[b, i, t]: the place itself and at most one image on each side.
KERNEL(pad_adjoint)(PARAM Pad p, const real *in, real *out, unsigned n) {
  unsigned e = blockIdx.x * blockDim.x + threadIdx.x;
  if (e >= n) return;
  int t = e % p.tail, j = e / p.tail % p.small, i = j + p.before;
  const real *row = in + (size_t)(e / p.tail / p.small) * p.big * p.tail + t;
  real s = row[(size_t)i * p.tail];
  if (p.mode != 0) {
    int left = p.mode == 1 ? i - p.small : p.before - j, right = p.mode == 1 ? i + p.small : 2 * (p.small - 1) - j + p.before;
    if (left >= 0 && left < p.before) s += row[(size_t)left * p.tail];
    if (right < p.big && right >= p.before + p.small) s += row[(size_t)right * p.tail];
  }
  out[e] = s;
}
EXPORT(pad_adjoint)
