//go:build gpu

package cuda

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// choices are the products that were measured on a device, by what describeProduct says of them. Two ways to make a product round
// differently, and a second measurement may turn out otherwise: whoever wants the same bits again keeps the first ones in a file.
type choices struct {
	Device   string            `json:"device"`
	Library  string            `json:"library"`
	Products map[string]choice `json:"products"`
	file     string
}

// choice is who makes a product, and the seconds that each took.
type choice struct {
	Library     bool    `json:"library"`
	LibraryTime float64 `json:"library_s"`
	OwnTime     float64 `json:"own_s"`
}

func newChoices(device, library string) *choices {
	return &choices{Device: device, Library: library, Products: map[string]choice{}}
}

func (c *choices) get(product string) (choice, bool) {
	one, ok := c.Products[product]
	return one, ok
}

func (c *choices) set(product string, one choice) error {
	c.Products[product] = one
	return c.write()
}

// write replaces the file, if there is one to keep.
func (c *choices) write() error {
	if c.file == "" {
		return nil
	}
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("cuda: %w", err)
	}
	part, err := os.CreateTemp(filepath.Dir(c.file), filepath.Base(c.file)+".part-*")
	if err != nil {
		return fmt.Errorf("cuda: keeping the choices between kernels: %w", err)
	}
	_, err = part.Write(append(text, '\n'))
	err = errors.Join(err, part.Chmod(0o644), part.Close())
	if err == nil {
		err = os.Rename(part.Name(), c.file)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("cuda: keeping the choices between kernels: %w", err), os.Remove(part.Name()))
	}
	return nil
}

// KeepChoices takes the choices between our kernels and a library's from a file, where it is of the same device and library, and writes
// to it those that are made from now on. Programs that were built before keep theirs.
func (b *Backend) KeepChoices(file string) error {
	if b.blas == nil || b.blas.always {
		return nil // there is nothing to choose
	}
	c := b.blas.choices
	c.file = file
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var old choices
	if err == nil {
		err = json.Unmarshal(text, &old)
	}
	if err != nil {
		return fmt.Errorf("cuda: %s: %w: remove it, and products are measured anew", file, err)
	}
	if old.Device == c.Device && old.Library == c.Library {
		for product, one := range old.Products {
			c.Products[product] = one
		}
	}
	return nil
}
