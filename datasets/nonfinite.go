package datasets

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// NonfiniteError reports values that are not finite, and where.
type NonfiniteError struct {
	Path string `json:"path"`
	Key  string `json:"key,omitempty"`
	// Places holds the first values found, at most ten; Count is the number of all that were seen.
	Places []NonfinitePlace `json:"places"`
	Count  int              `json:"count"`
}

// NonfinitePlace is the place of one value: Index is its place in the frame, [x.., channel].
type NonfinitePlace struct {
	Trajectory, Frame int
	Index             []int
	Value             float64
}

// MarshalJSON writes the value, which JSON has no number for, as a text.
func (p NonfinitePlace) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"trajectory": p.Trajectory, "frame": p.Frame, "index": p.Index, "value": fmt.Sprint(p.Value)})
}

func (e *NonfiniteError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "datasets: %s: ", e.Path)
	if e.Key != "" {
		fmt.Fprintf(&b, "%q: ", e.Key)
	}
	for i, p := range e.Places {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "trajectory %d frame %d is %v at %v", p.Trajectory, p.Frame, p.Value, p.Index)
	}
	if more := e.Count - len(e.Places); more > 0 {
		fmt.Fprintf(&b, " and %d more", more)
	}
	b.WriteString("; remove these trajectories from the file")
	return b.String()
}

// scanLimit is the size up to which a set is searched for values that are not finite when it is opened; in larger ones
// they are found when they are read.
const scanLimit = 256 << 20

// scan reads the blocks that are not too large, so that bad values are found before the training begins.
func (s *Set) scan() error {
	for _, f := range []Fields{s.Fields, s.Inputs, s.Outputs} {
		if f == nil {
			continue
		}
		if size, err := byteSize(f.Dtype(), f.Shape()); err != nil || size > scanLimit {
			continue
		}
		if err := scanFields(f); err != nil {
			return err
		}
	}
	return nil
}

// scanFields reads all values and gathers the errors of those that are not finite.
func scanFields(f Fields) error {
	shape := f.Shape()
	buffer := make([]float64, frameSize(shape))
	var all *NonfiniteError
	for trajectory := range shape[0] {
		for frame := range shape[1] {
			err := f.ReadFrames64(buffer, trajectory, frame, 1)
			var e *NonfiniteError
			if err != nil && !errors.As(err, &e) {
				return err
			}
			switch {
			case e == nil:
			case all == nil:
				all = e
			default:
				all.Count += e.Count
				all.Places = append(all.Places, e.Places...)
				all.Places = all.Places[:min(10, len(all.Places))]
			}
		}
	}
	if all != nil {
		return all
	}
	return nil
}
