// What every kernel file includes: the element type and the names of its kernels.
//
// A file is compiled once with real = float and once, with DOUBLE defined, with real = double; KERNEL(sum) defines sum_f32 or
// sum_f64. The host simulator defines both by including the file in two namespaces that declare real and other themselves.
#pragma once
#if defined(__CUDACC_RTC__) && defined(DOUBLE)
typedef double real;
typedef float other; // the element type that this is not
#define NAME(n) n##_f64
#elif defined(__CUDACC_RTC__)
typedef float real;
typedef double other;
#define NAME(n) n##_f32
#else
#include "sim/cudasim.h"
#endif
#ifdef __CUDACC_RTC__
#define EXPORT(name)
#else
#define EXPORT(name) CUSIM_EXPORT(NAME(name))
#endif
#define KERNEL(name) extern "C" __global__ void NAME(name)
#define PARAM const __grid_constant__ // a struct that stays where the launch put it
