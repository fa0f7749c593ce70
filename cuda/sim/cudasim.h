// Runs CUDA C++ kernels on the host, for tests: one OS thread; a CUDA thread that waits at a barrier or a warp operation parks its
// stack and another goes on. It reports diverged barriers, warp operations that lack lanes, deadlocks, wrong arguments and shapes;
// shared memory is NaN-filled before each block; threads start ascending, descending or with warps interleaved.
// C++17, g++ or clang++, x86-64 or arm64. Included through gpu.h.
#pragma once
#include <math.h>
#include <cmath>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <tuple>
#include <utility>
#include <vector>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define CUSIM_ASAN 1
#else
#define CUSIM_ASAN 0
#endif

#define __global__
#define __device__
#define __host__
#define __constant__ static const
// Static shared memory lives in one linker section, so that it can be filled with NaN before each block.
// (GCC: a __shared__ variable inside a template or inline function would clash with that section; use DYN_SHARED there.)
#define __shared__ static __attribute__((section("cusim_shared")))
extern "C" __attribute__((weak, visibility("hidden"))) char __start_cusim_shared[], __stop_cusim_shared[];
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __grid_constant__

struct uint3 { unsigned x, y, z; };
struct dim3 { unsigned x, y, z; constexpr dim3(unsigned a = 1, unsigned b = 1, unsigned c = 1) : x(a), y(b), z(c) {} };

