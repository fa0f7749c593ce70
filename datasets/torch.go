package datasets

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
)

// torch.save writes a pickle of the object, in which a tensor is a call of torch._utils._rebuild_tensor_v2(storage,
// offset, size, stride, ..) and a storage a persistent id ("storage", class, key, location, number of elements); the
// bytes of the storages stand elsewhere in the file, where depends on the version: pt.go, pt_legacy.go.

const (
	torchMaxDepth    = 64
	torchMaxValues   = 1 << 20
	torchMaxExpanded = 64 << 20
)

// torchStorages maps the storage classes of module torch. A plain storage of bytes has Dtype "".
var torchStorages = map[string]Dtype{
	"BoolStorage": Bool, "CharStorage": Int8, "ShortStorage": Int16, "IntStorage": Int32, "LongStorage": Int64,
	"ByteStorage": Uint8, "HalfStorage": Float16, "BFloat16Storage": Bfloat16, "FloatStorage": Float32,
	"DoubleStorage": Float64, "ComplexFloatStorage": Complex64, "ComplexDoubleStorage": Complex128,
	"UntypedStorage": "",
}

// torchFile is what both versions of the format give: tensors and scalars by nested name, storages by key.
type torchFile struct {
	names    []string
	tensors  map[string]*torchTensor
	metadata map[string]string
	storages map[string]*torchStorage
	values   int
	swap     bool // the storages are big-endian
	// load reads the bytes of a storage.
	load func(s *torchStorage) ([]byte, error)
}

func newTorchFile() *torchFile {
	return &torchFile{tensors: map[string]*torchTensor{}, metadata: map[string]string{}, storages: map[string]*torchStorage{}}
}

// machine returns the pickle machine that makes the file's tensors.
func (f *torchFile) machine() *pickle { return &pickle{call: torchCall, persistent: f.persistent} }

// persistent makes or finds a storage from its id.
func (f *torchFile) persistent(id any) (any, error) {
	parts, ok := id.(pyTuple)
	if !ok || len(parts) < 5 || parts[0] != "storage" {
		return nil, errors.New("a persistent id is not a storage")
	}
	class, ok1 := parts[1].(pyGlobal)
	key, ok2 := parts[2].(string)
	count, ok3 := parts[4].(int64)
	if !ok1 || !ok2 || !ok3 || len(parts) > 5 && parts[5] != nil {
		return nil, errors.New("a storage is described in an unknown way")
	}
	dtype, ok := torchStorages[class.name]
	if !ok || class.module != "torch" && class.module != "torch.storage" {
		return nil, fmt.Errorf("storage of type %s cannot be read", class)
	}
	size := int64(max(dtype.Size(), 1))
	if count < 0 || count > math.MaxInt64/size {
		return nil, fmt.Errorf("a storage of %d elements", count)
	}
	s := &torchStorage{key, dtype, count * size}
	if old := f.storages[key]; old != nil && *old != *s {
		return nil, fmt.Errorf("storage %q is described in two ways", key)
	} else if old != nil {
		return old, nil
	}
	f.storages[key] = s
	return s, nil
}

// flatten enters value under name: nested keys are joined by "/", list items are numbered.
func (f *torchFile) flatten(name string, value any, depth int) error {
	if f.values++; depth > torchMaxDepth || f.values > torchMaxValues {
		return errors.New("the object is nested too deeply or holds too many values")
	}
	inside := func(key string) string {
		if depth == 0 {
			return key
		}
		return name + "/" + key
	}
	items := func(items []any) error {
		for i, item := range items {
			if err := f.flatten(inside(strconv.Itoa(i)), item, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	switch v := value.(type) {
	case pyTuple:
		return items(v)
	case *pyList:
		return items(v.items)
	case *pyDict:
		for i, key := range v.keys {
			var text string
			switch key := key.(type) {
			case string:
				text = key
			case int64:
				text = strconv.FormatInt(key, 10)
			default:
				return fmt.Errorf("a dict has a key that is neither a string nor an integer under %q", name)
			}
			if text == "_metadata" { // what nn.Module.state_dict says about versions and constructors
				continue
			}
			if err := f.flatten(inside(text), v.values[i], depth+1); err != nil {
				return err
			}
		}
		return nil
	case *torchTensor:
		if f.tensors[name] != nil {
			return fmt.Errorf("two tensors are named %q", name)
		}
		f.names = append(f.names, name)
		f.tensors[name] = v
	case string:
		f.metadata[name] = v
	case nil, bool, int64, float64, *big.Int:
		if text, err := json.Marshal(v); err == nil {
			f.metadata[name] = string(text)
		} else { // NaN and infinities
			f.metadata[name] = fmt.Sprint(v)
		}
	case pyGlobal:
		f.metadata[name] = v.String()
	}
	return nil
}

func (f *torchFile) Names() []string { return slices.Clone(f.names) }

func (f *torchFile) Metadata() map[string]string { return maps.Clone(f.metadata) }

func (f *torchFile) Close() error { return nil }

func (f *torchFile) Info(name string) (Info, error) {
	t := f.tensors[name]
	if t == nil {
		return Info{}, missing(name, f)
	}
	return Info{t.dtype, slices.Clone(t.shape)}, nil
}

func (f *torchFile) Array(name string) (Array, error) {
	info, err := f.Info(name)
	if err != nil {
		return Array{}, err
	}
	t := f.tensors[name]
	size, err := byteSize(t.dtype, t.shape)
	if err != nil || size == 0 {
		return Array{info.Dtype, info.Shape, []byte{}}, err
	}
	stored, err := f.load(t.storage)
	if err != nil {
		return Array{}, fmt.Errorf("%q: %w", name, err)
	}
	a := Array{info.Dtype, info.Shape, make([]byte, size)}
	gather(a.Raw, stored, t.dtype.Size(), t.offset, t.shape, t.stride)
	if f.swap {
		swapBytes(a.Raw, t.dtype)
	}
	t.finish(a.Raw)
	return a, nil
}
