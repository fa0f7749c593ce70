package datasets

import "fmt"

// boxer is a container that reads parts of its arrays without the rest: Box fills dst with elements [start, start+count) of every axis,
// row-major, as Array.Raw would hold them.
type boxer interface {
	Box(dst []byte, name string, start, count []int) error
}

// checkBox compares a box with a shape.
func checkBox(shape, start, count []int) error {
	if len(start) != len(shape) || len(count) != len(shape) {
		return fmt.Errorf("a box of %d axes in shape %v", len(start), shape)
	}
	for i, n := range shape {
		if start[i] < 0 || count[i] < 0 || start[i] > n || count[i] > n-start[i] {
			return fmt.Errorf("elements %v to %v are outside shape %v", start, count, shape)
		}
	}
	return nil
}
