package bench

import (
	"fmt"
	"runtime"

	"github.com/klauspost/cpuid/v2"
)

// Machine says where something was measured.
type Machine struct {
	Processor string `json:"processor"`
	Cores     int    `json:"cores"`
	System    string `json:"system"`
	Go        string `json:"go"`
	Backend   string `json:"backend"`
}

// ThisMachine describes this one, with the backend that the options give.
func ThisMachine(o Options) (Machine, error) {
	b, err := o.open()
	if err != nil {
		return Machine{}, fmt.Errorf("bench: %w", err)
	}
	defer b.Close()
	return Machine{
		Processor: fmt.Sprintf("%s, family %d model %d", cpuid.CPU.BrandName, cpuid.CPU.Family, cpuid.CPU.Model),
		Cores:     runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Backend: b.Name(),
	}, nil
}
