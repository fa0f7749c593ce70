package datasets

import (
	"fmt"
	"path"
	"strings"
)

// h5walk visits a tree.
type h5walk struct {
	*h5
	heap    *h5global
	groups  map[uint64]bool // that were entered
	visited int
}

// object visits the object at an address.
func (w *h5walk) object(at uint64, name string, depth int) error {
	if w.visited++; depth > h5maxDepth || w.visited > h5maxObjects {
		return h5error("%d objects, nested %d deep", w.visited, depth)
	}
	w.objects[at] = name
	messages, err := w.file.header(at)
	if err != nil {
		return inObject(name, err)
	}
	attributes, err := w.file.attributes(messages, w.heap)
	if err != nil {
		return inObject(name, err)
	}
	w.keep(name, attributes)
	d, err := w.file.dataset(messages)
	if err != nil {
		w.enter(name, &h5node{problem: err})
		return nil
	}
	if d != nil {
		return inObject(name, w.dataset(name, d))
	}
	links, isGroup, err := w.file.links(messages)
	if err != nil || !isGroup { // a committed type is no group
		return inObject(name, err)
	}
	for _, l := range links {
		inner := path.Join(name, l.name)
		switch {
		case l.name == "" || l.name == "." || l.name == ".." || strings.Contains(l.name, "/"):
			return inObject(name, h5error("a link is named %q", l.name))
		case l.hard():
			if w.groups[l.object] {
				continue
			}
			if w.isGroup(l.object) {
				w.groups[l.object] = true
			}
			if err := w.object(l.object, inner, depth+1); err != nil {
				return err
			}
		case l.file != "":
			w.enter(inner, &h5node{problem: fmt.Errorf("it is an external link to %q in %q; other files are not opened: name that file itself", l.path, l.file)})
		}
	}
	return nil
}

// isGroup reports whether an object is to be entered once only.
func (w *h5walk) isGroup(at uint64) bool {
	messages, err := w.file.header(at)
	return err == nil && find(messages, h5msgLayout) == nil
}

func (w *h5walk) enter(name string, n *h5node) {
	if w.nodes[name] == nil {
		w.names = append(w.names, name)
	}
	w.nodes[name] = n
}

// dataset enters a dataset; one of strings becomes metadata.
func (w *h5walk) dataset(name string, d *h5dataset) error {
	isText := d.kind.class == h5String || d.kind.class == h5Vlen && d.kind.text
	if !isText || d.null || d.external {
		w.enter(name, &h5node{h5dataset: d})
		return nil
	}
	n := uint64(d.kind.size)
	for _, m := range d.dims {
		if m > h5maxAttribute || n*m > h5maxAttribute*16 {
			return nil
		}
		n *= m
	}
	raw, count := make([]byte, n), make([]int, len(d.dims))
	for i, m := range d.dims {
		count[i] = int(m)
	}
	if d.layout == h5Contiguous && d.data != h5undefined {
		if err := d.file.within(d.data, n); err != nil {
			return err
		}
	}
	if d.layout == h5Compact && uint64(len(d.compact)) < n {
		return h5error("compact data of %d bytes for %d", len(d.compact), n)
	}
	if err := d.box(raw, make([]int, len(count)), count, &w.cache, &w.inflaters); err != nil {
		return err
	}
	v, err := h5values(d.kind, d.dims, raw, w.heap)
	if err != nil {
		return err
	}
	w.meta[name] = showValue(v)
	return nil
}

// keep enters attributes into the metadata.
func (w *h5walk) keep(name string, list []h5attribute) {
	for _, a := range list {
		key := a.name
		if name != "" {
			key = name + "@" + a.name
		}
		if a.value != nil {
			w.meta[key] = showValue(a.value)
		}
	}
}

// inObject names the object in an error.
func inObject(name string, err error) error {
	if name == "" || err == nil {
		return err
	}
	return named(name, err)
}
