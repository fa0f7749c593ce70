package datasets

import (
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
)

// Fields is a block of canonical data, in memory or in a file. Its methods may be called by several goroutines.
type Fields interface {
	// Shape returns [trajectory, time, x.., channel].
	Shape() []int
	// Dtype returns the type in which the values are stored.
	Dtype() Dtype
	// ReadFrames reads frames [first, first+count) of a trajectory into dst, which holds count·∏x..·channel values,
	// rounded to float32. A value that is not finite is a *NonfiniteError.
	ReadFrames(dst []float32, trajectory, first, count int) error
	// ReadFrames64 is ReadFrames without rounding.
	ReadFrames64(dst []float64, trajectory, first, count int) error
}

// frameSize returns ∏ x..·channel, the values of one frame.
func frameSize(shape []int) int {
	n := 1
	for _, d := range shape[2:] {
		n *= d
	}
	return n
}

// source gives the bytes of stored fields: read fills dst with the bytes of a trajectory that begin at offset, in the
// canonical order.
type source interface {
	read(dst []byte, trajectory int, offset int64) error
}

// stored is Fields over the bytes of a source.
type stored struct {
	source
	dtype     Dtype
	shape     []int
	path, key string // for errors
	scratch   sync.Pool
}

const (
	scratchBytes = 64 << 10
	directBytes  = 256 << 10 // of a read into the place of the values
)

func newStored(s source, dtype Dtype, shape []int, path, key string) (*stored, error) {
	if _, parts := dtype.component(); parts != 1 {
		return nil, fmt.Errorf("%q: %s cannot be used as fields; store real and imaginary parts as channels", key, dtype)
	}
	return &stored{source: s, dtype: dtype, shape: shape, path: path, key: key,
		scratch: sync.Pool{New: func() any { return new([scratchBytes]byte) }}}, nil
}

func (s *stored) Shape() []int { return slices.Clone(s.shape) }
func (s *stored) Dtype() Dtype { return s.dtype }

func (s *stored) ReadFrames(dst []float32, trajectory, first, count int) error {
	return readStored(s, dst, trajectory, first, count)
}

func (s *stored) ReadFrames64(dst []float64, trajectory, first, count int) error {
	return readStored(s, dst, trajectory, first, count)
}

// checkFrames compares a request for frames with the shape of the fields.
func checkFrames(values int, shape []int, trajectory, first, count int) error {
	if trajectory < 0 || trajectory >= shape[0] || first < 0 || count < 0 || count > shape[1]-first {
		return fmt.Errorf("frames [%d, %d) of trajectory %d are outside %v", first, first+count, trajectory, shape)
	}
	if frame := frameSize(shape); values != count*frame {
		return fmt.Errorf("%d frames of %d values do not fit a slice of %d", count, frame, values)
	}
	return nil
}

func readStored[T float32 | float64](s *stored, dst []T, trajectory, first, count int) error {
	frame := frameSize(s.shape)
	if err := checkFrames(len(dst), s.shape, trajectory, first, count); err != nil {
		return fmt.Errorf("datasets: %s: %w", s.path, err)
	}
	buffer := s.scratch.Get().(*[scratchBytes]byte)
	defer s.scratch.Put(buffer)
	size := s.dtype.Size()
	offset := int64(first) * int64(frame) * int64(size)
	rest := dst
	if raw, ok := bytesOf(rest, s.dtype); ok {
		sound := true
		for block := range slices.Chunk(raw, directBytes) { // each is looked at while it is in the cache
			if err := s.read(block, trajectory, offset); err != nil {
				return fmt.Errorf("datasets: %s: %q: trajectory %d: %w", s.path, s.key, trajectory, err)
			}
			n := len(block) / size
			sound = sound && allFinite(rest[:n])
			rest, offset = rest[n:], offset+int64(len(block))
		}
		if sound {
			return nil
		}
	}
	for len(rest) > 0 {
		n := min(len(rest), scratchBytes/size)
		raw := buffer[:n*size]
		if err := s.read(raw, trajectory, offset); err != nil {
			return fmt.Errorf("datasets: %s: %q: trajectory %d: %w", s.path, s.key, trajectory, err)
		}
		if err := decode(rest[:n], s.dtype, raw); err != nil {
			return fmt.Errorf("datasets: %s: %q: %w", s.path, s.key, err)
		}
		rest, offset = rest[n:], offset+int64(len(raw))
	}
	return finite(dst, s.shape, s.path, s.key, trajectory, first)
}

// finite reports the values of frames from first on that are not finite.
func finite[T float32 | float64](frames []T, shape []int, path, key string, trajectory, first int) error {
	if allFinite(frames) {
		return nil
	}
	size := frameSize(shape)
	e := &NonfiniteError{Path: path, Key: key}
	for i, v := range frames {
		if v-v == 0 {
			continue
		}
		if e.Count++; len(e.Places) < 10 {
			e.Places = append(e.Places, NonfinitePlace{trajectory, first + i/size, unravel(i%size, shape[2:]), float64(v)})
		}
	}
	return e
}

// allFinite reports whether v − v = 0 for every v: the sum of such differences is NaN as soon as one is. Four sums go side by side.
func allFinite[T float32 | float64](values []T) bool {
	if pairs, rest, ok := pairsOf(values); ok {
		return finitePairs(pairs) && allFinite(rest)
	}
	var a, b, c, d T
	rest := values
	for ; len(rest) >= 4; rest = rest[4:] {
		a += rest[0] - rest[0]
		b += rest[1] - rest[1]
		c += rest[2] - rest[2]
		d += rest[3] - rest[3]
	}
	for _, v := range rest {
		a += v - v
	}
	return !math.IsNaN(float64(a + b + c + d))
}

// unravel returns the index of element i of an array of the given shape.
func unravel(i int, shape []int) []int {
	index := make([]int, len(shape))
	for axis := len(shape) - 1; axis >= 0; axis-- {
		index[axis] = i % shape[axis]
		i /= shape[axis]
	}
	return index
}

// memory is a source in memory: trajectory after trajectory.
type memory struct {
	raw    []byte
	stride int64 // bytes of a trajectory
}

func (m memory) read(dst []byte, trajectory int, offset int64) error {
	copy(dst, m.raw[int64(trajectory)*m.stride+offset:])
	return nil
}

// section is a source in a file: trajectory after trajectory.
type section struct {
	r      io.ReaderAt
	stride int64
}

func (s section) read(dst []byte, trajectory int, offset int64) error {
	_, err := s.r.ReadAt(dst, int64(trajectory)*s.stride+offset)
	if err == io.EOF { // the last bytes of the file were read, or too few
		return readFull(s.r, dst, int64(trajectory)*s.stride+offset)
	}
	return err
}

// readFull reads len(dst) bytes at offset; the end of the file before them is an error, behind them is not.
func readFull(r io.ReaderAt, dst []byte, offset int64) error {
	_, err := io.ReadFull(io.NewSectionReader(r, offset, int64(len(dst))), dst)
	return err
}
