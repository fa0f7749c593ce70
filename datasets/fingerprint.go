package datasets

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

// Fingerprint identifies the content of a file: its size and the SHA-256 of its bytes or, for a file above 64 MiB, of its
// size and 64 blocks of 1 MiB at equal distances, the first and the last among them.
type Fingerprint struct {
	Size    int64  `json:"size"`
	SHA256  string `json:"sha256"`
	Sampled bool   `json:"sampled,omitempty"`
}

const (
	fingerprintBlock  = 1 << 20
	fingerprintBlocks = 64
)

// FingerprintFile reads the fingerprint of a file; that of a folder or a pattern is of the fingerprints of its files.
func FingerprintFile(path string) (Fingerprint, error) {
	files, many, err := dataFiles(path)
	if err != nil {
		return Fingerprint{}, err
	}
	if !many {
		return fingerprintOne(path)
	}
	var all Fingerprint
	sum := sha256.New()
	for _, file := range files {
		f, err := fingerprintOne(file)
		if err != nil {
			return Fingerprint{}, err
		}
		all.Size += f.Size
		all.Sampled = all.Sampled || f.Sampled
		fmt.Fprintln(sum, f.Size, f.SHA256)
	}
	all.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return all, nil
}

func fingerprintOne(path string) (Fingerprint, error) {
	file, err := os.Open(path)
	if err != nil {
		return Fingerprint{}, fmt.Errorf("datasets: %w", err)
	}
	defer file.Close()
	stat, err := file.Stat()
	if err != nil {
		return Fingerprint{}, fmt.Errorf("datasets: %w", err)
	}
	f := Fingerprint{Size: stat.Size(), Sampled: stat.Size() > fingerprintBlock*fingerprintBlocks}
	sum := sha256.New()
	if !f.Sampled {
		_, err = io.Copy(sum, file)
	} else {
		sum.Write(binary.LittleEndian.AppendUint64(nil, uint64(f.Size)))
		for i := int64(0); i < fingerprintBlocks && err == nil; i++ {
			at := (f.Size - fingerprintBlock) / (fingerprintBlocks - 1) * i
			if i == fingerprintBlocks-1 {
				at = f.Size - fingerprintBlock
			}
			_, err = io.Copy(sum, io.NewSectionReader(file, at, fingerprintBlock))
		}
	}
	if err != nil {
		return Fingerprint{}, fmt.Errorf("datasets: %w", err)
	}
	f.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return f, nil
}
