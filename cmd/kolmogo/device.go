package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// backend is a device with its goroutines.
type backend interface {
	engine.Backend
	Close()
}

var cudaName = regexp.MustCompile(`^cuda(:[0-9]+)?$`)

// openBackend opens the device that a configuration asks for; auto is the first GPU that can be used, else the CPU.
func openBackend(device string, threads int) (backend, error) {
	return openDevice(device, threads, float32Precision)
}

// openDevice does so for a precision.
func openDevice(device string, threads int, p precision) (backend, error) {
	switch {
	case device == "auto":
		if b, err := openCUDA(0, p.products); err == nil {
			return b, nil
		}
		return openDevice("cpu", threads, p)
	case device == "cpu":
		config, err := cpuConfig(threads)
		if err != nil {
			return nil, err
		}
		return cpu.New(config)
	case cudaName.MatchString(device):
		_, number, _ := strings.Cut(device, ":")
		index, _ := strconv.Atoi(number) // "": the first
		b, err := openCUDA(index, p.products)
		if err != nil {
			return nil, deviceError{fmt.Errorf("device %s: %w; use --device cpu", device, err)}
		}
		return b, nil
	}
	return nil, usagef("device %q: use cpu, cuda, cuda:0 (1, 2, ..) or auto", device)
}

// instructionsVariable is the environment's choice of the CPU's instructions: generic, avx2 or avx512; unset: the best there are.
const instructionsVariable = "KOLMOGO_CPU"

// syncVariable, when it is 1, lets a CUDA device run kernels one by one, so that a fault names its kernel.
const syncVariable = "KOLMOGO_CUDA_SYNC"

// libraryVariable says whether a CUDA device may leave products of matrices to cuBLAS: auto (or unset), where it is measured faster;
// always; or never.
const libraryVariable = "KOLMOGO_CUDA_BLAS"

// choicesFile is where a run folder keeps which library or kernel a device makes each product by.
const choicesFile = "choices.json"

// keepChoices lets a device that chooses between kernels by measuring them keep its choices in a run folder, so that the run goes on
// with the same bits.
func keepChoices(b engine.Backend, folder string) error {
	if k, ok := b.(interface{ KeepChoices(file string) error }); ok {
		return k.KeepChoices(filepath.Join(folder, choicesFile))
	}
	return nil
}

// cpuConfig is how the CPU shall run.
func cpuConfig(threads int) (cpu.Config, error) {
	if threads < 0 {
		return cpu.Config{}, usagef("threads is %d: give 1 or more, or 0 for one per core", threads)
	}
	c := cpu.Config{Threads: threads, Instructions: os.Getenv(instructionsVariable)}
	if _, err := simd.Best(c.Instructions); err != nil {
		return cpu.Config{}, inUsage(fmt.Errorf("%s=%s: %w", instructionsVariable, c.Instructions, err))
	}
	return c, nil
}
