package cpu

import "golang.org/x/sys/unix"

// TotalMemory is the machine's memory in bytes; 0 if it is not known.
func TotalMemory() uint64 {
	var s unix.Sysinfo_t
	if err := unix.Sysinfo(&s); err != nil {
		return 0
	}
	return uint64(s.Totalram) * uint64(s.Unit)
}

// adviseLargePages asks for large pages; a system that has none left, or refuses, gives small ones.
func adviseLargePages(m []byte) { _ = unix.Madvise(m, unix.MADV_HUGEPAGE) }
