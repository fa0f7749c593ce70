#include "gpu.h"
#include "block.h"
#include "orthogonal.h"

// Least squares with unknowns that may not be negative, a block for each sample, in float64 whatever the type of the operands.

// Room is the work space of a sample.
struct Room {
  double *q, *r, *residual, *slope, *size, *z, *x;
  int *free;
};
static __device__ Room room_of(double *work, int m, int n) {
  Room w;
  w.q = work + blockIdx.x * ((size_t)m * n + (size_t)n * n + m + 5 * n);
  w.r = w.q + (size_t)m * n, w.residual = w.r + (size_t)n * n, w.slope = w.residual + m, w.size = w.slope + n, w.z = w.size + n, w.x = w.z + n;
  w.free = (int *)(w.x + n);
  return w;
}

// factorise makes Q and R of the free columns, as many as it returns, −1 where they depend on each other.
static __device__ int factorise(const real *a, const Room &w, int m, int n) {
  int f = 0, c = 0;
  for (int k = 0; k < n; k++) f += w.free[k];
  for (int k = 0; k < n; k++) {
    if (!w.free[k]) continue;
    for (int i = threadIdx.x; i < m; i += blockDim.x) w.q[(size_t)i * f + c] = a[(size_t)i * n + k];
    c++;
  }
  __syncthreads();
  return orthogonalize(w.q, w.r, m, f, 0x1p-52) ? f : -1;
}

// back solves R·x = y in place, or Rᵀ·x = y, by one thread.
static __device__ void back(const double *r, double *y, int f, bool transposed) {
  if (threadIdx.x == 0)
    for (int s = 0; s < f; s++) {
      int i = transposed ? s : f - 1 - s;
      for (int j = transposed ? 0 : i + 1; j < (transposed ? i : f); j++) y[i] -= (transposed ? r[j * f + i] : r[i * f + j]) * y[j];
      y[i] /= r[i * f + i];
    }
  __syncthreads();
}

// spread writes the f values of y to the free places of x, zero to the others, by one thread.
static __device__ void spread(const double *y, const int *free, double *x, int n) {
  if (threadIdx.x == 0)
    for (int k = 0, f = 0; k < n; k++) x[k] = free[k] ? y[f++] : 0;
  __syncthreads();
}

// nonnegative: the method of active sets; see the definition, whose steps these are.
KERNEL(nonnegative)(const real *a, const real *b, real *out, double *work, int m, int n) {
  Room w = room_of(work, m, n);
  int lane = threadIdx.x & 31, warp = threadIdx.x >> 5, warps = blockDim.x >> 5;
  a += (size_t)blockIdx.x * m * n, b += (size_t)blockIdx.x * m, out += (size_t)blockIdx.x * n;
  bool lost = false;
  for (int k = threadIdx.x; k < n; k += blockDim.x) w.z[k] = 0, w.free[k] = 0;
  for (int turn = 0; turn < 3 * n + 1 && !lost; turn++) {
    __syncthreads();
    for (int i = threadIdx.x; i < m; i += blockDim.x) {
      double s = b[i];
      for (int k = 0; k < n; k++) s -= a[(size_t)i * n + k] * w.z[k];
      w.residual[i] = s;
    }
    __syncthreads();
    for (int k = warp; k < n; k += warps) {
      double s = 0, size = 0;
      for (int i = lane; i < m; i += 32) {
        double v = a[(size_t)i * n + k], r = w.residual[i];
        s += v * r, size += fabs(v) * (fabs((double)b[i]) + fabs(r));
      }
      s = warp_sum(s), size = warp_sum(size);
      if (lane == 0) w.slope[k] = s, w.size[k] = size;
    }
    __syncthreads();
    int best = -1;
    double most = 0;
    for (int k = 0; k < n; k++) {
      double s = w.slope[k];
      lost = lost || s != s;
      if (!w.free[k] && s > fmax(most, 0x1p-45 * w.size[k])) best = k, most = s;
    }
    __syncthreads();
    if (lost || best < 0) break;
    if (threadIdx.x == 0) w.free[best] = 1;
    for (;;) {
      __syncthreads();
      int f = factorise(a, w, m, n);
      if (lost = f < 0; lost) break;
      for (int c = warp; c < f; c += warps) {
        double s = 0;
        for (int i = lane; i < m; i += 32) s += w.q[(size_t)i * f + c] * b[i];
        s = warp_sum(s);
        if (lane == 0) w.slope[c] = s;
      }
      __syncthreads();
      back(w.r, w.slope, f, false);
      spread(w.slope, w.free, w.x, n);
      double step = 1;
      int last = -1;
      for (int k = 0; k < n; k++)
        if (w.free[k] && !(w.x[k] > 0)) {
          double t = w.z[k] / (w.z[k] - w.x[k]);
          if (t < step || last < 0) step = t, last = k;
        }
      __syncthreads();
      for (int k = threadIdx.x; k < n; k += blockDim.x) {
        w.z[k] = last < 0 ? w.x[k] : w.z[k] + step * (w.x[k] - w.z[k]);
        if (last >= 0 && (k == last || (w.free[k] && !(w.z[k] > 0)))) w.z[k] = 0, w.free[k] = 0;
      }
      if (last < 0) break;
    }
  }
  __syncthreads();
  for (int k = 0; k < n; k++) lost = lost || w.z[k] != w.z[k];
  for (int k = threadIdx.x; k < n; k += blockDim.x) out[k] = lost ? sqrt(real(-1)) : real(w.z[k]);
}
EXPORT(nonnegative)

// nonnegative_adjoint: v = (AᵀA)⁻¹·dz over the unknowns above zero.
KERNEL(nonnegative_adjoint)(const real *a, const real *z, const real *dz, real *out, double *work, int m, int n) {
  Room w = room_of(work, m, n);
  a += (size_t)blockIdx.x * m * n, z += (size_t)blockIdx.x * n, dz += (size_t)blockIdx.x * n, out += (size_t)blockIdx.x * n;
  if (threadIdx.x == 0)
    for (int k = 0, f = 0; k < n; k++)
      if (w.free[k] = z[k] > 0; w.free[k]) w.slope[f++] = dz[k];
  __syncthreads();
  int f = factorise(a, w, m, n);
  if (f > 0) back(w.r, w.slope, f, true), back(w.r, w.slope, f, false);
  spread(w.slope, w.free, w.x, n);
  for (int k = threadIdx.x; k < n; k += blockDim.x) out[k] = f < 0 && w.free[k] ? sqrt(real(-1)) : real(w.x[k]);
}
EXPORT(nonnegative_adjoint)
