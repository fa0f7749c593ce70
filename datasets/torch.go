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

// torchCall is the whole list of functions that a pickle may call. Each makes a value from values.
func torchCall(function pyGlobal, args pyTuple) (any, error) {
	switch function.String() {
	case "collections.OrderedDict":
		return orderedDict(args)
	case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3":
		return rebuildTensor(args)
	case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
		if len(args) > 0 {
			if t, ok := args[0].(*torchTensor); ok {
				return t, nil
			}
		}
		return nil, errors.New("a parameter without a tensor")
	case "torch._tensor._rebuild_from_type_v2":
		if len(args) == 4 {
			inner, ok1 := args[0].(pyGlobal)
			innerArgs, ok2 := args[2].(pyTuple)
			if ok1 && ok2 && inner != function {
				return torchCall(inner, innerArgs)
			}
		}
		return nil, errors.New("a tensor subclass is described in an unknown way")
	case "torch.Size":
		if len(args) == 1 {
			return args[0], nil
		}
	case "torch.device":
		if len(args) > 0 {
			return args[0], nil
		}
	case "builtins.set", "__builtin__.set":
		if len(args) == 1 {
			return args[0], nil
		}
	}
	return nil, fmt.Errorf("the pickle calls %s, which is not allowed; save only tensors, numbers and strings", function)
}

// orderedDict makes a dict from nothing or from a list of pairs.
func orderedDict(args pyTuple) (any, error) {
	d := &pyDict{}
	if len(args) == 0 {
		return d, nil
	}
	list, _ := args[0].(*pyList)
	if list == nil {
		return nil, errors.New("an OrderedDict of something that is not a list")
	}
	for _, item := range list.items {
		var pair []any
		switch item := item.(type) {
		case pyTuple:
			pair = item
		case *pyList:
			pair = item.items
		}
		if len(pair) != 2 {
			return nil, errors.New("an OrderedDict of something that is not pairs")
		}
		d.keys, d.values = append(d.keys, pair[0]), append(d.values, pair[1])
	}
	return d, nil
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

func (f *torchFile) Names() []string             { return slices.Clone(f.names) }
func (f *torchFile) Metadata() map[string]string { return maps.Clone(f.metadata) }
func (f *torchFile) Close() error                { return nil }

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
