package datasets

import (
	"fmt"
	"sort"
)

// joined is Fields of several files: part i holds trajectories [begin[i], begin[i+1]).
type joined struct {
	parts []Fields
	begin []int
}

func (j *joined) Shape() []int {
	shape := j.parts[0].Shape()
	shape[0] = j.begin[len(j.parts)]
	return shape
}

func (j *joined) Dtype() Dtype {
	for _, f := range j.parts {
		if f.Dtype() != j.parts[0].Dtype() {
			return Float64
		}
	}
	return j.parts[0].Dtype()
}

// part finds the part that holds a trajectory, and its number there.
func (j *joined) part(trajectory int) (i, inner int, err error) {
	n := j.begin[len(j.parts)]
	if trajectory < 0 || trajectory >= n {
		return 0, 0, fmt.Errorf("datasets: trajectory %d is outside [0, %d)", trajectory, n)
	}
	i = sort.SearchInts(j.begin, trajectory+1) - 1
	return i, trajectory - j.begin[i], nil
}

func (j *joined) ReadFrames(dst []float32, trajectory, first, count int) error {
	i, inner, err := j.part(trajectory)
	if err != nil {
		return err
	}
	return j.parts[i].ReadFrames(dst, inner, first, count)
}

func (j *joined) ReadFrames64(dst []float64, trajectory, first, count int) error {
	i, inner, err := j.part(trajectory)
	if err != nil {
		return err
	}
	return j.parts[i].ReadFrames64(dst, inner, first, count)
}
