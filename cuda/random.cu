#include "gpu.h"

// Random numbers are functions of (key, step, index) by the Philox4x32-10 generator, the same bits on every device: whatever rounds
// goes through __dadd_rn and its like, which the compiler leaves as they are.
struct Key {
  unsigned low, high;
};
struct Block {
  unsigned word[4];
};

// philox is the block of a counter (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", §4.2).
static __device__ Block philox(unsigned long long index, unsigned long long step, Key key) {
  Block c = {{(unsigned)index, (unsigned)(index >> 32), (unsigned)step, (unsigned)(step >> 32)}};
  for (int round = 0; round < 10; round++) {
    unsigned hi0 = __umulhi(0xD2511F53u, c.word[0]), lo0 = 0xD2511F53u * c.word[0];
    unsigned hi1 = __umulhi(0xCD9E8D57u, c.word[2]), lo1 = 0xCD9E8D57u * c.word[2];
    c = {{hi1 ^ c.word[1] ^ key.low, lo1, hi0 ^ c.word[3] ^ key.high, lo0}};
    key.low += 0x9E3779B9u, key.high += 0xBB67AE85u;
  }
  return c;
}

// step_of reads a step counter: (step mod 2²⁰, ⌊step/2²⁰⌋).
static __device__ unsigned long long step_of(const real *counter) {
  return ((unsigned long long)counter[1] << 20) + (unsigned long long)counter[0];
}

static __device__ double times(double a, double b) { return __dmul_rn(a, b); }
static __device__ double plus(double a, double b) { return __dadd_rn(a, b); }
static __device__ double over(double a, double b) { return __ddiv_rn(a, b); }

template <int N> static __device__ double horner(double x, const double (&c)[N]) {
  double s = 0;
  for (int k = N - 1; k >= 0; k--) s = plus(times(s, x), c[k]);
  return s;
}

// log_tail is ln x for a normal x > 0: with x = m·2ᵉ, ½ ≤ m² < 2, it is e·ln 2 + 2 artanh((m − 1)/(m + 1)).
static __device__ double log_tail(double x) {
  const double ln2_high = 0x1.62e42fep-1, ln2_low = 0x1.f473de6af278ece6p-30;
  const double series[12] = {1, 1. / 3, 1. / 5, 1. / 7, 1. / 9, 1. / 11, 1. / 13, 1. / 15, 1. / 17, 1. / 19, 1. / 21, 1. / 23};
  int e;
  double m = frexp(x, &e);
  if (m < 0.70710678118654752440) m *= 2, e--;
  double s = over(plus(m, -1), plus(m, 1));
  double tail = times(times(2, s), horner(times(s, s), series));
  return plus(times(ln2_high, e), plus(tail, times(ln2_low, e)));
}

// quantile is Φ⁻¹(u) (Wichura 1988, Algorithm AS 241, Applied Statistics 37(3), function PPND16).
static __device__ double quantile(double u) {
  const double a[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
                       4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3};
  const double b[8] = {1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
                       2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3};
  const double c[8] = {1.42343711074968357734e0, 4.63033784615654529590e0,  5.76949722146069140550e0,  3.64784832476320460504e0,
                       1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
  const double d[8] = {1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
                       1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9};
  const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,  2.96560571828504891230e-1,
                       2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
  const double f[8] = {1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
                       7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15};
  double q = plus(u, -0.5);
  if (fabs(q) <= 0.425) {
    double r = plus(0.180625, -times(q, q));
    return times(q, over(horner(r, a), horner(r, b)));
  }
  double r = __dsqrt_rn(-log_tail(fmin(u, plus(1, -u)))), z;
  if (r <= 5)
    z = over(horner(plus(r, -1.6), c), horner(plus(r, -1.6), d));
  else
    z = over(horner(plus(r, -5), e), horner(plus(r, -5), f));
  return copysign(z, q);
}

// normal: out_i = Φ⁻¹(u_i) with u_i = (k + ½)/2⁵², k of 52 bits from words 2(i mod 2) and 2(i mod 2) + 1 of block ⌊i/2⌋, i within one of
// some rows of n, each with a counter of its own. A thread makes the two numbers of a block.
KERNEL(normal)(const real *counters, real *out, unsigned rows, unsigned n, unsigned low, unsigned high) {
  unsigned blocks = (n + 1) / 2, thread = blockIdx.x * blockDim.x + threadIdx.x;
  if (thread >= rows * blocks) return;
  unsigned row = thread / blocks, block = thread % blocks;
  Block b = philox(block, step_of(counters + 2 * row), {low, high});
  for (unsigned j = 0; j < 2 && 2 * block + j < n; j++) {
    unsigned long long k = (unsigned long long)b.word[2 * j] << 20 | b.word[2 * j + 1] >> 12;
    out[row * n + 2 * block + j] = real(quantile(times(plus((double)k, 0.5), 0x1p-52)));
  }
}
EXPORT(normal)

// dropout: out_i = x_i/(1 − p) where word i mod 4 of block ⌊i/4⌋ is at least p·2³², else 0. A thread makes the four of a block.
KERNEL(dropout)(const real *x, const real *counter, real *out, unsigned n, unsigned low, unsigned high, unsigned long long least, double keep) {
  unsigned block = blockIdx.x * blockDim.x + threadIdx.x;
  if (4ull * block >= n) return;
  Block b = philox(block, step_of(counter), {low, high});
  for (unsigned j = 0; j < 4 && 4 * block + j < n; j++)
    out[4 * block + j] = b.word[j] >= least ? real(over(x[4 * block + j], keep)) : real(0);
}
EXPORT(dropout)
