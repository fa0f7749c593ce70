//go:build !linux

package cpu

// totalMemory is not known here.
func totalMemory() uint64 { return 0 }

// adviseLargePages does nothing: only Linux is asked.
func adviseLargePages([]byte) {}
