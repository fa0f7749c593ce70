//go:build gpu

#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "shim.h"

static const char *const names[] = {
#define X(n) #n,
#include "names.inc"
#undef X
};
enum { N = sizeof names / sizeof names[0] };

static CUresult uninitialised(void) { return CUDA_ERROR_NOT_INITIALIZED; }
static CUresult unsupported(void) { return CUDA_ERROR_NOT_SUPPORTED; } // this driver is too old for the call

#define X(n) (void *)uninitialised,
__attribute__((visibility("hidden"))) void *shim_table[N] = {
#include "names.inc"
};
#undef X

static int initialised;
static CUresult status = CUDA_ERROR_NOT_INITIALIZED;
static char message[512];

// Where the driver's library may lie: the loader's own search, containers, Windows' Linux.
static const char *const candidates[] = {"libcuda.so.1", "/usr/local/nvidia/lib64/libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1"};

static CUresult load(void) {
	void *lib = 0;
	for (unsigned i = 0; i < sizeof candidates / sizeof *candidates && !lib; i++) {
		lib = dlopen(candidates[i], RTLD_NOW | RTLD_LOCAL);
		if (!lib && i == 0) snprintf(message, sizeof message, "no NVIDIA driver: %s", dlerror());
	}
	if (!lib) return CUDA_ERROR_NO_DEVICE;
	CUresult (*init)(unsigned) = (CUresult (*)(unsigned))dlsym(lib, "cuInit");
	CUresult (*text)(CUresult, const char **) = (CUresult (*)(CUresult, const char **))dlsym(lib, "cuGetErrorString");
	if (!init) {
		snprintf(message, sizeof message, "the driver's library has no cuInit");
		return CUDA_ERROR_SHARED_OBJECT_INIT_FAILED;
	}
	CUresult r = init(0);
	if (r != CUDA_SUCCESS) {
		const char *why = 0;
		if (text) text(r, &why);
		snprintf(message, sizeof message, "the NVIDIA driver does not start: %s", why ? why : "no reason given");
		return r;
	}
	for (int i = 0; i < N; i++) {
		void *f = dlsym(lib, names[i]);
		shim_table[i] = f ? f : (void *)unsupported;
	}
	return CUDA_SUCCESS;
}

// The only function with a body of its own. gorgonia.org/cu calls it before main and ends the process when it fails. It does nothing,
// so that programs which use no device do not wait for the driver to start; the driver's own is called by shim_status.
__attribute__((visibility("hidden"))) CUresult cuInit(unsigned flags) {
	(void)flags;
	return CUDA_SUCCESS;
}

CUresult shim_status(void) {
	static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
	pthread_mutex_lock(&one);
	if (!initialised) {
		status = load();
		initialised = 1;
	}
	pthread_mutex_unlock(&one);
	return status;
}
const char *shim_message(void) { return message; }

int shim_install(const char *name, void *function) {
	initialised = 1;
	status = CUDA_SUCCESS;
	for (int i = 0; i < N; i++) {
		if (strcmp(names[i], name)) continue;
		shim_table[i] = function;
		return 0;
	}
	return 1;
}
