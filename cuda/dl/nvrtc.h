// The functions of NVRTC, the same from CUDA 11 to 13, as plain C types: results are int, handles void *.
// F(result, name, parameters...)
#pragma once
#include <stddef.h>
#define NVRTC(F)                                                                                                       \
  F(const char *, nvrtcGetErrorString, int)                                                                            \
  F(int, nvrtcVersion, int *, int *)                                                                                   \
  F(int, nvrtcCreateProgram, void **, const char *, const char *, int, const char *const *, const char *const *)       \
  F(int, nvrtcDestroyProgram, void **)                                                                                 \
  F(int, nvrtcCompileProgram, void *, int, const char *const *)                                                        \
  F(int, nvrtcGetPTXSize, void *, size_t *)                                                                            \
  F(int, nvrtcGetPTX, void *, char *)                                                                                  \
  F(int, nvrtcGetProgramLogSize, void *, size_t *)                                                                     \
  F(int, nvrtcGetProgramLog, void *, char *)
