#include "gpu.h"
#include "axes.h"
#include "block.h"

// Norm: groups of elements with a mean and a variance each.
struct Norm {
  Axes group, member; // over the input
  unsigned size;      // members of a group
  real epsilon;
};

// normalize: y = (x − μ)/√(σ² + ε), a block for each group: one pass for μ, one for σ², one for y.
KERNEL(normalize)(PARAM Norm p, const real *x, real *y) {
  long long start = offset(p.group, blockIdx.x);
  real s = 0, q = 0;
  for (unsigned i = threadIdx.x; i < p.size; i += blockDim.x) s += x[start + offset(p.member, i)];
  real mean = block_sum(s) / p.size;
  for (unsigned i = threadIdx.x; i < p.size; i += blockDim.x) {
    real d = x[start + offset(p.member, i)] - mean;
    q += d * d;
  }
  real scale = 1 / sqrt(block_sum(q) / p.size + p.epsilon);
  for (unsigned i = threadIdx.x; i < p.size; i += blockDim.x) {
    long long at = start + offset(p.member, i);
    y[at] = (x[at] - mean) * scale;
  }
}
EXPORT(normalize)

// normalize_grad: dx = s·(dy − mean(dy) − x̂·mean(x̂·dy)) with s = 1/√(σ² + ε) and x̂ = s(x − μ).
KERNEL(normalize_grad)(PARAM Norm p, const real *x, const real *dy, real *dx) {
  long long start = offset(p.group, blockIdx.x);
  real s = 0, t = 0, q = 0, c = 0;
  for (unsigned i = threadIdx.x; i < p.size; i += blockDim.x) {
    long long at = start + offset(p.member, i);
    s += x[at], t += dy[at];
  }
  real mean = block_sum(s) / p.size, m1 = block_sum(t) / p.size;
  for (unsigned i = threadIdx.x; i < p.size; i += blockDim.x) {
    long long at = start + offset(p.member, i);
    real d = x[at] - mean;
    q += d * d, c += dy[at] * d;
  }
  real scale = 1 / sqrt(block_sum(q) / p.size + p.epsilon), m2 = block_sum(c) * scale / p.size;
  for (unsigned i = threadIdx.x; i < p.size; i += blockDim.x) {
    long long at = start + offset(p.member, i);
    dx[at] = scale * (dy[at] - m1 - (x[at] - mean) * scale * m2);
  }
}
EXPORT(normalize_grad)

// softmax: y_i = exp(x_i − max x)/Σ_j exp(x_j − max x) for rows of n, one warp a row.
KERNEL(softmax)(const real *x, real *y, unsigned rows, unsigned n) {
  unsigned row = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32, lane = threadIdx.x & 31;
  if (row >= rows) return;
  x += (size_t)row * n, y += (size_t)row * n;
  real top = x[0], sum = 0;
  for (unsigned i = lane; i < n; i += 32) top = fmax(top, x[i]);
  for (int o = 16; o > 0; o >>= 1) top = fmax(top, __shfl_xor_sync(0xffffffffu, top, o));
  for (unsigned i = lane; i < n; i += 32) {
    real e = exp(x[i] - top);
    y[i] = e;
    sum += e;
  }
  sum = warp_sum(sum);
  for (unsigned i = lane; i < n; i += 32) y[i] /= sum;
}
EXPORT(softmax)
