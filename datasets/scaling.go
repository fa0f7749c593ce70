package datasets

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Scaling draws a stretching of space and time by a factor a, uniform in its logarithm between 1/Most and Most:
//
//	x ↦ a x,  t ↦ a² t,  u ↦ u/a,  and ν ↦ a^Viscosity ν,
//
// which maps solutions of an equation u_t + u u_x = .. of second order, such as that of Burgers, to solutions (Viscosity 0), and those of
// u_t + u u_x + u_xx + ν u_xxxx = 0 to those of another ν (Viscosity 2): scalings of Brandstetter, Welling, Worrall 2022, table 1. On the points
// of a grid only u/a is seen; the rest is in the conditions, which must tell of space and of time.
type Scaling struct{ Most, Viscosity float64 }

// exponent is the power of a by which a condition grows.
func (s Scaling) exponent(name string) (float64, bool) {
	switch name {
	case "t", "dt", "time":
		return 2, true
	case "length", "dx":
		return 1, true
	case "nu":
		return s.Viscosity, true
	}
	return 0, false
}

// Check asks for one axis and for conditions that tell of the change.
func (s Scaling) Check(l *Loader) error {
	if !(s.Most > 1) || math.IsInf(s.Most, 0) {
		return fmt.Errorf("a scaling needs a greatest factor above 1")
	}
	if n := len(l.Set.Target().Shape()) - 3; n != 1 {
		return fmt.Errorf("a scaling applies to one axis, not %d", n)
	}
	space := slices.Contains(l.Condition, "dx") || slices.Contains(l.Condition, "length")
	if !space || !slices.Contains(l.Condition, "dt") || s.Viscosity != 0 && !slices.Contains(l.Condition, "nu") {
		return fmt.Errorf("a scaling changes dx, dt and where it is told nu: name them as conditions")
	}
	for _, name := range l.Condition {
		if _, ok := s.exponent(name); !ok {
			return fmt.Errorf("what a scaling does to the condition %q is not known", name)
		}
	}
	return nil
}

// Draw draws a factor.
func (s Scaling) Draw(random *rand.PCG, _ Grid) Transform {
	return Scaled{Law: s, Factor: math.Exp(math.Log(s.Most) * (2*unit(random) - 1))}
}

// Scaled is the scaling by a factor.
type Scaled struct {
	Law    Scaling
	Factor float64
}

// Apply writes g(src) into dst.
func (s Scaled) Apply(dst, src []float32, _ []int, _ []Channel) {
	for i, v := range src {
		dst[i] = float32(float64(v) / s.Factor)
	}
}

func (s Scaled) tell(names []string, row []float32) {
	for i, name := range names {
		power, _ := s.Law.exponent(name)
		row[i] = float32(float64(row[i]) * math.Pow(s.Factor, power))
	}
}

// Inverse returns the scaling by the inverse factor.
func (s Scaled) Inverse() Transform {
	s.Factor = 1 / s.Factor
	return s
}
