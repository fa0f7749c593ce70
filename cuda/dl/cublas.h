// The functions of cuBLAS that we call, the same from CUDA 11 to 13, as plain C types: results and enumerations are int, handles and
// streams void *. F(result, name, parameters...)
#pragma once
#include <stddef.h>
#define CUBLAS(F)                                                                                                      \
  F(int, cublasCreate_v2, void **)                                                                                     \
  F(int, cublasDestroy_v2, void *)                                                                                     \
  F(int, cublasGetProperty, int, int *)                                                                                \
  F(int, cublasSetStream_v2, void *, void *)                                                                           \
  F(int, cublasSetWorkspace_v2, void *, void *, size_t)                                                                \
  F(int, cublasSgemmStridedBatched, void *, int, int, int, int, int, const float *, const float *, int, long long,     \
    const float *, int, long long, const float *, float *, int, long long, int)                                        \
  F(int, cublasDgemmStridedBatched, void *, int, int, int, int, int, const double *, const double *, int, long long,   \
    const double *, int, long long, const double *, double *, int, long long, int)                                     \
  F(int, cublasGemmStridedBatchedEx, void *, int, int, int, int, int, const void *, const void *, int, int, long long, \
    const void *, int, int, long long, const void *, void *, int, int, long long, int, int, int)
enum { CUDA_R_32F = 0, CUBLAS_COMPUTE_32F_FAST_16BF = 75, CUBLAS_COMPUTE_32F_FAST_TF32 = 77, CUBLAS_GEMM_DEFAULT = -1 };
