package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/klauspost/cpuid/v2"
	"github.com/spf13/cobra"
)

// finding is one thing that doctor looked at.
type finding struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	OK    bool   `json:"ok"`
	Do    string `json:"do,omitempty"` // what to do about it
}

func (a *app) doctorCommand() *cobra.Command {
	device, threads := "auto", 0
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Show processor, devices, libraries and memory, and what is missing",
		Args:  cobra.NoArgs,
		RunE: a.start(func(*cobra.Command, []string) error {
			backend, err := openBackend(device, threads)
			if err != nil {
				return err
			}
			defer backend.Close()
			findings := examine(backend.Name())
			var text strings.Builder
			for _, f := range findings {
				mark := "ok     "
				if !f.OK {
					mark = "missing"
				}
				fmt.Fprintf(&text, "%s  %-18s %s\n", mark, f.Name, f.Value)
				if f.Do != "" {
					fmt.Fprintf(&text, "%28s → %s\n", "", f.Do)
				}
			}
			return a.print(map[string]any{"findings": findings}, text.String())
		}),
	}
	deviceFlags(cmd, &device, &threads)
	return cmd
}

// deviceFlags adds --device and --threads.
func deviceFlags(cmd *cobra.Command, device *string, threads *int) {
	cmd.Flags().StringVar(device, "device", *device, "cpu, cuda, cuda:i or auto")
	cmd.Flags().IntVar(threads, "threads", *threads, "goroutines of the CPU backend; 0: one per core")
}

// examine looks at the machine.
func examine(backend string) []finding {
	list := []finding{
		{Name: "kolmogo", Value: version(), OK: true},
		{Name: "processor", Value: fmt.Sprintf("%s, %d cores in use", cpuid.CPU.BrandName, runtime.GOMAXPROCS(0)), OK: true},
		instructions(),
		{Name: "backend", Value: backend, OK: true},
		memory(),
		temporaryFolder(),
	}
	return append(list, cudaFindings()...)
}

// instructions tells which of the vector units the kernels can use.
func instructions() finding {
	f := finding{Name: "vector units"}
	var have []string
	for _, unit := range []struct {
		name string
		ok   bool
	}{
		{"AVX2+FMA", cpuid.CPU.Supports(cpuid.AVX2, cpuid.FMA3)},
		{"AVX-512", cpuid.CPU.Supports(cpuid.AVX512F, cpuid.AVX512DQ, cpuid.AVX512VL)},
	} {
		if unit.ok {
			have = append(have, unit.name)
		}
	}
	f.OK, f.Value = len(have) > 0, strings.Join(have, ", ")
	if !f.OK {
		f.Value, f.Do = "none that the kernels know", "the portable kernels run everywhere, several times slower; an x86-64 processor with AVX2 is faster"
	}
	return f
}

// memory reads Linux's account of it.
func memory() finding {
	f := finding{Name: "memory", Value: "unknown on this system", OK: true}
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return f
	}
	gib := map[string]float64{}
	for line := range strings.Lines(string(text)) {
		var kib float64
		name, rest, _ := strings.Cut(line, ":")
		if _, err := fmt.Sscan(rest, &kib); err == nil {
			gib[name] = kib / (1 << 20)
		}
	}
	f.Value = fmt.Sprintf("%.1f GiB, %.1f GiB available", gib["MemTotal"], gib["MemAvailable"])
	if f.OK = gib["MemAvailable"] >= 1; !f.OK {
		f.Do = "less than 1 GiB is available: end other programs, or train with smaller batches (data.batch)"
	}
	return f
}

// temporaryFolder tries to write where the program is called.
func temporaryFolder() finding {
	f := finding{Name: "working folder"}
	folder, err := os.Getwd()
	if err == nil {
		var file *os.File
		if file, err = os.CreateTemp(folder, ".kolmogo-doctor-*"); err == nil {
			file.Close()
			err = os.Remove(file.Name())
		}
	}
	f.OK, f.Value = err == nil, folder+" can be written to"
	if err != nil {
		f.Value, f.Do = oneLine(err), "call kolmogo from a folder that you may write to, or give --run DIR"
	}
	return f
}

// cudaFindings looks for the NVIDIA driver and its library.
func cudaFindings() []finding {
	driver := finding{Name: "NVIDIA driver", Value: "none", Do: "nothing: the CPU backend does not need it"}
	if text, err := os.ReadFile("/proc/driver/nvidia/version"); err == nil {
		first, _, _ := strings.Cut(string(text), "\n")
		driver = finding{Name: "NVIDIA driver", Value: strings.TrimPrefix(first, "NVRM version: "), OK: true}
	}
	library := finding{Name: "libcuda.so.1", Value: "not found", Do: "nothing: the CPU backend does not need it"}
	for _, folder := range []string{"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/lib/wsl/lib", "/usr/local/cuda/compat"} {
		if path := filepath.Join(folder, "libcuda.so.1"); fileExists(path) {
			library = finding{Name: "libcuda.so.1", Value: path, OK: true}
			break
		}
	}
	return append([]finding{driver, library}, backendFindings()...)
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
