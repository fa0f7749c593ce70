// Products on tensor cores: tiles of 16 × 8 sums, one by each warp, from operands of fewer bits than the float32 that they come from.
#ifndef MMA
#define MMA
// How the elements of a product are rounded: not at all; to 10 bits behind the point (TF32); each to the sum of two TF32 numbers, of
// whose four products the three large ones are taken; to 7 bits (bfloat16).
enum { EXACT, TF32, TF32X3, BF16 };

// The lanes of a warp hold the fragments as the instruction set says: with g = lane/4 and t = lane%4,
//   mma_tf32, A of 16 × 8:  a[0] = A(g, t), a[1] = A(g+8, t), a[2] = A(g, t+4), a[3] = A(g+8, t+4);  b[0] = B(t, g), b[1] = B(t+4, g);
//   mma_bf16, A of 16 × 16: the same with pairs, a[0] = A(g, 2t .. 2t+1), a[2] = A(g, 2t+8 .. 2t+9), b[0] = B(2t .. 2t+1, g);
//   both: c[0] = C(g, 2t), c[1] = C(g, 2t+1), c[2] = C(g+8, 2t), c[3] = C(g+8, 2t+1), to which A·B is added.
#ifdef __CUDACC_RTC__
static __device__ __forceinline__ unsigned to_tf32(float x) {
  unsigned y;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(y) : "f"(x));
  return y;
}
static __device__ __forceinline__ float bits(unsigned x) { return __uint_as_float(x); }
static __device__ __forceinline__ unsigned to_bf16(float low, float high) {
  unsigned y;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(y) : "f"(high), "f"(low));
  return y;
}
static __device__ __forceinline__ void mma_tf32(float *c, const unsigned *a, const unsigned *b) {
  asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
static __device__ __forceinline__ void mma_bf16(float *c, const unsigned *a, const unsigned *b) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
#else
static inline unsigned raw(float x) {
  unsigned u;
  memcpy(&u, &x, sizeof u);
  return u;
}
static inline float bits(unsigned u) {
  float x;
  memcpy(&x, &u, sizeof x);
  return x;
}
static inline unsigned to_tf32(float x) { return x - x == 0 ? (raw(x) + 0x1000u) & ~0x1fffu : raw(x); } // ties away from zero
static inline unsigned to_bf16(float low, float high) {
  auto round = [](float x) { unsigned u = raw(x); return x - x == 0 ? (u + 0x7fffu + (u >> 16 & 1)) >> 16 : u >> 16 | (x != x); };
  return round(low) | round(high) << 16;
}
static inline void mma_tf32(float *c, const unsigned *a, const unsigned *b) {
  int lane = threadIdx.x & 31, g = lane / 4, t = lane % 4;
  for (int k = 0; k < 8; k++) {
    int from = k % 4, half = k / 4;
    float low = bits(__shfl_sync(~0u, a[2 * half], 4 * g + from)), high = bits(__shfl_sync(~0u, a[2 * half + 1], 4 * g + from));
    float left = bits(__shfl_sync(~0u, b[half], 8 * t + from)), right = bits(__shfl_sync(~0u, b[half], 8 * t + 4 + from));
    c[0] += low * left, c[1] += low * right, c[2] += high * left, c[3] += high * right;
  }
}
static inline void mma_bf16(float *c, const unsigned *a, const unsigned *b) {
  int lane = threadIdx.x & 31, g = lane / 4, t = lane % 4;
  for (int k = 0; k < 16; k++) {
    int from = k % 8 / 2, half = k / 8;
    auto part = [&](unsigned pair) { return bits(k % 2 ? pair & 0xffff0000u : pair << 16); };
    float low = part(__shfl_sync(~0u, a[2 * half], 4 * g + from)), high = part(__shfl_sync(~0u, a[2 * half + 1], 4 * g + from));
    float left = part(__shfl_sync(~0u, b[half], 8 * t + from)), right = part(__shfl_sync(~0u, b[half], 8 * t + 4 + from));
    c[0] += low * left, c[1] += low * right, c[2] += high * left, c[3] += high * right;
  }
}
#endif

// tensor_product is tile_product for a tile of 64 × 64, with 256 threads: each of the eight warps keeps 16 × 32 sums.
template <int MODE, class A, class B, class C>
static __device__ __forceinline__ void tensor_product(A a, B b, C c, int m0, int n0, int m, int n, int k0, int k1, bool a_by_k, bool b_by_k) {
  constexpr int T = 64, TK = 16;
  __shared__ float as[T][TK + 4], bs[TK][T + 8]; // rows whose lanes of one fragment lie in different banks
  int lane = threadIdx.x & 31, warp = threadIdx.x >> 5, g = lane / 4, t = lane % 4, row = warp / 2 * 16, column = warp % 2 * 32;
  float sum[4][4];
  for (int j = 0; j < 4; j++)
    for (int e = 0; e < 4; e++) sum[j][e] = 0;
  for (int k = k0; k < k1; k += TK) {
    for (int e = threadIdx.x; e < T * TK; e += 256) {
      int i = a_by_k ? e / TK : e % T, l = a_by_k ? e % TK : e / T;
      as[i][l] = m0 + i < m && k + l < k1 ? a(m0 + i, k + l) : 0;
    }
    for (int e = threadIdx.x; e < T * TK; e += 256) {
      int j = b_by_k ? e / TK : e % T, l = b_by_k ? e % TK : e / T;
      bs[l][j] = n0 + j < n && k + l < k1 ? b(k + l, n0 + j) : 0;
    }
    __syncthreads();
    if (MODE == BF16) {
      unsigned x[4], y[2];
      for (int e = 0; e < 4; e++) {
        const float *pair = &as[row + g + 8 * (e % 2)][2 * t + 8 * (e / 2)];
        x[e] = to_bf16(pair[0], pair[1]);
      }
      for (int j = 0; j < 4; j++) {
        int at = column + 8 * j + g;
        for (int e = 0; e < 2; e++) y[e] = to_bf16(bs[2 * t + 8 * e][at], bs[2 * t + 8 * e + 1][at]);
        mma_bf16(sum[j], x, y);
      }
    } else {
#pragma unroll
      for (int l = 0; l < TK; l += 8) {
        unsigned x[4], rest[4], y[2], left[2];
        for (int e = 0; e < 4; e++) {
          float v = as[row + g + 8 * (e % 2)][l + t + 4 * (e / 2)];
          x[e] = to_tf32(v), rest[e] = to_tf32(v - bits(x[e]));
        }
        for (int j = 0; j < 4; j++) {
          for (int e = 0; e < 2; e++) {
            float v = bs[l + t + 4 * e][column + 8 * j + g];
            y[e] = to_tf32(v), left[e] = to_tf32(v - bits(y[e]));
          }
          if (MODE == TF32X3) mma_tf32(sum[j], rest, y), mma_tf32(sum[j], x, left); // the small ones first
          mma_tf32(sum[j], x, y);
        }
      }
    }
    __syncthreads();
  }
  for (int j = 0; j < 4; j++)
    for (int e = 0; e < 4; e++) {
      int i = m0 + row + g + 8 * (e / 2), at = n0 + column + 8 * j + 2 * t + e % 2;
      if (i < m && at < n) c(i, at, sum[j][e]);
    }
}

// any_product is tile_product of 64 × 64 tiles, or tensor_product where numbers may be rounded.
template <int MODE, class A, class B, class C>
static __device__ __forceinline__ void any_product(A a, B b, C c, int m0, int n0, int m, int n, int k0, int k1, bool a_by_k, bool b_by_k) {
  if constexpr (MODE == EXACT || sizeof(real) == sizeof(double))
    tile_product<real, 64, 64>(a, b, c, m0, n0, m, n, k0, k1, a_by_k, b_by_k);
  else
    tensor_product<MODE>(a, b, c, m0, n0, m, n, k0, k1, a_by_k, b_by_k);
}

// EACH_MODE(F) defines the kernels of all modes that there are: F(suffix of the name, mode).
#ifdef DOUBLE
#define EACH_MODE(F) F(, EXACT)
#else
#define EACH_MODE(F) F(, EXACT) F(_tf32, TF32) F(_3xtf32, TF32X3) F(_bf16, BF16)
#endif
#endif
