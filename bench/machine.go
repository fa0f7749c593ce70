package bench

import (
	"fmt"
	"runtime"

	"github.com/klauspost/cpuid/v2"

	"github.com/kolmogo/kolmogo/engine/cpu"
)

// Machine says where something was measured.
type Machine struct {
	Processor string `json:"processor"`
	Cores     int    `json:"cores"`
	System    string `json:"system"`
	Go        string `json:"go"`
	Backend   string `json:"backend"`
}

// ThisMachine describes this one, with the backend that a configuration gives.
func ThisMachine(c cpu.Config) (Machine, error) {
	b, err := cpu.New(c)
	if err != nil {
		return Machine{}, fmt.Errorf("bench: %w", err)
	}
	defer b.Close()
	return Machine{
		Processor: fmt.Sprintf("%s, family %d model %d", cpuid.CPU.BrandName, cpuid.CPU.Family, cpuid.CPU.Model),
		Cores:     runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Backend: b.Name(),
	}, nil
}
