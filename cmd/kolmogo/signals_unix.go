//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// ignoreFileSizeLimit makes a write beyond the limit on file sizes an error instead of the end of the process.
func ignoreFileSizeLimit() { signal.Ignore(syscall.SIGXFSZ) }
