//go:build gpu

// A CUDA driver made of host functions: as much of the driver API as the backend uses, with kernels run by cudasim.h.
// It is strict where a real driver is: memory holds NaN until it is written, a capture must end on its own thread and refuses to wait
// or allocate, a fault makes every later call fail, PTX newer than the driver is refused, and a kernel must be in the PTX with the
// parameters that its source has. Two streams that touch one block of memory without an event between them are a fault, however it
// ended; a kernel touches the blocks that its arguments point into. Work is done when it is issued, or, lazily, when somebody waits.
#include "sim.h"
#include <cuda.h>
#include <dlfcn.h>
#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <type_traits>
#include <unistd.h>
#include <vector>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include "../libcuda/shim.h"

// The interpreter of kernels, here or in a library of kernels made at run time.
struct Host {
  int (*find)(const char *);
  int (*nargs)(int, unsigned short *);
  const char *(*error)();
  int (*launch)(int, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void **, int);
};
extern "C" {
int cusim_find(const char *);
int cusim_nargs(int, unsigned short *);
const char *cusim_error();
int cusim_launch(int, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void **, int);
}

namespace {
Host here = {cusim_find, cusim_nargs, cusim_error, cusim_launch};

struct Module { std::string text; Host host; };
struct Function { Host host; int k, nargs; unsigned short sizes[32]; std::string name; };
struct Launch { Function *f; unsigned grid, block, shared; std::vector<std::vector<char>> values; };
typedef std::function<CUresult()> Work;
typedef std::set<CUdeviceptr> Blocks; // by where they begin
struct Graph { std::vector<Work> nodes; Blocks touched; };
// What has happened before: of each stream, the number of its last piece of work.
struct Clock : std::map<int, long> {
  void join(const Clock &c) { for (auto &s : c) (*this)[s.first] = std::max((*this)[s.first], s.second); }
};
struct Stream {
  Graph *capturing = nullptr;
  int thread = 0, id;
  Clock seen;
  std::deque<Work> later; // of lazy work, what is left
  long issued = 0, finished = 0;
};
struct Event { Stream *stream = nullptr; long after = 0; Clock seen; bool timed = false; std::shared_ptr<double> time = std::make_shared<double>(); };

sim_config config;
CUresult sticky; // a fault that nothing but the end of the process mends
int captures, context, streamIds;
sim_counts counted;
double now; // milliseconds on the device's clock: a kernel takes one
std::string fault, planted; // planted: the kernel that shall fail
std::map<CUdeviceptr, size_t> blocks;
std::map<char *, size_t> pinned;
std::map<CUdeviceptr, Clock> touched; // of each block, the last work of each stream
std::set<Stream *> streams;
Clock host; // what has been waited for

CUresult run(const Launch &l) {
  void *a[32];
  for (size_t i = 0; i < l.values.size(); i++) a[i] = (void *)l.values[i].data();
  now += 1;
  if (l.f->name == planted) return fault = "a planted fault", sticky = CUDA_ERROR_LAUNCH_FAILED;
  if (!l.f->host.launch(l.f->k, l.grid, 1, 1, l.block, 1, 1, l.shared, a, config.order)) return CUDA_SUCCESS;
  fault = l.f->host.error();
  return sticky = CUDA_ERROR_LAUNCH_FAILED;
}
// Does lazy work of a stream up to a piece.
void force(Stream *st, long upto) {
  while (st->finished < upto && !st->later.empty()) {
    Work f = st->later.front();
    st->later.pop_front(), st->finished++;
    if (!sticky) f();
  }
}
// Does the work now, notes it when the stream is being captured, or leaves it for later.
CUresult issue(CUstream s, const Blocks &touches, Work f) {
  if (sticky) return sticky;
  Stream *st = (Stream *)s;
  if (Graph *g = st->capturing) return g->nodes.push_back(f), g->touched.insert(touches.begin(), touches.end()), CUDA_SUCCESS;
  st->seen.join(host);
  st->seen[st->id] = ++st->issued;
  for (CUdeviceptr b : touches)
    for (auto &other : touched[b])
      if (st->seen[other.first] < other.second) return fault = "race: two streams touch a block of " + std::to_string(blocks[b]) + " bytes, and nothing orders them", sticky = CUDA_ERROR_LAUNCH_FAILED;
  for (CUdeviceptr b : touches) touched[b][st->id] = st->issued;
  if (config.lazy) return st->later.push_back(f), CUDA_SUCCESS;
  st->finished = st->issued;
  return f();
}
// The block around an address; none when there is none.
Blocks around(CUdeviceptr p) {
  auto b = blocks.upper_bound(p);
  if (b == blocks.begin() || (--b, p >= b->first + b->second)) return {};
  return {b->first};
}
// Forbidden while this process captures.
CUresult outside() { return sticky ? sticky : captures ? CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED : CUDA_SUCCESS; }

CUresult done() { return CUDA_SUCCESS; }
CUresult count(int *n) { return *n = config.devices, CUDA_SUCCESS; }
CUresult version(int *n) { return *n = config.version, CUDA_SUCCESS; }
CUresult get(CUdevice *d, int i) { return *d = i, i < config.devices ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE; }
CUresult name(char *s, int n, CUdevice) { return snprintf(s, n, "host simulator"), CUDA_SUCCESS; }
CUresult attribute(int *v, CUdevice_attribute a, CUdevice) {
  *v = a == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR ? config.capability / 10
     : a == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR ? config.capability % 10
     : a == CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT     ? config.multiprocessors : 0;
  return CUDA_SUCCESS;
}
CUresult retain(CUcontext *c, CUdevice) { return *c = (CUcontext)&context, CUDA_SUCCESS; }
CUresult setCurrent(CUcontext) { return sticky; }

size_t used() { size_t n = 0; for (auto &b : blocks) n += b.second; return n; }
CUresult memInfo(size_t *free, size_t *total) { return *total = config.memory, *free = config.memory - used(), sticky; }
CUresult allocate(CUdeviceptr *p, size_t n) {
  if (CUresult r = outside()) return r;
  void *q = nullptr;
  if (n == 0) return CUDA_ERROR_INVALID_VALUE;
  if (used() + n > config.memory || posix_memalign(&q, 256, n)) return CUDA_ERROR_OUT_OF_MEMORY;
  memset(q, 0xff, n); // NaN; a block of its own, so that AddressSanitizer sees what runs over it
  blocks[*p = (CUdeviceptr)q] = n;
  return CUDA_SUCCESS;
}
CUresult release(CUdeviceptr p) {
  if (CUresult r = outside()) return r;
  for (Stream *s : streams) force(s, s->issued);
  if (!blocks.erase(p)) return CUDA_ERROR_INVALID_VALUE;
  return touched.erase(p), free((void *)p), CUDA_SUCCESS;
}
CUresult pin(void **h, size_t n, unsigned) {
  if (CUresult r = outside()) return r;
  if (n == 0 || posix_memalign(h, 256, n)) return CUDA_ERROR_INVALID_VALUE;
  return memset(*h, 0xff, n), pinned[(char *)*h] = n, CUDA_SUCCESS;
}
CUresult unpin(void *h) {
  for (Stream *s : streams) force(s, s->issued);
  if (!pinned.erase((char *)h)) return CUDA_ERROR_INVALID_VALUE;
  return free(h), CUDA_SUCCESS;
}
bool isPinned(const void *h, size_t n) {
  auto b = pinned.upper_bound((char *)h);
  return b != pinned.begin() && (--b, (char *)h + n <= b->first + b->second);
}
bool inside(CUdeviceptr p, size_t n) {
  auto b = blocks.upper_bound(p);
  return b != blocks.begin() && (--b, p + n <= b->first + b->second);
}
// What is not pinned is copied at once, on its way.
CUresult toDevice(CUdeviceptr d, const void *h, size_t n, CUstream s) {
  if (!inside(d, n)) return CUDA_ERROR_INVALID_VALUE;
  counted.copies++;
  if (isPinned(h, n)) return issue(s, around(d), [=] { return memcpy((void *)d, h, n), CUDA_SUCCESS; });
  auto staged = std::make_shared<std::vector<char>>((char *)h, (char *)h + n);
  return issue(s, around(d), [=] { return memcpy((void *)d, staged->data(), n), CUDA_SUCCESS; });
}
CUresult fromDevice(void *h, CUdeviceptr d, size_t n, CUstream s) {
  if (!inside(d, n)) return CUDA_ERROR_INVALID_VALUE;
  return issue(s, around(d), [=] { return memcpy(h, (void *)d, n), CUDA_SUCCESS; });
}
CUresult set32(CUdeviceptr d, unsigned v, size_t n, CUstream s) {
  if (!inside(d, 4 * n)) return CUDA_ERROR_INVALID_VALUE;
  return issue(s, around(d), [=] { return std::fill_n((unsigned *)d, n, v), CUDA_SUCCESS; });
}

CUresult refuse(CUresult r, unsigned n, CUjit_option *o, void **v, const std::string &why) {
  char *log = nullptr;
  size_t room = 0;
  for (unsigned i = 0; i < n; i++) {
    if (o[i] == CU_JIT_ERROR_LOG_BUFFER) log = (char *)v[i];
    if (o[i] == CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES) room = (size_t)v[i];
  }
  if (log) snprintf(log, room, "%s", why.c_str());
  return r;
}
// A driver of CUDA 12.0 reads PTX up to version 8.0. A text that names a host library stands for what a compiler made at run time.
CUresult load(CUmodule *m, const void *image, unsigned n, CUjit_option *o, void **v) {
  if (CUresult r = outside()) return r;
  Module *mod = new Module{(const char *)image, here};
  size_t at = mod->text.find(".version ");
  if (at == std::string::npos) return refuse(CUDA_ERROR_INVALID_PTX, n, o, v, "ptxas fatal: missing .version directive");
  if (double ptx = atof(mod->text.c_str() + at + 9); ptx > 8.0) return refuse(CUDA_ERROR_UNSUPPORTED_PTX_VERSION, n, o, v, "ptxas fatal: unsupported .version " + std::to_string(ptx));
  const char mark[] = "// host library ";
  if (at = mod->text.find(mark); at != std::string::npos) {
    at += strlen(mark);
    void *lib = dlopen(mod->text.substr(at, mod->text.find('\n', at) - at).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!lib) return refuse(CUDA_ERROR_INVALID_IMAGE, n, o, v, dlerror());
    mod->host = {(int (*)(const char *))dlsym(lib, "cusim_find"), (int (*)(int, unsigned short *))dlsym(lib, "cusim_nargs"),
                 (const char *(*)())dlsym(lib, "cusim_error"), (decltype(here.launch))dlsym(lib, "cusim_launch")};
  }
  *m = (CUmodule)mod;
  return CUDA_SUCCESS;
}
CUresult unload(CUmodule m) { return delete (Module *)m, CUDA_SUCCESS; }
// The sizes of the parameters of an entry of PTX; false when there is no such entry.
bool parameters(const std::string &ptx, const std::string &entry, std::vector<int> &sizes) {
  size_t at = ptx.find(".entry " + entry + "(");
  if (at == std::string::npos) return false;
  std::string list = ptx.substr(at, ptx.find(")", at) - at);
  for (size_t p = 0; (p = list.find(".param ", p)) != std::string::npos; p++) {
    std::string one = list.substr(p, list.find(",", p) - p);
    size_t bracket = one.find('['), bits = one.find_first_of("0123456789", one.find(" .") == std::string::npos ? 0 : one.find(" ."));
    if (bracket != std::string::npos) sizes.push_back(atoi(one.c_str() + bracket + 1));
    else sizes.push_back(atoi(one.c_str() + bits) / 8);
  }
  return true;
}
CUresult find(CUfunction *f, CUmodule m, const char *name) {
  Module *mod = (Module *)m;
  Function g = {mod->host, mod->host.find(name), 0, {}, name};
  if (g.k < 0) return CUDA_ERROR_NOT_FOUND;
  g.nargs = g.host.nargs(g.k, g.sizes);
  if (mod->host.find == here.find) {
    std::vector<int> sizes;
    if (!parameters(mod->text, name, sizes)) return CUDA_ERROR_NOT_FOUND;
    if ((int)sizes.size() != g.nargs || !std::equal(sizes.begin(), sizes.end(), g.sizes)) {
      fault = std::string(name) + ": the PTX has other parameters than the source: run make generate";
      return CUDA_ERROR_INVALID_PTX;
    }
  }
  return *f = (CUfunction) new Function(g), CUDA_SUCCESS;
}
CUresult launch(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, CUstream s, void **args, void **) {
  if (gy * gz * by * bz != 1 || shared > 48 << 10) return CUDA_ERROR_INVALID_VALUE;
  Launch l = {(Function *)f, gx, bx, shared, {}};
  Blocks touches;
  for (int i = 0; i < l.f->nargs; i++) {
    l.values.emplace_back((char *)args[i], (char *)args[i] + l.f->sizes[i]);
    if (l.f->sizes[i] == sizeof(CUdeviceptr)) touches.merge(around(*(CUdeviceptr *)args[i]));
  }
  if (!((Stream *)s)->capturing) counted.launches++;
  return issue(s, touches, [=] { return run(l); });
}

CUresult streamNew(CUstream *s, unsigned) {
  Stream *st = new Stream;
  st->id = ++streamIds;
  return streams.insert(st), *s = (CUstream)st, CUDA_SUCCESS;
}
CUresult streamDrop(CUstream s) {
  Stream *st = (Stream *)s;
  host.join(st->seen); // nothing is left of it
  return force(st, st->issued), streams.erase(st), delete st, CUDA_SUCCESS;
}
CUresult synchronize(CUstream s) {
  Stream *st = (Stream *)s;
  if (sticky || st->capturing) return sticky ? sticky : CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  counted.waits++, host.join(st->seen), force(st, st->issued);
  return sticky;
}
CUresult eventNew(CUevent *e, unsigned flags) {
  Event *at = new Event;
  at->timed = !(flags & CU_EVENT_DISABLE_TIMING);
  return *e = (CUevent)at, CUDA_SUCCESS;
}
CUresult eventDrop(CUevent e) { return delete (Event *)e, CUDA_SUCCESS; }
CUresult record(CUevent e, CUstream s) {
  Stream *st = (Stream *)s;
  if (sticky || st->capturing) return sticky ? sticky : CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  Event *at = (Event *)e;
  if (std::shared_ptr<double> time = at->time; at->timed) issue(s, {}, [=] { return *time = now, CUDA_SUCCESS; });
  st->seen.join(host);
  return at->stream = st, at->after = st->issued, at->seen = st->seen, sticky;
}
CUresult elapsed(float *ms, CUevent begin, CUevent end) {
  Event *from = (Event *)begin, *to = (Event *)end;
  return *ms = float(*to->time - *from->time), from->timed && to->timed ? sticky : CUDA_ERROR_INVALID_HANDLE;
}
// A stream that is deaf goes on without waiting: a planted fault.
CUresult follow(CUstream s, CUevent e, unsigned) {
  Event at = *(Event *)e;
  if (sticky || !at.stream || config.deaf) return sticky;
  ((Stream *)s)->seen.join(at.seen);
  return issue(s, {}, [=] { return force(at.stream, at.after), CUDA_SUCCESS; });
}
CUresult await(CUevent e) {
  Event *at = (Event *)e;
  if (CUresult r = outside()) return r;
  counted.eventWaits++, host.join(at->seen);
  if (at->stream) force(at->stream, at->after);
  return sticky;
}
CUresult begin(CUstream s, CUstreamCaptureMode) {
  Stream *st = (Stream *)s;
  if (sticky || st->capturing) return sticky ? sticky : CUDA_ERROR_ILLEGAL_STATE;
  st->capturing = new Graph, st->thread = gettid(), captures++;
  return CUDA_SUCCESS;
}
CUresult end(CUstream s, CUgraph *g) {
  Stream *st = (Stream *)s;
  if (!st->capturing) return CUDA_ERROR_ILLEGAL_STATE;
  if (st->thread != gettid()) return CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
  *g = (CUgraph)st->capturing, st->capturing = nullptr, captures--;
  return CUDA_SUCCESS;
}
CUresult instantiate(CUgraphExec *e, CUgraph g, unsigned long long) { return *e = (CUgraphExec) new Graph(*(Graph *)g), outside(); }
CUresult upload(CUgraphExec, CUstream) { return outside(); }
CUresult execDrop(CUgraphExec e) {
  for (Stream *s : streams) force(s, s->issued);
  return delete (Graph *)e, CUDA_SUCCESS;
}
CUresult graphDrop(CUgraph g) { return delete (Graph *)g, CUDA_SUCCESS; }
CUresult replay(CUgraphExec e, CUstream s) {
  if (sticky) return sticky;
  Graph *g = (Graph *)e;
  counted.graphs++;
  return issue(s, g->touched, [=] {
    for (auto &node : g->nodes)
      if (CUresult r = node()) return config.late ? CUDA_SUCCESS : r; // a real fault shows at a later call
    return CUDA_SUCCESS;
  });
}
CUresult errorText(CUresult, const char **s) { return *s = fault.empty() ? "simulated driver" : fault.c_str(), CUDA_SUCCESS; }
CUresult errorName(CUresult r, const char **s) {
  *s = r == CUDA_ERROR_OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY" : r == CUDA_ERROR_LAUNCH_FAILED ? "CUDA_ERROR_LAUNCH_FAILED" : "CUDA_ERROR";
  return CUDA_SUCCESS;
}
} // namespace

