package datasets

import (
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
)

// An HDF5 file is a tree of groups whose leaves are datasets, each with attributes. All versions of its structures up to those of
// HDF5 2.0 are read: superblocks 0 to 3, old and new groups, all indexes of chunks, and the filters gzip, shuffle, fletcher32 and lzf.
// Links to other files and data in other files are refused.
//
// As a container, the arrays are the datasets of numbers by their path without the first slash. The metadata hold the attributes,
// "NAME" of the root and "PATH@NAME" of others, and the datasets of strings.
//
// Source: docs.hdfgroup.org, HDF5 File Format Specification 3.0.

type h5 struct {
	file  *h5file
	root  uint64
	names []string
	nodes map[string]*h5node
	meta  map[string]string
	// objects names the objects by their addresses.
	objects map[uint64]string

	cache     h5cache
	inflaters inflaters
}

// h5node is what a name stands for: a dataset, or why there is none.
type h5node struct {
	*h5dataset
	problem error
}

// h5target is a dataset at an object, or below it: rest is the way from the object.
type h5target struct{ path, rest string }

// at finds the datasets at or below the object at an address, as a reference names it.
func (h *h5) at(address uint64) []h5target {
	root, ok := h.objects[address]
	if !ok {
		return nil
	}
	var list []h5target
	for _, name := range h.names {
		if rest, ok := strings.CutPrefix(name, root); ok && (rest == "" || rest[0] == '/') {
			list = append(list, h5target{name, rest})
		}
	}
	return list
}

// The bounds of a tree of groups.
const (
	h5maxDepth   = 64
	h5maxObjects = 1 << 22
)

func sniffH5(head []byte, r io.ReaderAt, size int64) bool {
	return h5begin(r, size) >= 0
}

func openHDF5(r io.ReaderAt, size int64) (Container, error) { return openH5Tree(r, size) }

func openH5Tree(r io.ReaderAt, size int64) (*h5, error) {
	f, root, err := openH5(r, size)
	if err != nil {
		return nil, err
	}
	h := &h5{file: f, root: root, nodes: map[string]*h5node{}, meta: map[string]string{}, objects: map[uint64]string{}}
	w := &h5walk{h5: h, heap: &h5global{f: f}, groups: map[uint64]bool{root: true}}
	if err := w.object(root, "", 0); err != nil {
		return nil, err
	}
	return h, nil
}

func (h *h5) Names() []string             { return slices.Clone(h.names) }
func (h *h5) Metadata() map[string]string { return maps.Clone(h.meta) }
func (h *h5) Close() error                { return nil }

// lookup finds a dataset by its path, which may lead through soft links.
func (h *h5) lookup(name string) (*h5node, error) {
	if n := h.nodes[name]; n != nil {
		if n.problem != nil {
			return nil, named(name, n.problem)
		}
		return n, nil
	}
	at, err := h.follow(name, 0)
	if err != nil {
		return nil, err
	}
	messages, err := h.file.header(at)
	if err != nil {
		return nil, named(name, err)
	}
	d, err := h.file.dataset(messages)
	if err != nil {
		return nil, named(name, err)
	}
	if d == nil {
		return nil, missing(name, h)
	}
	return &h5node{h5dataset: d}, nil
}

// h5maxSteps bounds the soft links that one path may lead through.
const h5maxSteps = 16

// follow finds the object at a path.
func (h *h5) follow(name string, steps int) (uint64, error) {
	if steps > h5maxSteps {
		return 0, fmt.Errorf("%q: its soft links lead in a circle", name)
	}
	at := h.root
	parts := strings.Split(strings.Trim(path.Clean("/"+name), "/"), "/")
	for i, part := range parts {
		messages, err := h.file.header(at)
		if err != nil {
			return 0, named(name, err)
		}
		links, _, err := h.file.links(messages)
		if err != nil {
			return 0, named(name, err)
		}
		l, ok := linkNamed(links, part)
		switch {
		case !ok:
			return 0, missing(name, h)
		case l.file != "":
			return 0, fmt.Errorf("%q leads through an external link to %q; other files are not opened", name, l.file)
		case l.hard():
			at = l.object
			continue
		}
		target := l.path
		if !strings.HasPrefix(target, "/") {
			target = strings.Join(append(slices.Clone(parts[:i]), target), "/")
		}
		return h.follow(strings.Join(append([]string{target}, parts[i+1:]...), "/"), steps+1)
	}
	return at, nil
}

func (h *h5) Info(name string) (Info, error) {
	n, err := h.lookup(name)
	if err != nil {
		return Info{}, err
	}
	info, _, err := n.info()
	if err != nil {
		return info, named(name, err)
	}
	size, err := byteSize(info.Dtype, info.Shape)
	if err == nil {
		err = n.plausible(size)
	}
	return info, named(name, err)
}

func (h *h5) Array(name string) (Array, error) {
	info, err := h.Info(name)
	if err != nil {
		return Array{}, err
	}
	size, err := byteSize(info.Dtype, info.Shape)
	if err != nil {
		return Array{}, named(name, err)
	}
	a := Array{info.Dtype, info.Shape, make([]byte, size)}
	return a, h.Box(a.Raw, name, make([]int, len(a.Shape)), a.Shape)
}

// Box implements [boxer].
func (h *h5) Box(dst []byte, name string, start, count []int) error {
	n, err := h.lookup(name)
	if err != nil {
		return err
	}
	info, swap, err := n.info()
	if err != nil {
		return named(name, err)
	}
	if err := checkBox(info.Shape, start, count); err != nil {
		return named(name, err)
	}
	rank := len(n.dims) // axes of an array type are read whole
	if !slices.Equal(count[rank:], info.Shape[rank:]) {
		return fmt.Errorf("%q: the axes of its array type are read whole", name)
	}
	if err := n.box(dst, start[:rank], count[:rank], &h.cache, &h.inflaters); err != nil {
		return named(name, err)
	}
	if swap {
		swapBytes(dst, info.Dtype)
	}
	return nil
}

// Section gives the bytes of data that lie in the file as they are.
func (h *h5) Section(name string) *io.SectionReader {
	n, err := h.lookup(name)
	if err != nil || n.layout != h5Contiguous || n.data == h5undefined {
		return nil
	}
	info, swap, err := n.info()
	if err != nil || swap {
		return nil
	}
	size, err := byteSize(info.Dtype, info.Shape)
	if err != nil {
		return nil
	}
	return io.NewSectionReader(h.file.r, h.file.base+int64(n.data), size)
}

// Chunk implements [chunkShaper].
func (h *h5) Chunk(name string) []int {
	n, err := h.lookup(name)
	if err != nil || n.layout != h5Chunked {
		return nil
	}
	shape, err := h5shape(n.index.chunk[:len(n.dims)])
	if err != nil {
		return nil
	}
	return shape
}
