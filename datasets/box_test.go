package datasets

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// TestBox: a part of an array, read by itself, is that part of the whole array, whatever the layout and the chunks.
func TestBox(t *testing.T) {
	root := os.Getenv("KOLMOGO_FORMATS")
	if root == "" {
		root = filepath.Join("..", "testdata", "formats")
	}
	random := rand.New(rand.NewPCG(1, 2))
	boxes := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		c, _, err := openFormat(path)
		if err != nil {
			return nil // a file that is refused
		}
		defer c.Close()
		inner := c.(*fileContainer).Container
		b, ok := inner.(boxer)
		if !ok {
			return nil
		}
		for _, name := range inner.Names() {
			a, err := inner.Array(name)
			if err != nil || a.Len() == 0 {
				continue
			}
			for range 8 {
				start, count := make([]int, len(a.Shape)), make([]int, len(a.Shape))
				for i, n := range a.Shape {
					start[i] = random.IntN(n)
					count[i] = 1 + random.IntN(n-start[i])
					if random.IntN(3) == 0 {
						start[i], count[i] = 0, n
					}
				}
				part := Array{a.Dtype, count, nil}
				got, want := make([]byte, part.Len()*a.Dtype.Size()), make([]byte, part.Len()*a.Dtype.Size())
				offset := 0
				for i, s := range strides(a.Shape) {
					offset += s * start[i]
				}
				gather(want, a.Raw, a.Dtype.Size(), offset, count, strides(a.Shape))
				if err := b.Box(got, name, start, count); err != nil || !bytes.Equal(got, want) {
					t.Errorf("%s: %q: box %v + %v of %v differs: %v", path, name, start, count, a.Shape, err)
				}
				boxes++
			}
			outside := append([]int{}, a.Shape...)
			if len(outside) > 0 {
				outside[0]++
				if err := b.Box(nil, name, make([]int, len(outside)), outside); err == nil {
					t.Errorf("%s: %q: a box beyond shape %v was read", path, name, a.Shape)
				}
			}
		}
		return nil
	})
	if err != nil || boxes < 500 {
		t.Errorf("%d boxes, %v", boxes, err)
	}
}
