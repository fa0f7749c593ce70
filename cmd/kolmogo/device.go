package main

import (
	"errors"
	"regexp"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
)

// backend is a device with its goroutines.
type backend interface {
	engine.Backend
	Close()
}

var cudaName = regexp.MustCompile(`^cuda(:[0-9]+)?$`)

// openBackend opens the device that a configuration asks for.
func openBackend(device string, threads int) (backend, error) {
	switch {
	case device == "auto" || device == "cpu":
		if threads < 0 {
			return nil, usagef("threads is %d: give 1 or more, or 0 for one per core", threads)
		}
		return cpu.New(cpu.Config{Threads: threads})
	case cudaName.MatchString(device):
		return nil, deviceError{errors.New("device " + device + ": this build has no CUDA backend; use --device cpu")}
	}
	return nil, usagef("device %q: use cpu, cuda, cuda:0 (1, 2, ..) or auto", device)
}
