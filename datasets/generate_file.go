package datasets

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// GenerateFile generates into a file whose suffix picks the format: .kmg, .npz, .safetensors, or .h5 and .hdf5 for PDEBench's layout,
// .well.h5 and .well.hdf5 for The Well's.
//
// A .kmg file is written record by record: after a kill at any instant the same call completes it, to the bytes of an uninterrupted
// run; a greater N extends it. Where the generation is cancelled or fails, a file of the complete trajectories at its beginning is left.
//
// The other formats are made of such a file beside it, PATH.part.kmg, which the same call continues too and which is removed when the
// file is whole. They take twice their room on the disk while they are written, and no more memory than a few trajectories.
func GenerateFile(ctx context.Context, r Recipe, o Options, path string) error {
	p, err := r.Problem()
	if err != nil {
		return err
	}
	o = o.defaults(r)
	if filepath.Ext(path) == ".kmg" {
		return p.generateKMG(ctx, o, path)
	}
	finish, ok := finishers()[filepath.Ext(path)]
	if !ok {
		return fmt.Errorf("datasets: generate: %s: no trajectories are written with the suffix %q; use .kmg, .npz, .safetensors, .h5 or .hdf5", path, filepath.Ext(path))
	}
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("datasets: generate: %s: %w: remove it or choose another name", path, fs.ErrExist)
	}
	records := path + partSuffix + ".kmg"
	if err := p.generateKMG(ctx, o, records); err != nil {
		if fileThere(records) {
			err = fmt.Errorf("%w; the same call continues with what is in %s", err, records)
		}
		return err
	}
	return p.finish(ctx, path, records, finish)
}

func (p *Problem) generateKMG(ctx context.Context, o Options, path string) error {
	w, err := CreateKMG(path, KMGHeader{Meta: p.Meta, Start: o.Start, Parts: p.Parts, Count: o.N})
	if err != nil {
		return err
	}
	if o.Done, err = w.ValidRecords(ctx); err != nil {
		return errors.Join(err, w.Close())
	}
	if err := w.cut(o.Done); err != nil { // what lies behind is torn or comes again
		return errors.Join(err, w.Close())
	}
	complete, err := p.generate(ctx, o, w)
	if err != nil && complete > 0 {
		err = errors.Join(err, w.keep(complete))
	}
	return errors.Join(err, w.Close())
}

// cut ends the file after n records, whose number in the header stays.
func (w *KMGWriter) cut(n int) error {
	if err := w.file.Truncate(w.kmg.at(n)); err != nil {
		return fmt.Errorf("datasets: %w", err)
	}
	return nil
}

// keep makes the file one of its first n records.
func (w *KMGWriter) keep(n int) error {
	if err := w.cut(n); err != nil {
		return err
	}
	if _, err := w.file.WriteAt(binary.LittleEndian.AppendUint64(nil, uint64(n)), kmgCountAt); err != nil {
		return fmt.Errorf("datasets: %w", err)
	}
	return nil
}

// kmgCountAt is where a trajectory file holds its number of records.
const kmgCountAt = 24
