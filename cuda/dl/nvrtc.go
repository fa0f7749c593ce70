//go:build linux

package dl

/*
#include <stdlib.h>
#include "nvrtc.h"
typedef struct {
#define F(result, name, ...) result (*name)(__VA_ARGS__);
NVRTC(F)
#undef F
} api;
static const char *const names[] = {
#define F(result, name, ...) #name,
NVRTC(F)
#undef F
0};
static const char *name(int i) { return names[i]; }
static int version(api *a, int *major, int *minor) { return a->nvrtcVersion(major, minor); }
static int create(api *a, void **p, char *src, char *name, int n, char **text, char **names) {
  return a->nvrtcCreateProgram(p, src, name, n, (const char *const *)text, (const char *const *)names);
}
static int compile(api *a, void *p, int n, char **options) { return a->nvrtcCompileProgram(p, n, (const char *const *)options); }
static int drop(api *a, void **p) { return a->nvrtcDestroyProgram(p); }
static const char *text(api *a, int r) { return a->nvrtcGetErrorString(r); }
static int size(api *a, int log, void *p, size_t *n) { return (log ? a->nvrtcGetProgramLogSize : a->nvrtcGetPTXSize)(p, n); }
static int get(api *a, int log, void *p, char *b) { return (log ? a->nvrtcGetProgramLog : a->nvrtcGetPTX)(p, b); }
*/
import "C"

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unsafe"
)

// Compiler is NVRTC: CUDA C++ to PTX, without driver or GPU.
type Compiler struct {
	api  C.api
	Path string // of the library
}

// OpenCompiler finds NVRTC, as Library.Find.
func OpenCompiler(folders, roots []string) (*Compiler, error) {
	lib, err := NVRTC.open(folders, roots)
	if err != nil {
		return nil, err
	}
	var names []string
	for i := C.int(0); C.name(i) != nil; i++ {
		names = append(names, C.GoString(C.name(i)))
	}
	c := &Compiler{Path: lib.path}
	return c, lib.bind(names, unsafe.Pointer(&c.api))
}

// Version is the library's CUDA version, 1000·major + 10·minor.
func (c *Compiler) Version() int {
	var major, minor C.int
	C.version(&c.api, &major, &minor)
	return 1000*int(major) + 10*int(minor)
}

// Compile turns CUDA C++ into PTX. headers are the files that it may include. The error holds the compiler's log.
func (c *Compiler) Compile(src, name string, headers map[string]string, options ...string) ([]byte, error) {
	var memory []unsafe.Pointer
	defer func() {
		for _, p := range memory {
			C.free(p)
		}
	}()
	str := func(s string) *C.char {
		p := C.CString(s)
		memory = append(memory, unsafe.Pointer(p))
		return p
	}
	list := func(ss []string) **C.char {
		p := C.calloc(C.size_t(len(ss)+1), C.size_t(unsafe.Sizeof(uintptr(0))))
		memory = append(memory, p)
		slots := unsafe.Slice((**C.char)(p), len(ss))
		for i := range slots {
			slots[i] = str(ss[i])
		}
		return (**C.char)(p)
	}
	names := slices.Sorted(maps.Keys(headers))
	texts := make([]string, len(names))
	for i, n := range names {
		texts[i] = headers[n]
	}
	var p unsafe.Pointer
	if r := C.create(&c.api, &p, str(src), str(name), C.int(len(names)), list(texts), list(names)); r != 0 {
		return nil, fmt.Errorf("dl: NVRTC: %s", C.GoString(C.text(&c.api, r)))
	}
	defer C.drop(&c.api, &p)
	fetch := func(log C.int) []byte {
		var n C.size_t
		if C.size(&c.api, log, p, &n) != 0 || n == 0 {
			return nil
		}
		b := make([]byte, n)
		C.get(&c.api, log, p, (*C.char)(unsafe.Pointer(&b[0])))
		return b[:len(b)-1] // without the NUL
	}
	if r := C.compile(&c.api, p, C.int(len(options)), list(options)); r != 0 {
		return nil, fmt.Errorf("dl: NVRTC: %s in %s\n%s", C.GoString(C.text(&c.api, r)), name, strings.TrimSpace(string(fetch(1))))
	}
	return fetch(0), nil
}