// The macros of cuda.h turn each name into its exported symbol; the static_assert holds each function to the real signature.
#define STR(x) #x
#define PUT(api, f) static_assert(std::is_same_v<decltype(&api), decltype(&f)>, #api); bad += shim_install(STR(api), (void *)f);
#define DONE(api) bad += shim_install(STR(api), (void *)done);
int sim_install(sim_config c) {
  config = c, sticky = CUDA_SUCCESS, counted = {}, now = 0, fault.clear(), planted.clear();
  int bad = 0;
  PUT(cuDeviceGetCount, count) PUT(cuDriverGetVersion, version) PUT(cuDeviceGet, get) PUT(cuDeviceGetName, name) PUT(cuDeviceGetAttribute, attribute)
  PUT(cuDevicePrimaryCtxRetain, retain) DONE(cuDevicePrimaryCtxRelease) PUT(cuCtxSetCurrent, setCurrent)
  PUT(cuMemGetInfo, memInfo) PUT(cuMemAlloc, allocate) PUT(cuMemFree, release) PUT(cuMemcpyHtoDAsync, toDevice) PUT(cuMemcpyDtoHAsync, fromDevice) PUT(cuMemsetD32Async, set32)
  PUT(cuMemHostAlloc, pin) PUT(cuMemFreeHost, unpin)
  PUT(cuEventCreate, eventNew) PUT(cuEventDestroy, eventDrop) PUT(cuEventRecord, record) PUT(cuEventSynchronize, await) PUT(cuEventElapsedTime, elapsed) PUT(cuStreamWaitEvent, follow)
  PUT(cuModuleLoadDataEx, load) PUT(cuModuleGetFunction, find) PUT(cuModuleUnload, unload) PUT(cuLaunchKernel, launch)
  PUT(cuStreamCreate, streamNew) PUT(cuStreamDestroy, streamDrop) PUT(cuStreamSynchronize, synchronize) PUT(cuStreamBeginCapture, begin) PUT(cuStreamEndCapture, end)
  PUT(cuGraphInstantiateWithFlags, instantiate) PUT(cuGraphUpload, upload) PUT(cuGraphLaunch, replay) PUT(cuGraphExecDestroy, execDrop) PUT(cuGraphDestroy, graphDrop)
  PUT(cuGetErrorString, errorText) PUT(cuGetErrorName, errorName)
  return bad;
}
void sim_fault(const char *kernel) { planted = kernel; }
size_t sim_used() { return used(); }
sim_counts sim_count() { return counted; }
int sim_inside(unsigned long long at, unsigned long long bytes) { return inside(at, bytes); }
int sim_capturing(void *stream) { return ((Stream *)stream)->capturing != nullptr; }
int sim_issue(void *stream, const void *const *touches, int n, double ms, void (*work)(void *), void *data) {
  std::shared_ptr<void> kept(data, free);
  Blocks all;
  for (int i = 0; i < n; i++) all.merge(around((CUdeviceptr)touches[i]));
  return issue((CUstream)stream, all, [=] { return now += ms, work(kept.get()), CUDA_SUCCESS; });
}
