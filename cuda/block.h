// Sums over a block or a warp, the same for all of its threads and in the same order each time.
#ifndef BLOCK
#define BLOCK
static __device__ __forceinline__ real warp_sum(real v) {
  for (int o = 16; o > 0; o >>= 1) v += __shfl_xor_sync(0xffffffffu, v, o);
  return v;
}

// The block has whole warps.
static __device__ real block_sum(real v) {
  __shared__ real part[32];
  int lane = threadIdx.x & 31, warp = threadIdx.x >> 5, warps = blockDim.x >> 5;
  v = warp_sum(v);
  __syncthreads(); // an earlier sum has been read
  if (lane == 0) part[warp] = v;
  __syncthreads();
  return warp_sum(lane < warps ? part[lane] : real(0));
}
#endif
