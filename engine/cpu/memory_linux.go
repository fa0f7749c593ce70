package cpu

import "golang.org/x/sys/unix"

// adviseLargePages asks for large pages; a system that has none left, or refuses, gives small ones.
func adviseLargePages(m []byte) { _ = unix.Madvise(m, unix.MADV_HUGEPAGE) }
