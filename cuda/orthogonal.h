// The orthogonalisation of the columns of a matrix by one block.
#ifndef ORTHOGONAL
#define ORTHOGONAL
// orthogonalize replaces the columns of q [m, n] by orthonormal ones, by Gram and Schmidt's method, each column twice, and writes R [n, n]
// with q·R = what q was. It returns false where a column depends on those before it. The coefficients of a pass wait below the
// diagonal of R, which is cleared in the end. Use after block.h.
template <class T> static __device__ bool orthogonalize(T *q, T *r, int m, int n, T epsilon) {
  int lane = threadIdx.x & 31, warp = threadIdx.x >> 5, warps = blockDim.x >> 5;
  for (int e = threadIdx.x; e < n * n; e += blockDim.x) r[e] = 0;
  for (int j = 0; j < n; j++) {
    T before = 0, after = 0;
    for (int i = threadIdx.x; i < m; i += blockDim.x) before += q[(size_t)i * n + j] * q[(size_t)i * n + j];
    before = block_sum(before);
    for (int pass = 0; pass < 2; pass++) {
      __syncthreads();
      for (int k = warp; k < j; k += warps) {
        T s = 0;
        for (int i = lane; i < m; i += 32) s += q[(size_t)i * n + k] * q[(size_t)i * n + j];
        s = warp_sum(s);
        if (lane == 0) r[k * n + j] += s, r[j * n + k] = s;
      }
      __syncthreads();
      for (int i = threadIdx.x; i < m; i += blockDim.x) {
        T v = q[(size_t)i * n + j];
        for (int k = 0; k < j; k++) v -= r[j * n + k] * q[(size_t)i * n + k];
        q[(size_t)i * n + j] = v;
      }
    }
    for (int i = threadIdx.x; i < m; i += blockDim.x) after += q[(size_t)i * n + j] * q[(size_t)i * n + j];
    after = sqrt(block_sum(after));
    __syncthreads();
    if (!(after > m * epsilon * sqrt(before))) return false;
    for (int i = threadIdx.x; i < m; i += blockDim.x) q[(size_t)i * n + j] /= after;
    for (int k = threadIdx.x; k <= j; k += blockDim.x) r[j * n + k] = k == j ? after : T(0);
    __syncthreads();
  }
  return true;
}
#endif
