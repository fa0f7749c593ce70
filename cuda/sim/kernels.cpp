//go:build gpu

// The kernels on the host: every file, once for float and once for double.
#include "../gpu.h"

namespace f32 {
typedef float real;
typedef double other;
#define NAME(n) n##_f32
#include "kernels.inc"
#include "planted.inc"
#undef NAME
} // namespace f32

namespace f64 {
typedef double real;
typedef float other;
#define NAME(n) n##_f64
#include "kernels.inc"
} // namespace f64
