// Package wholefile replaces files all or nothing.
package wholefile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Suffix ends the name PATH.*.tmp of a file that is being written; a killed program leaves one behind.
const Suffix = ".tmp"

// Replace writes a temporary file beside path, syncs it, renames it to path and syncs the folder. Whatever fails, path is what it was
// before or what write wrote, and the temporary file is gone.
func Replace(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*"+Suffix)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err := errors.Join(write(f), f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

// ReplaceBytes replaces path by data.
func ReplaceBytes(path string, data []byte) error {
	return Replace(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}