namespace cusim {
enum { WARP = 32, STACK = CUSIM_ASAN ? 256 << 10 : 64 << 10, MAXTHREADS = 1024 };
struct Fiber {
  uint3 tid; int lin, lane, warp;
  void *sp; char *stack; int color;
#if CUSIM_ASAN
  void *fake;
#endif
};
struct Group { unsigned mask, arrived; int op, gen; Fiber *parked[WARP]; uint64_t slot[2][WARP]; };
struct WarpState { unsigned exists, exited; std::vector<Group> groups; };
struct State {
  uint3 bid; dim3 bdim, gdim;
  void (*fn)(void **); void **args; char *dyn; size_t dynbytes;
  int n, next, done, order;                    // threads of the block: total, started, finished
  int barCount, barLine, barPred, barResult; std::vector<Fiber *> bar;
  std::vector<Fiber *> runq; size_t runHead;
  std::vector<Fiber *> all, idle;
  WarpState warps[MAXTHREADS / WARP]; int nwarps;
  Fiber mainf; const char *kname; bool failed; char err[512];
  };
inline State S;
inline Fiber *cur;

extern "C" void cusim_switch(void **save, void *to);
#if defined(__x86_64__)
asm(".text\n.globl cusim_switch\n.hidden cusim_switch\n.type cusim_switch,@function\ncusim_switch:\n"
    "pushq %rbp\npushq %rbx\npushq %r12\npushq %r13\npushq %r14\npushq %r15\n"
    "movq %rsp,(%rdi)\nmovq %rsi,%rsp\n"
    "popq %r15\npopq %r14\npopq %r13\npopq %r12\npopq %rbx\npopq %rbp\nret\n.size cusim_switch,.-cusim_switch\n");
inline void *init_sp(char *top, void (*entry)()) {
  void **sp = (void **)((uintptr_t)top & ~(uintptr_t)15);
  *--sp = nullptr; *--sp = (void *)entry;            // entry sees rsp%16==8, as after a call
  for (int i = 0; i < 6; i++) *--sp = nullptr;
  return sp;
}
#elif defined(__aarch64__)
asm(".text\n.globl cusim_switch\n.hidden cusim_switch\n.type cusim_switch,%function\ncusim_switch:\n"
    "sub sp,sp,#160\nstp x19,x20,[sp]\nstp x21,x22,[sp,#16]\nstp x23,x24,[sp,#32]\nstp x25,x26,[sp,#48]\n"
    "stp x27,x28,[sp,#64]\nstp x29,x30,[sp,#80]\nstp d8,d9,[sp,#96]\nstp d10,d11,[sp,#112]\nstp d12,d13,[sp,#128]\nstp d14,d15,[sp,#144]\n"
    "mov x9,sp\nstr x9,[x0]\nmov sp,x1\n"
    "ldp x19,x20,[sp]\nldp x21,x22,[sp,#16]\nldp x23,x24,[sp,#32]\nldp x25,x26,[sp,#48]\nldp x27,x28,[sp,#64]\n"
    "ldp x29,x30,[sp,#80]\nldp d8,d9,[sp,#96]\nldp d10,d11,[sp,#112]\nldp d12,d13,[sp,#128]\nldp d14,d15,[sp,#144]\n"
    "add sp,sp,#160\nret\n");
inline void *init_sp(char *top, void (*entry)()) {
  char *sp = (char *)((uintptr_t)top & ~(uintptr_t)15) - 160;
  memset(sp, 0, 160); ((void **)sp)[11] = (void *)entry; return sp;
}
#endif

inline void fiber_entry();
inline void go_to(Fiber *f) {
  Fiber *me = cur; if (f == me) return;
#if CUSIM_ASAN
  __sanitizer_start_switch_fiber(&me->fake, f->stack, f == &S.mainf ? 0 : STACK);
#endif
  cur = f; cusim_switch(&me->sp, f->sp);
#if CUSIM_ASAN
  __sanitizer_finish_switch_fiber(me->fake, nullptr, nullptr);
#endif
}
inline void reset(Fiber *f) { f->sp = init_sp(f->stack + STACK - 64 - f->color * 320 % 4096, fiber_entry); // staggered: equal offsets would share cache sets
#if CUSIM_ASAN
  f->fake = nullptr;
#endif
}
inline Fiber *fresh() {
  if (!S.idle.empty()) { Fiber *f = S.idle.back(); S.idle.pop_back(); return f; }
  Fiber *f = new Fiber();
  char *m = (char *)mmap(nullptr, STACK + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  mprotect(m, 4096, PROT_NONE);                        // guard page under the stack
  f->stack = m + 4096; f->color = (int)S.all.size(); reset(f); S.all.push_back(f); return f;
}
[[noreturn]] inline void fail(const char *fmt, ...) {
  int k = snprintf(S.err, sizeof S.err, "kernel %s block (%u,%u,%u) thread (%u,%u,%u): ", S.kname, S.bid.x, S.bid.y, S.bid.z, cur->tid.x, cur->tid.y, cur->tid.z);
  va_list ap; va_start(ap, fmt); vsnprintf(S.err + k, sizeof S.err - k, fmt, ap); va_end(ap);
  S.failed = true; go_to(&S.mainf); abort();
}
inline void next_fiber() {                            // the current fiber is parked or idle
  if (S.runHead < S.runq.size()) {
    Fiber *f = S.runq[S.runHead++];
    if (S.runHead == S.runq.size()) { S.runq.clear(); S.runHead = 0; }
    go_to(f);
  } else if (S.next < S.n) go_to(fresh());
  else if (S.done == S.n) go_to(&S.mainf);
  else {
    char who[96] = ""; if (!S.bar.empty()) snprintf(who, sizeof who, "%d of %d threads wait at __syncthreads line %d, ", (int)S.bar.size(), S.n, S.barLine);
    fail("deadlock: %sthe rest wait at warp operations or have exited", who);
  }
}
inline void bar_release() {
  S.barResult = S.barPred; S.barCount = 0; S.barPred = 0;
  for (Fiber *f : S.bar) S.runq.push_back(f);
  S.bar.clear();
}
inline int barrier(int line, int pred = 0) {
  if (S.barCount == 0) S.barLine = line;
  else if (S.barLine != line) fail("__syncthreads at line %d while other threads wait at line %d", line, S.barLine);
  S.barCount++; S.barPred += pred != 0;
  if (S.barCount + S.done == S.n) { bar_release(); return S.barResult; }
  S.bar.push_back(cur); next_fiber();
  return S.barResult;
}
inline Group &warp_arrive(unsigned mask, int op, int line, int *parity, const void *v, size_t size) {
  WarpState &w = S.warps[cur->warp]; unsigned need = mask & w.exists;
  if (!(need >> cur->lane & 1)) fail("line %d: warp operation with mask %08x lacks lane %d", line, mask, cur->lane);
  if (w.exited & need) fail("line %d: warp operation names lanes that have exited (mask %08x, exited %08x)", line, mask, w.exited);
  size_t k = 0; while (k < w.groups.size() && w.groups[k].mask != need) k++;
  if (k == w.groups.size()) { w.groups.emplace_back(); w.groups[k].mask = need; }
  Group &g = w.groups[k];
  if (g.arrived == 0) g.op = line; else if (g.op != line) fail("lanes of one warp at different operations (line %d and %d)", line, g.op);
  int p = *parity = g.gen & 1;
  if (size) memcpy(&g.slot[p][cur->lane], v, size);
  g.arrived |= 1u << cur->lane;
  if (g.arrived == need) {
    g.arrived = 0; g.gen++;
    for (int l = 0; l < WARP; l++) if ((need >> l & 1) && l != cur->lane) S.runq.push_back(g.parked[l]);
    return w.groups[k];
  }
  g.parked[cur->lane] = cur; next_fiber();
  return S.warps[cur->warp].groups[k];
}
template <class T> T shfl(unsigned mask, T v, int src, bool inrange, int line) {
  static_assert(sizeof(T) <= 8, "shuffle of more than 8 bytes");
  int p; Group &g = warp_arrive(mask, 1, line, &p, &v, sizeof v);
  if (!inrange) return v;
  if (!(g.mask >> src & 1)) fail("line %d: shuffle reads lane %d, which is not in the mask", line, src);
  T r; memcpy(&r, &g.slot[p][src], sizeof r); return r;
}
inline void fiber_entry() {
#if CUSIM_ASAN
  __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
#endif
  for (;;) {
    while (S.next < S.n) {
      int i = S.next++, nw = S.nwarps;
      if (S.order == 1) i = S.n - 1 - i;               // reverse order, to find missing barriers
      else if (S.order == 2) { int q = S.n / nw; if (q * nw == S.n) i = (i % nw) * q + i / nw; } // interleave warps
      unsigned bx = S.bdim.x, by = S.bdim.y;
      Fiber *f = cur; f->lin = i; f->lane = i & 31; f->warp = i >> 5;
      f->tid = {unsigned(i) % bx, unsigned(i) / bx % by, unsigned(i) / (bx * by)};
      S.fn(S.args);
      f = cur; S.warps[f->warp].exited |= 1u << f->lane; S.done++;
      if (S.barCount && S.barCount + S.done == S.n) bar_release();
    }
    S.idle.push_back(cur); next_fiber();
  }
}
template <class... A, size_t... I> inline void call(void (*f)(A...), void **a, std::index_sequence<I...>) { f(*(std::decay_t<A> *)a[I]...); }
struct Kernel { const char *name; void (*tramp)(void **); int nargs; unsigned short sizes[32]; };
inline std::vector<Kernel> &registry() { static std::vector<Kernel> r; return r; }
template <class... A> Kernel describe(const char *n, void (*)(A...), void (*t)(void **)) {
  Kernel k{n, t, (int)sizeof...(A), {}}; int i = 0; ((k.sizes[i++] = sizeof(A)), ...); return k;
}
struct Reg { Reg(Kernel k) { registry().push_back(k); } };
template <class... A> inline void unpack(void (*f)(A...), void **a) { call(f, a, std::index_sequence_for<A...>{}); }
inline void *dyn_shared() { return S.dyn; }
__attribute__((no_sanitize("address"), noinline)) inline void poison_shared() {
  for (volatile uint32_t *p = (uint32_t *)(((uintptr_t)__start_cusim_shared + 3) & ~(uintptr_t)3); (char *)(p + 1) <= __stop_cusim_shared; p++) *p = 0xffffffffu;
}
} // namespace cusim

#define threadIdx (cusim::cur->tid)
#define blockIdx (cusim::S.bid)
#define blockDim (cusim::S.bdim)
#define gridDim (cusim::S.gdim)
#define warpSize 32
#define __syncthreads() ((void)cusim::barrier(__LINE__))
#define __syncthreads_count(p) cusim::barrier(__LINE__, p)
#define __syncthreads_or(p) (cusim::barrier(__LINE__, p) != 0)
#define __syncwarp(...) cusim::syncwarp(__LINE__ __VA_OPT__(,) __VA_ARGS__)
#define __shfl_sync(m, v, s, ...) cusim::shfl_idx(__LINE__, m, v, s, ##__VA_ARGS__)
#define __shfl_xor_sync(m, v, s, ...) cusim::shfl_xor(__LINE__, m, v, s, ##__VA_ARGS__)
#define __shfl_down_sync(m, v, s, ...) cusim::shfl_down(__LINE__, m, v, s, ##__VA_ARGS__)
#define __shfl_up_sync(m, v, s, ...) cusim::shfl_up(__LINE__, m, v, s, ##__VA_ARGS__)
#define __ballot_sync(m, p) cusim::ballot(__LINE__, m, p)
namespace cusim {
inline void syncwarp(int line, unsigned mask = ~0u) { int p; warp_arrive(mask, 0, line, &p, nullptr, 0); }
template <class T> T shfl_idx(int l, unsigned m, T v, int s, int w = 32) { int base = cur->lane & ~(w - 1); return shfl(m, v, base + (s & (w - 1)), true, l); }
template <class T> T shfl_xor(int l, unsigned m, T v, int s, int w = 32) { int t = cur->lane ^ s; return shfl(m, v, t & 31, t < ((cur->lane & ~(w - 1)) + w), l); }
template <class T> T shfl_down(int l, unsigned m, T v, unsigned s, int w = 32) { int t = cur->lane + s; return shfl(m, v, t & 31, t < ((cur->lane & ~(w - 1)) + w), l); }
template <class T> T shfl_up(int l, unsigned m, T v, unsigned s, int w = 32) { int t = cur->lane - (int)s; return shfl(m, v, t & 31, t >= (cur->lane & ~(w - 1)), l); }
inline unsigned ballot(int l, unsigned m, int pr) { int p; Group &g = warp_arrive(m, 2, l, &p, &(pr = pr != 0), sizeof pr); unsigned r = 0; for (int i = 0; i < 32; i++) if (g.mask >> i & 1) r |= unsigned(int(g.slot[p][i]) & 1) << i; return r; }
} // namespace cusim
static inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)((uint64_t)a * b >> 32); }
// A product that is stored is rounded: no compiler joins it to a following sum.
static inline double __dmul_rn(double a, double b) { volatile double c = a * b; return c; }
static inline double __dadd_rn(double a, double b) { return a + b; }
static inline double __ddiv_rn(double a, double b) { return a / b; }
static inline double __dsqrt_rn(double a) { return std::sqrt(a); }
static inline unsigned min(unsigned a, unsigned b) { return a < b ? a : b; }
static inline int min(int a, int b) { return a < b ? a : b; }
static inline int max(int a, int b) { return a > b ? a : b; }

