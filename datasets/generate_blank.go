package datasets

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// GenerateBlank writes a trajectory file of the recipe's shapes that holds zeros, to plan with. Where the file system has sparse files,
// only the checksums take room.
func GenerateBlank(r Recipe, path string) error {
	p, err := r.Problem()
	if err != nil {
		return err
	}
	w, err := CreateKMG(path, KMGHeader{Meta: p.Meta, Parts: p.Parts, Count: r.N})
	if err != nil {
		return err
	}
	return errors.Join(w.blank(), w.Close())
}

// blank writes the checksums of records of zeros.
func (w *KMGWriter) blank() error {
	k := w.kmg
	zeros := make([]byte, k.dataSize())
	for i := range k.header.Count {
		sum := binary.LittleEndian.AppendUint32(nil, crc32.Update(recordSum(i), castagnoli, zeros))
		if _, err := w.file.WriteAt(sum, k.at(i)+k.dataSize()); err != nil {
			return fmt.Errorf("datasets: record %d: %w", i, err)
		}
	}
	return w.cut(k.header.Count)
}
