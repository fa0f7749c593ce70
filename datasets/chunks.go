package datasets

import "sort"

// chunked is Fields whose values are stored in chunks that are read, and decompressed, whole. A training reads such data in an order in
// which every chunk is read once an epoch.
type chunked interface {
	// chunkRow returns the number of the row of chunks in which a trajectory stands: equal for neighbours that share chunks, and never
	// less for a later one. It is −1 if the values are not in chunks.
	chunkRow(trajectory int) int
	// chunkFrames returns the number of frames in a chunk.
	chunkFrames() int
}

// chunkShaper is a boxer that knows the shapes of the chunks of its arrays, nil for one that is not in chunks.
type chunkShaper interface {
	Chunk(name string) []int
}

// chunkRow implements [chunked].
func (f *boxFields) chunkRow(trajectory int) int {
	if rows := f.chunk(0); rows > 0 {
		return trajectory / rows
	}
	return -1
}

func (f *boxFields) chunkFrames() int { return max(1, f.chunk(1)) }

// chunk returns the extent of the chunks along an axis of the canonical shape, the greatest of all parts; 0 if none is in chunks.
func (f *boxFields) chunk(axis int) int {
	from, ok := f.from.(chunkShaper)
	if !ok {
		return 0
	}
	extent := 0
	for _, p := range f.parts {
		shape := from.Chunk(p.names[0])
		if shape == nil {
			continue
		}
		extent = max(extent, 1)
		for i, r := range p.roles {
			if r.axis == axis && i < len(shape) && p.Shape[i] > 1 {
				extent = max(extent, shape[i])
			}
		}
	}
	return extent
}

// rowOf is chunkRow of any fields.
func rowOf(f Fields, trajectory int) int {
	if c, ok := f.(chunked); ok {
		return c.chunkRow(trajectory)
	}
	return -1
}

// framesOf is chunkFrames of any fields.
func framesOf(f Fields) int {
	if c, ok := f.(chunked); ok {
		return c.chunkFrames()
	}
	return 1
}

func (s sliced) chunkRow(trajectory int) int      { return rowOf(s.Fields, s.low+trajectory) }
func (s sliced) chunkFrames() int                 { return framesOf(s.Fields) }
func (s *subsampled) chunkRow(trajectory int) int { return rowOf(s.Fields, trajectory) }
func (s *subsampled) chunkFrames() int            { return framesOf(s.Fields) }
func (j *joined) chunkFrames() int                { return framesOf(j.parts[0]) }

// chunkRow counts the rows of every file behind those of the files before it.
func (j *joined) chunkRow(trajectory int) int {
	i, inner, err := j.part(trajectory)
	if err != nil {
		return -1
	}
	row := rowOf(j.parts[i], inner)
	if row < 0 {
		return -1
	}
	return j.begin[i] + row
}

// blocks cuts the samples into runs [begins[i], begins[i+1]) that share chunks; nil if the values are not in chunks. A run is a row of
// chunks, or some frames of it where all do not fit into room bytes.
func (p *plan) blocks(room int) []int {
	f := p.Set.Target()
	shape := f.Shape()
	if rowOf(f, 0) < 0 {
		return nil
	}
	begins := []int{0}
	frame := product(p.target) * f.Dtype().Size()
	for trajectory := 0; trajectory < shape[0]; {
		row := rowOf(f, trajectory)
		next := trajectory + sort.Search(shape[0]-trajectory, func(k int) bool { return rowOf(f, trajectory+k) != row })
		n := next - trajectory
		if n*shape[1]*frame > room && n == 1 {
			step := max(1, room/frame/framesOf(f)) * framesOf(f)
			for start := step; start < p.starts; start += step {
				begins = append(begins, trajectory*p.starts+start)
			}
		}
		begins = append(begins, next*p.starts)
		trajectory = next
	}
	return begins
}

// chunkOrder is the order of an epoch for values in chunks: the blocks in random order, and the samples of as many neighbours in it as
// fit into room bytes at random among themselves.
func (p *plan) chunkOrder(epoch int, begins []int, room int) []int {
	bytes := product(p.target) * p.Set.Target().Dtype().Size()
	frames := (p.Window.History + p.Window.Unroll + p.starts - 1) // of a trajectory, about
	perSample := max(1, bytes*frames/p.starts)
	order := make([]int, 0, p.samples)
	begin := 0 // of the samples that are not shuffled yet
	flush := func() {
		some := order[begin:]
		mixed := shuffle(len(some), p.Seed^mix(uint64(begin)), epoch)
		for i, k := range mixed {
			mixed[i] = some[k]
		}
		copy(some, mixed)
		begin = len(order)
	}
	for _, b := range shuffle(len(begins)-1, p.Seed, epoch) {
		low, high := begins[b], begins[b+1]
		if len(order) > begin && (len(order)-begin+high-low)*perSample > room {
			flush()
		}
		for sample := low; sample < high; sample++ {
			order = append(order, sample)
		}
	}
	flush()
	return order
}
