package datasets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// generateHDF5 generates into an HDF5 file: of The Well where the name ends in .well and the suffix, else in PDEBench's layout. The
// trajectories go to the disk as they come, into a file beside it that takes the name when it is whole.
func (p *Problem) generateHDF5(ctx context.Context, o Options, path string) error {
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("datasets: generate: %s: %w: remove it or choose another name", path, fs.ErrExist)
	}
	layout := PDEBench
	if strings.HasSuffix(strings.TrimSuffix(path, filepath.Ext(path)), ".well") {
		layout = TheWell
	}
	partial := path + ".part"
	w, err := CreateHDF5(partial, layout, p.Meta, p.Parts, o.N)
	if err != nil {
		return err
	}
	_, err = p.generate(ctx, o, w)
	if err = errors.Join(err, w.Close()); err != nil {
		return errors.Join(fmt.Errorf("%w; an HDF5 file is written whole or not at all: a .kmg file can be continued", err), os.Remove(partial))
	}
	if err := os.Rename(partial, path); err != nil {
		return fmt.Errorf("datasets: %w", err)
	}
	return nil
}
