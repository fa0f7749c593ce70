#include "gpu.h"

// Jet: derivatives of f(z) from those of z. Term t adds coefficient[t]·f⁽ⁿ⁾·Π z_l of its n slots l to slot terms[t].slot of the result.
struct Jet {
  unsigned function; // 1 tanh, 2 sin, 3 cos
  unsigned terms;
  unsigned in, out; // slots
  unsigned size;    // elements of a slot
  unsigned shifted; // whether b is there
};
struct Term {
  unsigned slot, n, factor[4];
};

// derivatives fills f with those of the function at z, from the function itself to the fifth.
static __device__ void derivatives(unsigned function, real z, real f[6]) {
  if (function == 1) {
    real y = tanh(z), q = y * y, d = 1 - q;
    f[0] = y, f[1] = d, f[2] = -2 * y * d, f[3] = (6 * q - 2) * d, f[4] = (16 - 24 * q) * y * d, f[5] = (16 - 120 * q + 120 * q * q) * d;
    return;
  }
  real s = sin(z), c = cos(z);
  if (function == 3) {
    real t = s;
    s = c, c = -t;
  }
  f[0] = s, f[1] = c, f[2] = -s, f[3] = -c, f[4] = s, f[5] = c;
}

// jet: y_s = Σ c f⁽ⁿ⁾(z₀ + b) Π z_l, a thread for each element of a slot. Terms are in the order of their slots.
KERNEL(jet)(PARAM Jet p, const Term *terms, const real *coefficient, const real *z, const real *b, real *y) {
  unsigned e = blockIdx.x * blockDim.x + threadIdx.x;
  if (e >= p.size) return;
  real f[6];
  derivatives(p.function, p.shifted ? z[e] + b[e] : z[e], f);
  unsigned t = 0;
  for (unsigned s = 0; s < p.out; s++) {
    real sum = 0;
    for (; t < p.terms && terms[t].slot == s; t++) {
      real x = coefficient[t] * f[terms[t].n];
      for (unsigned k = 0; k < terms[t].n; k++) x *= z[(size_t)terms[t].factor[k] * p.size + e];
      sum += x;
    }
    y[(size_t)s * p.size + e] = sum;
  }
}
EXPORT(jet)

// jet_grad: dz_l = Σ dy_s ∂y_s/∂z_l. A thread adds to the elements of its own only.
KERNEL(jet_grad)(PARAM Jet p, const Term *terms, const real *coefficient, const real *dy, const real *z, const real *b, real *dz) {
  unsigned e = blockIdx.x * blockDim.x + threadIdx.x;
  if (e >= p.size) return;
  real f[6];
  derivatives(p.function, p.shifted ? z[e] + b[e] : z[e], f);
  real first = 0;
  for (unsigned l = 1; l < p.in; l++) dz[(size_t)l * p.size + e] = 0;
  for (unsigned t = 0; t < p.terms; t++) {
    unsigned n = terms[t].n;
    real d = coefficient[t] * dy[(size_t)terms[t].slot * p.size + e], all = d * f[n + 1];
    for (unsigned k = 0; k < n; k++) {
      all *= z[(size_t)terms[t].factor[k] * p.size + e];
      real x = d * f[n];
      for (unsigned o = 0; o < n; o++)
        if (o != k) x *= z[(size_t)terms[t].factor[o] * p.size + e];
      if (terms[t].factor[k] == 0)
        first += x;
      else
        dz[(size_t)terms[t].factor[k] * p.size + e] += x;
    }
    first += all;
  }
  dz[e] = first;
}
EXPORT(jet_grad)
