#include "gpu.h"
#include "axes.h"
#include "block.h"

// Sums: out_o = Σ_r x(o, r), or Σ_r x(o, r)·y(o, r) where y is given, over terms r in chunks; chunk c of output o goes to out[c, o].
// With several chunks a second launch of sum_columns adds them. The order of additions depends on the shapes alone.
struct Sum {
  Axes kept, summed; // over the input
  unsigned outputs, terms, chunk;
};

static __device__ __forceinline__ real term(const real *x, const real *y, long long at) { return y ? x[at] * y[at] : x[at]; }

// sum_rows: a block for each output and chunk; neighbouring threads take neighbouring terms.
KERNEL(sum_rows)(PARAM Sum p, const real *x, const real *y, real *out) {
  unsigned o = blockIdx.x % p.outputs, c = blockIdx.x / p.outputs, end = min(p.terms, (c + 1) * p.chunk);
  long long start = offset(p.kept, o);
  real s = 0;
  for (unsigned r = c * p.chunk + threadIdx.x; r < end; r += blockDim.x) s += term(x, y, start + offset(p.summed, r));
  s = block_sum(s);
  if (threadIdx.x == 0) out[blockIdx.x] = s;
}
EXPORT(sum_rows)

// sum_columns: a block for each 32 outputs and chunk; neighbouring threads take neighbouring outputs.
KERNEL(sum_columns)(PARAM Sum p, const real *x, const real *y, real *out) {
  __shared__ real part[8][32];
  unsigned tiles = (p.outputs + 31) / 32, column = threadIdx.x & 31, row = threadIdx.x >> 5;
  unsigned o = blockIdx.x % tiles * 32 + column, c = blockIdx.x / tiles, end = min(p.terms, (c + 1) * p.chunk);
  real s = 0;
  if (o < p.outputs) {
    long long start = offset(p.kept, o);
    for (unsigned r = c * p.chunk + row; r < end; r += 8) s += term(x, y, start + offset(p.summed, r));
  }
  part[row][column] = s;
  __syncthreads();
  if (row != 0 || o >= p.outputs) return;
  for (int k = 1; k < 8; k++) s += part[k][column];
  out[(size_t)c * p.outputs + o] = s;
}
EXPORT(sum_columns)