// C ABI, used from Go
extern "C" {
inline __attribute__((used)) int cusim_find(const char *name) { auto &r = cusim::registry(); for (size_t i = 0; i < r.size(); i++) if (!strcmp(r[i].name, name)) return (int)i; return -1; }
inline __attribute__((used)) int cusim_nargs(int k, unsigned short *sizes) { auto &r = cusim::registry(); if (k < 0 || k >= (int)r.size()) return -1; memcpy(sizes, r[k].sizes, sizeof r[k].sizes); return r[k].nargs; }
inline __attribute__((used)) const char *cusim_error() { return cusim::S.err; }
// order: 0 ascending threads, 1 descending, 2 warps interleaved
inline __attribute__((used)) int cusim_launch(int k, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shmem, void **args, int order) {
  using namespace cusim;
  auto &r = registry(); S.err[0] = 0; S.failed = false;
  if (k < 0 || k >= (int)r.size()) { snprintf(S.err, sizeof S.err, "no such kernel"); return 1; }
  unsigned long n = (unsigned long)bx * by * bz;
  if (n == 0 || n > MAXTHREADS || bz > 64 || gy > 65535 || gz > 65535 || gx == 0 || gy == 0 || gz == 0 || shmem > 227 * 1024) { snprintf(S.err, sizeof S.err, "bad launch shape"); return 1; }
  S.kname = r[k].name; S.fn = r[k].tramp; S.args = args; S.bdim = dim3(bx, by, bz); S.gdim = dim3(gx, gy, gz); S.n = (int)n; S.order = order; S.nwarps = (int)(n + 31) / 32;
  S.dynbytes = shmem; S.dyn = shmem ? (char *)aligned_alloc(16, (shmem + 15) & ~15u) : nullptr;
#if CUSIM_ASAN
  if (shmem & 15) __asan_poison_memory_region(S.dyn + shmem, 16 - (shmem & 15));
#endif
  for (unsigned z = 0; z < gz && !S.failed; z++) for (unsigned y = 0; y < gy && !S.failed; y++) for (unsigned x = 0; x < gx && !S.failed; x++) {
    S.bid = {x, y, z}; S.next = S.done = S.barCount = S.barPred = 0; S.bar.clear(); S.runq.clear(); S.runHead = 0;
    poison_shared(); if (S.dyn) memset(S.dyn, 0xff, shmem);                // NaN-fill: reads of unset shared memory show
    for (int w = 0; w < S.nwarps; w++) { int left = S.n - 32 * w; S.warps[w].exists = left >= 32 ? ~0u : (1u << left) - 1; S.warps[w].exited = 0; S.warps[w].groups.clear(); }
    S.mainf.tid = {0, 0, 0}; cur = &S.mainf;
#if CUSIM_ASAN
    { const void *b; size_t sz; S.mainf.stack = nullptr; Fiber *f = fresh();
      __sanitizer_start_switch_fiber(&S.mainf.fake, f->stack, STACK); cur = f; cusim_switch(&S.mainf.sp, f->sp); __sanitizer_finish_switch_fiber(S.mainf.fake, &b, &sz); }
#else
    go_to(fresh());
#endif
  }
  if (S.failed) { S.idle = S.all; for (Fiber *f : S.all) reset(f); }
#if CUSIM_ASAN
  if (S.dyn) __asan_unpoison_memory_region(S.dyn, (shmem + 15) & ~15u);
#endif
  free(S.dyn); S.dyn = nullptr; return S.failed;
}
}
#define CUSIM_EXPORT(name) CUSIM_EXPORT_(name)
#define CUSIM_EXPORT_(name)                                                                  \
  static void cusim_tramp_##name(void **a) { cusim::unpack(&name, a); }                      \
  static cusim::Reg cusim_reg_##name(cusim::describe(#name, &name, cusim_tramp_##name));
