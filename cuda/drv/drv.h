// C side of package drv. Every function first makes the context current.
#pragma once
#include <cuda.h>
#include <string.h>

typedef struct {
  CUfunction f;
  unsigned grid, block, shared; // blocks and threads along x; bytes of dynamic shared memory
  void **args;                  // pointers to the arguments' values
  int (*call)(void *);          // instead of a kernel, when there is one: issues a library's work, told by args
} drv_launch;

#define WITH(ctx, call) ({ CUresult r_ = cuCtxSetCurrent(ctx); r_ ? r_ : (call); })

// Issues launches from..to-1 in order; *at is the one that failed, *status what the library said if it was a call.
static inline CUresult drv_run(CUcontext ctx, CUstream s, const drv_launch *l, int from, int to, int *at, int *status) {
  CUresult r = cuCtxSetCurrent(ctx);
  for (int i = from; i < to && !r && !*status; i++) {
    *at = i;
    if (l[i].call)
      *status = l[i].call(l[i].args);
    else
      r = cuLaunchKernel(l[i].f, l[i].grid, 1, 1, l[i].block, 1, 1, l[i].shared, s, l[i].args, 0);
  }
  return r;
}

static inline CUresult drv_current(CUcontext ctx) { return cuCtxSetCurrent(ctx); }
static inline CUresult drv_begin(CUcontext ctx, CUstream s) { return WITH(ctx, cuStreamBeginCapture(s, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL)); }
static inline CUresult drv_end(CUcontext ctx, CUstream s, CUgraph *g, CUgraphExec *e) {
  CUresult r = WITH(ctx, cuStreamEndCapture(s, g));
  if (!r) r = cuGraphInstantiateWithFlags(e, *g, 0);
  return r ? r : cuGraphUpload(*e, s);
}
static inline CUresult drv_graph(CUcontext c, CUgraphExec e, CUstream s) { return WITH(c, cuGraphLaunch(e, s)); }
static inline void drv_drop(CUcontext c, CUgraph g, CUgraphExec e) {
  cuCtxSetCurrent(c);
  if (e) cuGraphExecDestroy(e);
  if (g) cuGraphDestroy(g);
}

// Loads PTX, a cubin or a fatbin; log gets what the driver's compiler says against it.
static inline CUresult drv_load(CUcontext ctx, CUmodule *m, const void *image, char *log, size_t n) {
  CUjit_option o[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
  void *v[] = {log, (void *)n};
  return WITH(ctx, cuModuleLoadDataEx(m, image, 2, o, v));
}
static inline CUresult drv_function(CUcontext c, CUfunction *f, CUmodule m, const char *name) { return WITH(c, cuModuleGetFunction(f, m, name)); }
static inline CUresult drv_unload(CUcontext c, CUmodule m) { return WITH(c, cuModuleUnload(m)); }

static inline CUresult drv_meminfo(CUcontext c, size_t *f, size_t *t) { return WITH(c, cuMemGetInfo(f, t)); }
static inline CUresult drv_stream(CUcontext c, CUstream *s) { return WITH(c, cuStreamCreate(s, CU_STREAM_NON_BLOCKING)); }
static inline CUresult drv_unstream(CUcontext c, CUstream s) { return WITH(c, cuStreamDestroy(s)); }
static inline CUresult drv_sync(CUcontext c, CUstream s) { return WITH(c, cuStreamSynchronize(s)); }
static inline CUresult drv_alloc(CUcontext c, CUdeviceptr *p, size_t n) { return WITH(c, cuMemAlloc(p, n)); }
static inline CUresult drv_free(CUcontext c, CUdeviceptr p) { return WITH(c, cuMemFree(p)); }
static inline CUresult drv_to(CUcontext c, CUdeviceptr d, const void *h, size_t n, CUstream s) { return WITH(c, cuMemcpyHtoDAsync(d, h, n, s)); }
static inline CUresult drv_from(CUcontext c, void *h, CUdeviceptr d, size_t n, CUstream s) {
  CUresult r = WITH(c, cuMemcpyDtoHAsync(h, d, n, s));
  return r ? r : cuStreamSynchronize(s);
}
static inline CUresult drv_host(CUcontext c, void **h, size_t n) { return WITH(c, cuMemHostAlloc(h, n, 0)); }
static inline CUresult drv_unhost(CUcontext c, void *h) { return WITH(c, cuMemFreeHost(h)); }
static inline CUresult drv_later_from(CUcontext c, void *h, CUdeviceptr d, size_t n, CUstream s) { return WITH(c, cuMemcpyDtoHAsync(h, d, n, s)); }

static inline CUresult drv_event(CUcontext c, CUevent *e) { return WITH(c, cuEventCreate(e, CU_EVENT_DISABLE_TIMING)); }
static inline CUresult drv_unevent(CUcontext c, CUevent e) { return WITH(c, cuEventDestroy(e)); }
static inline CUresult drv_record(CUcontext c, CUevent e, CUstream s) { return WITH(c, cuEventRecord(e, s)); }
static inline CUresult drv_follow(CUcontext c, CUstream s, CUevent e) { return WITH(c, cuStreamWaitEvent(s, e, 0)); }
static inline CUresult drv_await(CUcontext c, CUevent e) { return WITH(c, cuEventSynchronize(e)); }
static inline CUresult drv_zero(CUcontext c, CUdeviceptr d, size_t words, CUstream s) { return WITH(c, cuMemsetD32Async(d, 0, words, s)); }
// Milliseconds from one event to the next, which is waited for.
static inline CUresult drv_timer(CUcontext c, CUevent *e) { return WITH(c, cuEventCreate(e, 0)); }
static inline CUresult drv_elapsed(CUcontext c, CUevent begin, CUevent end, float *ms) {
  CUresult r = WITH(c, cuEventSynchronize(end));
  return r ? r : cuEventElapsedTime(ms, begin, end);
}
