#include "gpu.h"

// gather: out[i, :] = table[index[i], :] for rows of length d; an index outside the table gives NaN.
KERNEL(gather)(const real *table, const real *index, real *out, unsigned rows, unsigned d, unsigned n) {
  unsigned e = blockIdx.x * blockDim.x + threadIdx.x;
  if (e >= n) return;
  real v = index[e / d];
  out[e] = v >= 0 && v < rows ? table[(size_t)v * d + e % d] : real(nan(""));
}
EXPORT(gather)

// scatter: out[v, :] = Σ over i with index[i] = v of rows[i, :]. A thread for each element of out walks the whole index, in order, so
// that the sum is the same each time.
KERNEL(scatter)(const real *rows, const real *index, real *out, unsigned count, unsigned d, unsigned n) {
  unsigned e = blockIdx.x * blockDim.x + threadIdx.x;
  if (e >= n) return;
  real v = real(e / d), s = 0;
  for (unsigned i = 0; i < count; i++)
    if (index[i] == v) s += rows[(size_t)i * d + e % d];
  out[e] = s;
}
EXPORT(scatter)
