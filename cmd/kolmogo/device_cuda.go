//go:build gpu

package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/kolmogo/kolmogo/cuda"
	"github.com/kolmogo/kolmogo/cuda/dl"
)

// foldersVariable lists folders with NVIDIA's libraries, to look into first.
const foldersVariable = "CUDA_LIB_DIR"

// openCUDA opens an NVIDIA device. Without NVRTC fused chains are interpreted; without cuBLAS our kernels make all products.
func openCUDA(index int, products string) (backend, error) {
	if _, _, err := cuda.Devices(); err != nil {
		return nil, err // before libraries are looked for
	}
	rounding, err := cuda.ParseRounding(products)
	if err != nil {
		return nil, err
	}
	config := cuda.Config{Device: index, Sync: os.Getenv(syncVariable) == "1", Products: rounding}
	switch way := os.Getenv(libraryVariable); way {
	case "never":
	case "", "auto", "always":
		config.Always = way == "always"
		if config.Library, err = dl.OpenBLAS(libraryPlaces()); err != nil && config.Always {
			return nil, err
		}
	default:
		return nil, usagef("%s is %q: use auto, always or never", libraryVariable, way)
	}
	if compile, err := cuda.NVRTC(libraryPlaces()); err == nil {
		config.Compile = compile
	}
	b, err := cuda.Open(config)
	if err != nil {
		return nil, err // not b, which would be a backend that holds nil
	}
	return b, nil
}

// libraryPlaces lists where to look for NVIDIA's libraries: folders, and roots of Python environments.
func libraryPlaces() (folders, roots []string) {
	folders = filepath.SplitList(os.Getenv(foldersVariable))
	for _, name := range []string{"CUDA_HOME", "CUDA_PATH"} {
		if v := os.Getenv(name); v != "" {
			folders = append(folders, filepath.Join(v, "lib64"))
		}
	}
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if v := os.Getenv(name); v != "" {
			roots = append(roots, v)
		}
	}
	if home, err := os.UserHomeDir(); err == nil {
		roots = append(roots, filepath.Join(home, ".local"))
	}
	return folders, roots
}

// deviceFailed reports whether an error is one of a device.
func deviceFailed(err error) bool { return cuda.Failed(err) }

// backendFindings is what doctor has to say about the CUDA backend: the driver, each device, the compiler of fused kernels, the library of products.
func backendFindings() []finding {
	driver, devices, err := cuda.Devices()
	if err != nil {
		return []finding{{Name: "CUDA backend", Value: oneLine(err), Do: "for a GPU install NVIDIA's driver, 525 or newer; the CPU backend does not need it"}}
	}
	list := []finding{{Name: "CUDA backend", Value: fmt.Sprintf("driver of CUDA %s, %d devices", driver, len(devices)), OK: len(devices) > 0}}
	for i, d := range devices {
		f := finding{Name: fmt.Sprintf("cuda:%d", i), OK: d.Err == nil}
		if d.Err == nil {
			f.Value = fmt.Sprintf("%s, compute capability %d.%d, %.1f of %.1f GB free", d.Name, d.Capability/10, d.Capability%10, float64(d.Free)/1e9, float64(d.Total)/1e9)
		} else {
			f.Value, f.Do = oneLine(d.Err), "use another device or --device cpu"
		}
		list = append(list, f)
	}
	folders, roots := libraryPlaces()
	compiler := finding{Name: "NVRTC", OK: true}
	if path, err := dl.NVRTC.Find(folders, roots); err != nil {
		compiler = finding{Name: "NVRTC", Value: "not found: fused chains are interpreted, which is slower", Do: "pip install nvidia-cuda-nvrtc-cu12, or set " + foldersVariable}
	} else if _, err := cuda.NVRTC(folders, roots); err != nil {
		compiler = finding{Name: "NVRTC", Value: oneLine(err), Do: "install the one that fits the driver, or update the driver"}
	} else {
		compiler.Value = path
	}
	products := finding{Name: "cuBLAS", OK: true}
	if l, err := dl.OpenBLAS(folders, roots); err != nil {
		products = finding{Name: "cuBLAS", Value: "not found: our own kernels make all products", Do: "pip install nvidia-cublas-cu12, or set " + foldersVariable}
	} else if err := cuda.Starts(l, 0); err != nil {
		products = finding{Name: "cuBLAS", Value: oneLine(err), Do: "install the one that fits the driver; our own kernels make all products meanwhile"}
	} else {
		products.Value = l.Version() + ", " + l.Path
	}
	return append(list, compiler, products)
}
