package datasets

import (
	"errors"
	"fmt"
)

// torchStorage is a run of elements somewhere in the file.
type torchStorage struct {
	key   string
	dtype Dtype // "" for untyped bytes
	bytes int64
}

// torchTensor is a strided view of a storage; offset, shape and stride are in elements.
type torchTensor struct {
	storage       *torchStorage
	dtype         Dtype
	offset        int
	shape, stride []int
	conj, neg     bool // complex conjugation and negation that torch postponed
}

// rebuildTensor makes a tensor from (storage, offset, size, stride, requires grad, hooks, ..): v2 may go on with
// metadata, v3 with a dtype and metadata.
func rebuildTensor(args pyTuple) (any, error) {
	if len(args) < 4 {
		return nil, errors.New("a tensor is described in an unknown way")
	}
	storage, ok1 := args[0].(*torchStorage)
	offset, ok2 := args[1].(int64)
	shape, ok3 := sizes(args[2])
	stride, ok4 := sizes(args[3])
	if !ok1 || !ok2 || !ok3 || !ok4 || len(shape) != len(stride) {
		return nil, errors.New("a tensor is described in an unknown way")
	}
	t := &torchTensor{storage: storage, dtype: storage.dtype, offset: int(offset), shape: shape, stride: stride}
	for _, extra := range args[min(6, len(args)):] {
		switch extra := extra.(type) {
		case nil:
		case pyGlobal:
			t.dtype = Dtype(extra.name)
			if extra.module != "torch" || t.dtype.Size() == 0 {
				return nil, fmt.Errorf("elements of type %s cannot be read", extra)
			}
		case *pyDict:
			for i, key := range extra.keys {
				on, ok := extra.values[i].(bool)
				switch {
				case key == "conj" && ok:
					t.conj = on
				case key == "neg" && ok:
					t.neg = on
				default:
					return nil, fmt.Errorf("tensor property %v is unknown", key)
				}
			}
		default:
			return nil, errors.New("a tensor is described in an unknown way")
		}
	}
	if t.dtype == "" {
		return nil, errors.New("a tensor without a type")
	}
	return t, t.check()
}

// check reports a tensor that reaches outside its storage.
func (t *torchTensor) check() error {
	n, err := elements(t.shape)
	if err != nil {
		return err
	}
	if n == 0 {
		return nil
	}
	last, have := t.offset, int(t.storage.bytes/int64(t.dtype.Size()))
	outside := fmt.Errorf("a tensor of shape %v, strides %v and offset %d lies outside its storage of %d elements", t.shape, t.stride, t.offset, have)
	if last < 0 || last >= have {
		return outside
	}
	for i, size := range t.shape {
		if t.stride[i] < 0 || size > 1 && t.stride[i] > (have-1-last)/(size-1) {
			return outside
		}
		last += (size - 1) * t.stride[i]
	}
	if bytes, err := byteSize(t.dtype, t.shape); err != nil || n > have && bytes > torchMaxExpanded {
		return fmt.Errorf("a tensor of shape %v repeats the %d elements of its storage; save its contiguous copy", t.shape, have)
	}
	return nil
}

// sizes converts a tuple of integers.
func sizes(v any) ([]int, bool) {
	tuple, ok := v.(pyTuple)
	s := make([]int, len(tuple))
	for i, v := range tuple {
		n, isInt := v.(int64)
		s[i], ok = int(n), ok && isInt
	}
	return s, ok
}

// finish carries out the conjugation and negation that torch postponed, by sign bits.
func (t *torchTensor) finish(raw []byte) {
	scalar, parts := t.dtype.component()
	size := scalar.Size()
	if !scalar.Float() {
		return
	}
	for i := 0; (i+1)*size <= len(raw); i++ {
		if imaginary := parts == 2 && i%2 == 1; t.neg != (t.conj && imaginary) {
			raw[(i+1)*size-1] ^= 0x80
		}
	}
}
