package datasets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
)

// A MATLAB file of version 7.3 is an HDF5 file behind a header of 512 bytes. MATLAB's axes are those of HDF5 from the last to the
// first. A struct is a group, a cell a dataset of references to objects in the group #refs#, a string a dataset of UTF-16; the
// attribute MATLAB_class tells. An empty array holds its dimensions instead of values, and the attribute MATLAB_empty.

type mat73 struct {
	tree  *h5
	names []string
	paths map[string]string // in the HDF5 file, by name
	meta  map[string]string
}

func sniffMAT73(head []byte, r io.ReaderAt, size int64) bool {
	return bytes.HasPrefix(head, []byte("MATLAB 7.3 MAT-file")) && h5begin(r, size) >= 0
}

func openMAT73(r io.ReaderAt, size int64) (Container, error) {
	tree, err := openH5Tree(r, size)
	if err != nil {
		return nil, err
	}
	m := &mat73{tree: tree, paths: map[string]string{}, meta: map[string]string{}}
	for _, path := range tree.names {
		if !strings.HasPrefix(path, "#") {
			if err := m.enter(strings.ReplaceAll(path, "/", "."), path, 0); err != nil {
				return nil, err
			}
		}
	}
	return m, nil
}

// class is the MATLAB class of an object.
func (m *mat73) class(path string) string { return m.tree.meta[path+"@MATLAB_class"] }

// empty reports an array without elements.
func (m *mat73) empty(path string) bool { return m.tree.meta[path+"@MATLAB_empty"] == "1" }

// enter enters what a path holds under a name.
func (m *mat73) enter(name, path string, depth int) error {
	if depth > matMaxDepth || len(m.names) > matMaxLeaves {
		return matError("cells nested %d deep, or more than %d arrays", depth, matMaxLeaves)
	}
	n := m.tree.nodes[path]
	if n != nil && n.h5dataset != nil && n.kind.class == h5Reference {
		return m.cell(name, path, n, depth)
	}
	if m.class(path) == "char" && !m.empty(path) {
		a, err := m.matlab(path)
		if err != nil || a.Dtype != Uint16 || a.Len() > matMaxText {
			return err
		}
		units := make([]uint16, a.Len())
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(a.transpose(reversed(len(a.Shape))).Raw[2*i:])
		}
		letters := utf16.Decode(units)
		if len(a.Shape) == 2 && a.Shape[0] > 1 && len(letters) == len(units) {
			m.meta[name] = showRows(letters, a.Shape[0])
		} else {
			m.meta[name] = string(letters)
		}
		return nil
	}
	m.names = append(m.names, name)
	m.paths[name] = path
	return nil
}

// cell enters the objects that a dataset of references names.
func (m *mat73) cell(name, path string, n *h5node, depth int) error {
	count, err := h5shape(n.dims)
	if err != nil {
		return named(name, err)
	}
	total, err := elements(count)
	if err != nil || total > matMaxLeaves || n.kind.size != m.tree.file.offsetSize {
		return matError("%q: a cell of %v references of %d bytes", name, n.dims, n.kind.size)
	}
	if m.empty(path) {
		return nil
	}
	raw := make([]byte, total*n.kind.size)
	if n.layout == h5Contiguous && n.data != h5undefined {
		if err := n.file.within(n.data, uint64(len(raw))); err != nil {
			return named(name, err)
		}
	}
	if n.layout == h5Compact && len(n.compact) < len(raw) {
		return matError("%q: a cell without its references", name)
	}
	if err := n.box(raw, make([]int, len(count)), count, &m.tree.cache, &m.tree.inflaters); err != nil {
		return named(name, err)
	}
	c := &h5cursor{file: m.tree.file, b: raw}
	for i := range total {
		at := c.address()
		inner := fmt.Sprintf("%s{%d}", name, i+1)
		for _, target := range m.tree.at(at) {
			field := strings.ReplaceAll(strings.TrimPrefix(target.rest, "/"), "/", ".")
			if field != "" {
				field = "." + field
			}
			if err := m.enter(inner+field, target.path, depth+1); err != nil {
				return err
			}
		}
	}
	return c.err
}

func (m *mat73) Names() []string             { return slices.Clone(m.names) }
func (m *mat73) Metadata() map[string]string { return maps.Clone(m.meta) }
func (m *mat73) Close() error                { return nil }

// mat73Info describes an array as MATLAB sees it.
func (m *mat73) info(path string) (Info, error) {
	info, err := m.tree.Info(path)
	if err != nil {
		return info, err
	}
	if m.class(path) == "logical" && info.Dtype.Size() == 1 {
		info.Dtype = Bool
	}
	if !m.empty(path) {
		slices.Reverse(info.Shape)
		return info, nil
	}
	if len(info.Shape) != 1 || info.Shape[0] > 32 {
		return info, matError("an empty array does not hold its dimensions")
	}
	a, err := m.tree.Array(path)
	if err != nil {
		return info, err
	}
	sizes, err := a.Float64s()
	if err != nil {
		return info, err
	}
	info.Shape = nil
	for _, n := range sizes {
		info.Shape = append(info.Shape, int(n))
	}
	if n, err := elements(info.Shape); err != nil || n != 0 {
		return info, matError("an empty array of shape %v", sizes)
	}
	if d, ok := map[string]Dtype{"double": Float64, "single": Float32}[m.class(path)]; ok {
		info.Dtype = d
	}
	return info, nil
}

// matlab reads a whole array.
func (m *mat73) matlab(path string) (Array, error) {
	info, err := m.info(path)
	if err != nil {
		return Array{}, err
	}
	if m.empty(path) {
		return Array{info.Dtype, info.Shape, nil}, nil
	}
	a, err := m.tree.Array(path)
	if err != nil {
		return Array{}, err
	}
	a.Dtype = info.Dtype
	return a.transpose(reversed(len(a.Shape))), nil
}

func (m *mat73) path(name string) (string, error) {
	if path, ok := m.paths[name]; ok {
		return path, nil
	}
	return "", missing(name, m)
}

func (m *mat73) Info(name string) (Info, error) {
	path, err := m.path(name)
	if err != nil {
		return Info{}, err
	}
	return m.info(path)
}

func (m *mat73) Array(name string) (Array, error) {
	path, err := m.path(name)
	if err != nil {
		return Array{}, err
	}
	return m.matlab(path)
}

// Box implements [boxer].
func (m *mat73) Box(dst []byte, name string, start, count []int) error {
	path, err := m.path(name)
	if err != nil {
		return err
	}
	if m.empty(path) {
		return errors.New("an empty array holds no elements")
	}
	start, count = slices.Clone(start), slices.Clone(count)
	slices.Reverse(start)
	slices.Reverse(count)
	info, err := m.info(path)
	if err != nil {
		return err
	}
	a := Array{info.Dtype, count, make([]byte, len(dst))}
	if err := m.tree.Box(a.Raw, path, start, count); err != nil {
		return err
	}
	copy(dst, a.transpose(reversed(len(count))).Raw)
	return nil
}

// Chunk implements [chunkShaper].
func (m *mat73) Chunk(name string) []int {
	path, err := m.path(name)
	if err != nil {
		return nil
	}
	shape := m.tree.Chunk(path)
	slices.Reverse(shape)
	return shape
}
