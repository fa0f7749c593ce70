// The functions of one and of two elements that chains are made of, in the order of their numbers: fn_name(x, y, a, b), where y is
// the second element and a and b are constants, each used by those that have one.
#ifndef FUNCTIONS
#define FUNCTIONS(F)                                                                                                          \
  F(affine) F(add) F(sub) F(mul) F(div) F(exp) F(log) F(sin) F(cos) F(sqrt) F(tanh) F(sigmoid) F(silu) F(silu_slope) F(gelu)   \
  F(gelu_slope) F(gelu_tanh) F(gelu_tanh_slope) F(relu) F(step) F(softplus) F(pow)

#define FN(name) static __device__ __forceinline__ real fn_##name(real x, real y, real a, real b)

FN(affine) { return a * x + b; }
FN(add) { return x + y; }
FN(sub) { return x - y; }
FN(mul) { return x * y; }
FN(div) { return x / y; }
FN(exp) { return exp(x); }
FN(log) { return log(x); }
FN(sin) { return sin(x); }
FN(cos) { return cos(x); }
FN(sqrt) { return sqrt(x); }
FN(tanh) { return tanh(x); }
FN(sigmoid) { return 1 / (1 + exp(-x)); }
FN(silu) { return x / (1 + exp(-x)); }
// s(1 + x(1 − s)) with s = sigmoid(x) and 1 − s = sigmoid(−x)
FN(silu_slope) { return fn_sigmoid(x, 0, 0, 0) * (1 + x * fn_sigmoid(-x, 0, 0, 0)); }
// x·Φ(x), Φ(x) = erfc(−x/√2)/2
FN(gelu) { return x * real(0.5) * erfc(x * real(-0.70710678118654752440)); }
// Φ(x) + x·φ(x)
FN(gelu_slope) { return real(0.5) * erfc(x * real(-0.70710678118654752440)) + x * exp(real(-0.5) * x * x) * real(0.39894228040143267794); }
// (1 + tanh u)/2 = sigmoid(2u), u = √(2/π)(x + 0.044715x³)
static __device__ __forceinline__ real gelu_argument(real x) { return real(1.5957691216057308) * (x + real(0.044715) * x * x * x); }
FN(gelu_tanh) { return x / (1 + exp(-gelu_argument(x))); }
FN(gelu_tanh_slope) {
  real u = gelu_argument(x), s = fn_sigmoid(u, 0, 0, 0), rest = fn_sigmoid(-u, 0, 0, 0);
  return s * (1 + x * rest * real(1.5957691216057308) * (1 + real(0.134145) * x * x));
}
FN(relu) { return x <= 0 ? real(0) : x; }
FN(step) { return x > 0 ? real(1) : x <= 0 ? real(0) : x; }
FN(softplus) { return fmax(x, real(0)) + log1p(exp(-fabs(x))); }
FN(pow) { return pow(x, a); }
#endif
