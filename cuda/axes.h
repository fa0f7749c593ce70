// Axes: the lengths of an index space with the strides, in elements, of an operand over it.
#ifndef AXES
#define AXES
struct Axes {
  int rank;
  unsigned len[8];
  long long stride[8];
};

// offset is Σ i_d·stride_d for the position i in row-major order over the lengths.
static __device__ __forceinline__ long long offset(const Axes &a, unsigned i) {
  long long o = 0;
  for (int d = a.rank - 1; d > 0; d--) {
    unsigned q = i / a.len[d];
    o += (i - q * a.len[d]) * a.stride[d];
    i = q;
  }
  return a.rank > 0 ? o + i * a.stride[0] : 0;
}
#endif
