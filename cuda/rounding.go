package cuda

import (
	"fmt"
	"strings"
)

// Rounding says to how many bits the factors of float32 matrix products and convolutions are rounded, so that tensor cores can take
// them; sums stay float32. A factor x becomes x(1 + e):
//
//	Exact    e = 0
//	TF32     |e| ≤ 2⁻¹¹
//	TF32x3   |e| ≤ 2⁻²², as the sum of two TF32 numbers
//	BF16     |e| ≤ 2⁻⁹
//
// Transforms, the mixing of modes and float64 are exact always.
type Rounding string

// The roundings.
const (
	Exact  Rounding = ""
	TF32   Rounding = "tf32"
	TF32x3 Rounding = "3xtf32"
	BF16   Rounding = "bf16"
)

// ParseRounding reads the name of a rounding.
func ParseRounding(name string) (Rounding, error) {
	switch r := Rounding(name); r {
	case Exact, TF32, TF32x3, BF16:
		return r, nil
	}
	return Exact, fmt.Errorf("cuda: no rounding of products is called %q: there are %s", name, strings.Join([]string{string(TF32), string(TF32x3), string(BF16)}, ", "))
}
