//go:build !unix

package train

import "os"

// openLocked opens or creates a file; there are no advisory locks here.
func openLocked(path string) (f *os.File, held bool, err error) {
	f, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	return f, false, err
}
