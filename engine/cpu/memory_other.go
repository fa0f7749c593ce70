//go:build !linux

package cpu

// adviseLargePages does nothing: only Linux is asked.
func adviseLargePages([]byte) {}
