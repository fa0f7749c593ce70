//go:build linux

package dl

/*
#cgo linux LDFLAGS: -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
static const char *path_of(void *handle) {
  struct link_map *m = 0;
  return dlinfo(handle, RTLD_DI_LINKMAP, &m) == 0 && m ? m->l_name : "";
}
*/
import "C"

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unsafe"
)

// Library names one library: its sonames newest first, the folders of Python wheels that hold it, and files beside it that it needs
// but does not find by itself.
type Library struct {
	Name    string
	Sonames []string
	Wheels  []string
	Beside  string // a glob, loaded first
}

// NVRTC compiles CUDA C++ in the running program; sonames of CUDA 13, 12 and 11. libnvrtc.so.13 of the wheels has no run path: it
// opens its builtins only when they are loaded already.
var NVRTC = Library{Name: "NVRTC", Sonames: []string{"libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2"}, Wheels: []string{"cu13", "cuda_nvrtc"},
	Beside: "libnvrtc-builtins.so.*"}

// candidates lists what to try: the given folders, the loader's own search, toolkits, and Python's wheels under the given roots.
func (l Library) candidates(folders, roots []string) []string {
	var list []string
	in := func(glob string) {
		for _, name := range l.Sonames {
			files, _ := filepath.Glob(filepath.Join(glob, name)) // the only error is a bad pattern
			list = append(list, files...)
		}
	}
	for _, f := range folders {
		in(f)
	}
	list = append(list, l.Sonames...)
	in("/usr/local/cuda*/lib64")
	in("/opt/cuda*/lib64")
	for _, r := range append(append([]string{}, roots...), "/usr", "/usr/local", "/opt/*", "/opt/*/.venv") {
		for _, w := range l.Wheels {
			in(filepath.Join(r, "lib/python3*/*-packages/nvidia", w, "lib"))
		}
	}
	return list
}

// handle is a loaded library.
type handle struct {
	h    unsafe.Pointer
	path string
}

// open loads the first candidate that the loader accepts; the error lists every attempt.
func (l Library) open(folders, roots []string) (handle, error) {
	var tried []error
	for _, p := range l.candidates(folders, roots) {
		h, err := load(p)
		if err != nil {
			tried = append(tried, err)
			continue
		}
		lib := handle{h, C.GoString(C.path_of(h))}
		if l.Beside != "" {
			files, _ := filepath.Glob(filepath.Join(filepath.Dir(lib.path), l.Beside))
			for _, f := range files {
				if !strings.Contains(f, ".alt.") {
					load(f) // the library itself says what it then still misses
				}
			}
		}
		return lib, nil
	}
	return handle{}, fmt.Errorf("dl: no %s library: %w", l.Name, errors.Join(tried...))
}

// Find is where a library lies that the loader accepts. folders are looked into first; roots are those of Python environments.
func (l Library) Find(folders, roots []string) (path string, err error) {
	h, err := l.open(folders, roots)
	return h.path, err
}

func load(path string) (unsafe.Pointer, error) {
	c := C.CString(path)
	defer C.free(unsafe.Pointer(c))
	h := C.dlopen(c, C.RTLD_NOW|C.RTLD_LOCAL)
	if h == nil {
		return nil, errors.New(C.GoString(C.dlerror()))
	}
	return h, nil
}

func (l handle) symbol(name string) unsafe.Pointer {
	c := C.CString(name)
	defer C.free(unsafe.Pointer(c))
	return C.dlsym(l.h, c)
}

// bind fills a table of C functions, in the order of their names.
func (l handle) bind(names []string, table unsafe.Pointer) error {
	functions := unsafe.Slice((*unsafe.Pointer)(table), len(names))
	for i, name := range names {
		if functions[i] = l.symbol(name); functions[i] == nil {
			return fmt.Errorf("dl: %s has no %s", l.path, name)
		}
	}
	return nil
}
