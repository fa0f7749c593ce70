package datasets

import "math/rand/v2"

// Augmentation is a law of random transformations under which the data is invariant: if (a, u) is a sample then so is
// (g a, g u). A loader draws g as a function of (seed, epoch, sample).
type Augmentation interface {
	// Check reports what a loader reads to which the law does not apply.
	Check(l *Loader) error
	// Draw draws one transformation of fields on a grid.
	Draw(random *rand.PCG, g Grid) Transform
}

// Grid is the domain of one sample.
type Grid struct {
	Axes    []Axis    // of space, whose ends matter to some laws
	Points  []int     // on each axis
	Lengths []float64 // n·dx of each axis; the number of points where the set does not tell
}

// Transform is an invertible map of fields on a grid to fields on the same grid.
type Transform interface {
	// Apply writes g(src) into dst, which must not overlap. The shape of both is [x.., channel]; channels, one for each or nil for
	// scalars, say how they turn with space.
	Apply(dst, src []float32, shape []int, channels []Channel)
	// Inverse returns g⁻¹.
	Inverse() Transform
}

// moving is a Transform that differs from frame to frame: at gives the one for the frame at a time after the last one of the input.
type moving interface{ at(time float64) Transform }

// telling is a Transform that changes the conditions of its sample too: tell changes a row of the named numbers.
type telling interface {
	tell(names []string, row []float32)
}
