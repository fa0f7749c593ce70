package engine

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unsafe"

	"github.com/kolmogo/kolmogo/op"
)

// Store holds variables by name in device memory: parameters, optimizer state, averages. Programs compiled against the same
// Store share them. It is used by one goroutine.
type Store struct {
	backend Backend
	vars    map[string]Operand
	order   []string
	waiting *ahead   // whose runs wait for a common launch
	flights []flight // launches whose outputs nobody has read, in order
}

// NewStore returns an empty store on a backend.
func NewStore(b Backend) *Store { return &Store{backend: b, vars: map[string]Operand{}} }

// Backend returns the backend that holds the variables.
func (s *Store) Backend() Backend { return s.backend }

// Names lists the variables in order of declaration.
func (s *Store) Names() []string { return s.order }

// declare makes sure that the variables exist, zeroed at first; new ones of one call are contiguous, in order.
func (s *Store) declare(leaves []op.Leaf) error {
	total := 0
	var fresh []op.Leaf
	for _, l := range leaves {
		if old, ok := s.vars[l.Name]; ok {
			if old.Dims != l.Dims || old.Dtype != l.Dtype {
				return fmt.Errorf("engine: variable %q is %v%v, the graph wants %v%v", l.Name, old.Dtype, old.Dims, l.Dtype, l.Dims)
			}
			continue
		}
		fresh = append(fresh, l)
		total += align(l.Dims.Size() * l.Dtype.Size())
	}
	if len(fresh) == 0 {
		return nil
	}
	mem, err := s.backend.Alloc(total)
	if err != nil {
		return fmt.Errorf("engine: %d variables of %d bytes: %w", len(fresh), total, err)
	}
	offset := 0
	for _, l := range fresh {
		s.vars[l.Name] = Operand{Memory: mem, Offset: offset, Dtype: l.Dtype, Dims: l.Dims}
		s.order = append(s.order, l.Name)
		offset += align(l.Dims.Size() * l.Dtype.Size())
	}
	return nil
}

// Forget takes away the variables with a prefix: programs compiled against them keep theirs, later ones may give the names other shapes.
func (s *Store) Forget(prefix string) {
	s.order = slices.DeleteFunc(s.order, func(name string) bool {
		gone := strings.HasPrefix(name, prefix)
		if gone {
			delete(s.vars, name)
		}
		return gone
	})
}

// bytes is the memory of all variables.
func (s *Store) bytes() (n int64) {
	for _, v := range s.vars {
		n += int64(align(v.Bytes()))
	}
	return n
}

// Var returns the operand of a variable and whether it exists.
func (s *Store) Var(name string) (Operand, bool) {
	v, ok := s.vars[name]
	return v, ok
}

// Set writes a variable from float64 values, rounded to its dtype.
func (s *Store) Set(name string, data []float64) error {
	v, ok := s.vars[name]
	if !ok {
		return fmt.Errorf("engine: no variable %q", name)
	}
	if len(data) != v.Dims.Size() {
		return fmt.Errorf("engine: variable %q has shape %v, got %d values", name, v.Dims, len(data))
	}
	if err := s.launch(); err != nil {
		return err
	}
	return write(v, data)
}

// Get reads a variable as float64 values.
func (s *Store) Get(name string) ([]float64, error) {
	v, ok := s.vars[name]
	if !ok {
		return nil, fmt.Errorf("engine: no variable %q", name)
	}
	if err := s.launch(); err != nil {
		return nil, err
	}
	data := make([]float64, v.Dims.Size())
	return data, read(v, data)
}

// ReadBytes copies the exact little-endian content of a variable.
func (s *Store) ReadBytes(name string) ([]byte, error) {
	v, ok := s.vars[name]
	if !ok {
		return nil, fmt.Errorf("engine: no variable %q", name)
	}
	if err := s.launch(); err != nil {
		return nil, err
	}
	b := make([]byte, v.Bytes())
	return b, v.Memory.Read(v.Offset, b)
}

// WriteBytes sets the exact content of a variable.
func (s *Store) WriteBytes(name string, b []byte) error {
	v, ok := s.vars[name]
	if !ok {
		return fmt.Errorf("engine: no variable %q", name)
	}
	if len(b) != v.Bytes() {
		return fmt.Errorf("engine: variable %q has %d bytes, got %d", name, v.Bytes(), len(b))
	}
	if err := s.launch(); err != nil {
		return err
	}
	return v.Memory.Write(v.Offset, b)
}

func align(n int) int { return (n + Alignment - 1) / Alignment * Alignment }

// write stores float64 values into an operand of either dtype.
func write(o Operand, data []float64) error {
	if o.Dtype == op.Float64 {
		return o.Memory.Write(o.Offset, asBytes(data))
	}
	f := make([]float32, len(data))
	for i, x := range data {
		f[i] = float32(x)
	}
	return o.Memory.Write(o.Offset, asBytes(f))
}

// read loads an operand of either dtype as float64 values.
func read(o Operand, data []float64) error {
	if o.Dtype == op.Float64 {
		return o.Memory.Read(o.Offset, asBytes(data))
	}
	f := make([]float32, len(data))
	err := o.Memory.Read(o.Offset, asBytes(f))
	for i, x := range f {
		data[i] = float64(x)
	}
	return err
}

// asBytes views a slice of numbers as its bytes (little-endian on every supported platform).
func asBytes[T float32 | float64](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(s[0])))
}

// round rounds v to the dtype.
func round(t op.Dtype, v float64) float64 {
	if t == op.Float32 && !math.IsNaN(v) {
		return float64(float32(v))
	}
	return v
}

// asNumbers views bytes as numbers.
func asNumbers[T float32 | float64](b []byte) []T {
	var t T
	if len(b) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&b[0])), len(b)/int(unsafe.Sizeof(t)))
}
