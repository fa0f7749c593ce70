//go:build gpu

package cuda

import (
	"embed"
	"fmt"

	"gorgonia.org/cu"

	"github.com/kolmogo/kolmogo/op"
)

// ptx holds what mkptx made of the kernel files.
//
//go:embed ptx
var ptx embed.FS

// suffix is how names of kernels of a dtype end.
func suffix(t op.Dtype) string {
	if t == op.Float64 {
		return "_f64"
	}
	return "_f32"
}

// kernel finds a kernel of a family, loading the family at first use.
func (b *Backend) kernel(family, name string, t op.Dtype) (cu.Function, error) {
	name += suffix(t)
	if f, ok := b.kernels[name]; ok {
		return f, nil
	}
	key := family + suffix(t)
	if _, ok := b.modules[key]; !ok {
		text, err := ptx.ReadFile("ptx/" + key + ".ptx")
		if err != nil {
			return cu.Function{}, fmt.Errorf("cuda: %w: run make generate", err)
		}
		if err := b.load(key, text); err != nil {
			return cu.Function{}, err
		}
	}
	return b.function(key, name)
}

// load loads a module under a key.
func (b *Backend) load(key string, image []byte) error {
	m, err := b.x.Load(image)
	if err != nil {
		return fmt.Errorf("cuda: the driver does not take the kernels of %s: %w", key, err)
	}
	b.modules[key] = m
	return nil
}

// function finds a kernel of a loaded module.
func (b *Backend) function(module, name string) (cu.Function, error) {
	f, err := b.x.Function(b.modules[module], name)
	if err != nil {
		return f, fmt.Errorf("cuda: kernel %s: %w", name, err)
	}
	b.kernels[name] = f
	return f, nil
}
