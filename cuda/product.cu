#include "gpu.h"
#include "product.h"

// store: C (+)= sum.
static __device__ __forceinline__ void store(const Product &p, real *c, long long place, real sum) { c[place] = p.add ? c[place] + sum : sum; }

#define PRODUCT(suffix, mode)                                                                                          \
  KERNEL(product##suffix)(PARAM Product p, const real *a, const real *b, real *c, real *partial) {                     \
    product_tile<64, mode>(p, a, b, partial, [&](long long place, real sum) { store(p, c, place, sum); });             \
  }                                                                                                                    \
  EXPORT(product##suffix)
EACH_MODE(PRODUCT)
KERNEL(product_small)(PARAM Product p, const real *a, const real *b, real *c, real *partial) {
  product_tile<32, EXACT>(p, a, b, partial, [&](long long place, real sum) { store(p, c, place, sum); });
}
EXPORT(product_small)

// product_sum: C = Σ over splits of partial.
KERNEL(product_sum)(PARAM Product p, const real *partial, real *c) {
  product_total(p, partial, [&](long long place, real sum) { store(p, c, place, sum); });
}
EXPORT(product_sum)

// cproduct: the product of complex matrices.
KERNEL(cproduct)(PARAM Product p, const real *a, const real *b, real *c) {
  complex_tile(p, a, b, [&](long long place, real sum) { store(p, c, place, sum); });
}
EXPORT(cproduct)
