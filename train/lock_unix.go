//go:build unix

package train

import (
	"errors"
	"os"
	"syscall"
)

// openLocked opens or creates a file for this process alone, until it closes it or ends; held says that another process has it.
// A run's log is opened so: it keeps two processes from training in one folder.
func openLocked(path string) (f *os.File, held bool, err error) {
	if f, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644); err != nil {
		return nil, false, err
	}
	if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, errors.Is(err, syscall.EWOULDBLOCK), err
	}
	return f, false, nil
}
