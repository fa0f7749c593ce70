package domain

// Region is a bounded set of points.
type Region interface {
	// Bounds is the smallest box that holds the region.
	Bounds() (low, high []float64)
	// Contains reports whether x is in the region; it may say either on the boundary.
	Contains(x []float64) bool
	// Boundary lists the pieces of the boundary, which meet in sets of measure zero.
	Boundary() []Piece
}

// Piece is a part of a boundary, the image of a unit cube of one dimension less than the space.
type Piece struct {
	Part    Part
	Axis    int     // of a flat piece x[Axis] = Value; −1 of others
	Value   float64 // of that coordinate
	Measure float64 // length or area
	// At sets the point x and the outer unit normal there.
	At func(s, x, normal []float64)
	// Keep reports whether a point of the image belongs to the piece; nil: all do.
	Keep func(x []float64) bool
}

// Part says what a piece bounds.
type Part uint8

// The parts of a boundary.
const (
	Outer   Part = iota // the region itself
	Hole                // what a Difference takes away
	Initial             // the first time
	Final               // the last time
)

func (p Part) String() string { return [...]string{"outer", "hole", "initial", "final"}[p] }
