//go:build !linux

package cpu

// TotalMemory is not known here.
func TotalMemory() uint64 { return 0 }

// adviseLargePages does nothing: only Linux is asked.
func adviseLargePages([]byte) {}
