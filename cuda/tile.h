// A product of matrices, C = A·B, by tiles, whatever lies behind A, B and C.
#ifndef TILE
#define TILE
// tile_product computes the tile of TM × TN elements of C at (m0, n0), summing over k0..k1−1, with 256 threads: each keeps a block of
// TM/16 × TN/16 sums. a(m, k) and b(k, n) give elements inside the matrices, c(m, n, sum) takes them. Neighbouring threads read
// neighbouring k where the flag is set, else neighbouring m or n.
template <class T, int TM, int TN, class A, class B, class C>
static __device__ __forceinline__ void tile_product(A a, B b, C c, int m0, int n0, int m, int n, int k0, int k1, bool a_by_k, bool b_by_k) {
  constexpr int TK = 16, RM = TM / 16, RN = TN / 16;
  __shared__ T as[TK][TM + 1], bs[TK][TN + 1];
  int ty = threadIdx.x / 16, tx = threadIdx.x % 16;
  T sum[RM][RN];
  for (int i = 0; i < RM; i++)
    for (int j = 0; j < RN; j++) sum[i][j] = T(0);
  for (int k = k0; k < k1; k += TK) {
    for (int e = threadIdx.x; e < TM * TK; e += 256) {
      int i = a_by_k ? e / TK : e % TM, l = a_by_k ? e % TK : e / TM;
      as[l][i] = m0 + i < m && k + l < k1 ? a(m0 + i, k + l) : T(0);
    }
    for (int e = threadIdx.x; e < TN * TK; e += 256) {
      int j = b_by_k ? e / TK : e % TN, l = b_by_k ? e % TK : e / TN;
      bs[l][j] = n0 + j < n && k + l < k1 ? b(k + l, n0 + j) : T(0);
    }
    __syncthreads();
#pragma unroll
    for (int l = 0; l < TK; l++) {
      T x[RM], y[RN];
      for (int i = 0; i < RM; i++) x[i] = as[l][ty + 16 * i];
      for (int j = 0; j < RN; j++) y[j] = bs[l][tx + 16 * j];
      for (int i = 0; i < RM; i++)
        for (int j = 0; j < RN; j++) sum[i][j] += x[i] * y[j];
    }
    __syncthreads();
  }
  for (int i = 0; i < RM; i++)
    for (int j = 0; j < RN; j++)
      if (m0 + ty + 16 * i < m && n0 + tx + 16 * j < n) c(m0 + ty + 16 * i, n0 + tx + 16 * j, sum[i][j]);
}
#endif
