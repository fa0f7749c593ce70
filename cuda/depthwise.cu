#include "gpu.h"

// Depthwise: the sizes of T(x, w, y) = Σ x[b, i + j, c]·w[j, c]·y[b, i, c] with three grid axes, unused ones of length one; x on the
// grid size, w on kernel, read backwards on every axis with flip, y on positions.
struct Depthwise {
  int batch, channels, flip;
  int size[3], kernel[3], positions[3];
};

// window: where the row x[b, i + j, :] begins for position number m = (b, i) and the kernel point that is stored as number j.
static __device__ __forceinline__ long long window(const Depthwise &p, int m, int j) {
  int i[3], q[3];
  for (int d = 2; d >= 0; d--) {
    i[d] = m % p.positions[d], m /= p.positions[d];
    q[d] = j % p.kernel[d], j /= p.kernel[d];
    if (p.flip) q[d] = p.kernel[d] - 1 - q[d];
  }
  long long at = m;
  for (int d = 0; d < 3; d++) at = at * p.size[d] + i[d] + q[d];
  return at * p.channels;
}

static __device__ __forceinline__ int points(const int *len) { return len[0] * len[1] * len[2]; }

// depthwise: y[m, c] = Σ_j x[window(m, j), c]·w[j, c], a thread for each element.
KERNEL(depthwise)(PARAM Depthwise p, const real *x, const real *w, real *y, unsigned n) {
  unsigned e = blockIdx.x * blockDim.x + threadIdx.x;
  if (e >= n) return;
  int m = e / p.channels, c = e % p.channels, taps = points(p.kernel);
  real sum = 0;
  for (int j = 0; j < taps; j++) sum += x[window(p, m, j) + c] * w[(size_t)j * p.channels + c];
  y[e] = sum;
}
EXPORT(depthwise)

// depthwise_weight: w[j, c] = Σ_m x[window(m, j), c]·y[m, c]. A block of 8 × 32 threads takes one point of the kernel and 32 channels;
// its rows take every eighth position and are added in order.
KERNEL(depthwise_weight)(PARAM Depthwise p, const real *x, const real *y, real *w) {
  __shared__ real part[8][32];
  int across = (p.channels + 31) / 32, j = blockIdx.x / across, row = threadIdx.x / 32, lane = threadIdx.x % 32;
  int c = blockIdx.x % across * 32 + lane, m = p.batch * points(p.positions);
  real sum = 0;
  if (c < p.channels)
    for (int i = row; i < m; i += 8) sum += x[window(p, i, j) + c] * y[(size_t)i * p.channels + c];
  part[row][lane] = sum;
  __syncthreads();
  if (row == 0 && c < p.channels) {
    for (int r = 1; r < 8; r++) sum += part[r][lane];
    w[(size_t)j * p.channels + c] = sum;
  }
}
EXPORT(depthwise_weight)
