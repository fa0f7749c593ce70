package datasets

// tree2 visits the records of a version 2 B-tree; visit gets a cursor at the record.
//
//	header    "BTHD", version, type, node size, record size, depth, split and merge percentages, root: address and records, all records
//	internal  "BTIN", version, type, records, children: address, records, and for children that are internal all records below
//	leaf      "BTLF", version, type, records
func (f *h5file) tree2(at uint64, visit func(kind int, c *h5cursor) error) error {
	c, err := f.checked(at, 22+f.offsetSize+f.lengthSize, "BTHD")
	if err != nil {
		return err
	}
	c.version("B-tree", 0)
	t := &h5tree2{f: f, visit: visit, kind: c.u8(), node: c.u32(), record: c.u16()}
	depth := c.u16()
	c.skip(2)
	root, records := c.address(), c.u16()
	if c.err != nil {
		return c.err
	}
	const overhead = 4 + 1 + 1 + 4
	if t.record == 0 || t.node < overhead+t.record || depth > 32 {
		return h5error("a B-tree of %d bytes a node, %d a record, %d deep", t.node, t.record, depth)
	}
	most := uint64(t.node-overhead) / uint64(t.record) // records of a node, by depth
	t.countSize = encodedSize(most)
	t.totalSize = []int{0}
	below := most // records of a subtree, by depth
	for range depth {
		pointer := f.offsetSize + t.countSize + t.totalSize[len(t.totalSize)-1]
		if t.node < overhead+pointer+t.record {
			return h5error("a B-tree of %d bytes a node", t.node)
		}
		most = uint64(t.node-overhead-pointer) / uint64(t.record+pointer)
		if below > 1<<56/(most+1) {
			return h5error("a B-tree %d deep", depth)
		}
		below = (most+1)*below + most
		t.totalSize = append(t.totalSize, encodedSize(below))
	}
	if root == h5undefined {
		return nil
	}
	return t.walk(root, records, depth)
}

// h5tree2 walks through one tree.
type h5tree2 struct {
	f                  *h5file
	visit              func(kind int, c *h5cursor) error
	kind, node, record int
	countSize          int
	totalSize          []int // bytes of the number of records below a child, by depth
}

func (t *h5tree2) walk(at uint64, records, depth int) error {
	size, signature := 10+records*t.record, "BTLF"
	if depth > 0 {
		signature = "BTIN"
		size += (records + 1) * (t.f.offsetSize + t.countSize + t.totalSize[depth-1])
	}
	if size > t.node {
		return h5error("%d records in a node of %d bytes", records, t.node)
	}
	c, err := t.f.checked(at, size, signature)
	if err != nil {
		return err
	}
	c.skip(2)
	children := &h5cursor{file: t.f, b: c.b, at: c.at + records*t.record}
	for i := range records + 1 {
		if depth > 0 {
			child, n := children.address(), children.uint(t.countSize)
			children.skip(t.totalSize[depth-1])
			if children.err != nil {
				return children.err
			}
			if err := t.walk(child, int(n), depth-1); err != nil {
				return err
			}
		}
		if i == records {
			break
		}
		begin := c.at
		if err := t.visit(t.kind, &h5cursor{file: t.f, b: c.b[:begin+t.record], at: begin}); err != nil {
			return err
		}
		c.skip(t.record)
		if c.err != nil {
			return c.err
		}
	}
	return nil
}
