package pde

import (
	"fmt"
	"math"
)

// GasState is density, velocity and pressure of a gas on a line.
type GasState struct{ Density, Velocity, Pressure float64 }

// Riemann is the exact solution of the Euler equations of a perfect gas on a line from two constant states: a function of x/t.
// Between the states lie a contact and on either side of it a shock or a rarefaction, or a vacuum.
// Source: Toro 2009, chapter 4.
type Riemann struct {
	Gamma       float64
	Left, Right GasState
	Pressure    float64 // p* between the outer waves; 0 where there is vacuum
	Velocity    float64 // u* of the contact
}

// NewRiemann finds p* by Newton's method, whose function is increasing and concave.
func NewRiemann(gamma float64, left, right GasState) (Riemann, error) {
	r := Riemann{Gamma: gamma, Left: left, Right: right}
	if !(gamma > 1) {
		return r, fmt.Errorf("pde: Riemann problem: gamma %v, must be above 1", gamma)
	}
	for _, s := range []GasState{left, right} {
		if !(s.Density > 0) || !(s.Pressure > 0) || math.IsNaN(s.Velocity) || math.IsInf(s.Density+s.Pressure+s.Velocity, 0) {
			return r, fmt.Errorf("pde: Riemann problem: state %+v, density and pressure must be positive and finite", s)
		}
	}
	du := right.Velocity - left.Velocity
	al, ar := r.sound(left), r.sound(right)
	if 2*(al+ar)/(gamma-1) <= du {
		return r, nil
	}
	// two rarefactions: below the solution, so that every step of Newton's climbs towards it
	z := (gamma - 1) / (2 * gamma)
	p := math.Pow(math.Max(al+ar-(gamma-1)/2*du, 0)/(al/math.Pow(left.Pressure, z)+ar/math.Pow(right.Pressure, z)), 1/z)
	for range 100 {
		fl, dl := r.jump(p, left)
		fr, dr := r.jump(p, right)
		next := math.Max(p-(fl+fr+du)/(dl+dr), p/100)
		done := math.Abs(next-p) <= 1e-15*p
		p = next
		if done {
			break
		}
	}
	fl, _ := r.jump(p, left)
	fr, _ := r.jump(p, right)
	r.Pressure, r.Velocity = p, (left.Velocity+right.Velocity+fr-fl)/2
	return r, nil
}

func (r Riemann) sound(s GasState) float64 { return math.Sqrt(r.Gamma * s.Pressure / s.Density) }

// jump is the change of velocity across the wave from s to pressure p, and its derivative.
func (r Riemann) jump(p float64, s GasState) (f, df float64) {
	g := r.Gamma
	if p > s.Pressure {
		a, b := 2/((g+1)*s.Density), (g-1)/(g+1)*s.Pressure
		q := math.Sqrt(a / (p + b))
		return (p - s.Pressure) * q, q * (1 - (p-s.Pressure)/(2*(p+b)))
	}
	a, ratio := r.sound(s), p/s.Pressure
	return 2 * a / (g - 1) * (math.Pow(ratio, (g-1)/(2*g)) - 1), math.Pow(ratio, -(g+1)/(2*g)) / (s.Density * a)
}

// At is the state at x/t = s.
func (r Riemann) At(s float64) GasState {
	if r.Pressure > 0 && s > r.Velocity || r.Pressure == 0 && s > (r.Left.Velocity+r.Right.Velocity)/2 {
		w := r.side(mirrored(r.Right), -r.Velocity, -s)
		return mirrored(w)
	}
	return r.side(r.Left, r.Velocity, s)
}

func mirrored(s GasState) GasState { s.Velocity = -s.Velocity; return s }

// side is the state left of the contact.
func (r Riemann) side(l GasState, contact, s float64) GasState {
	g, a := r.Gamma, r.sound(l)
	if r.Pressure > l.Pressure {
		ratio := r.Pressure / l.Pressure
		if s < l.Velocity-a*math.Sqrt((g+1)/(2*g)*ratio+(g-1)/(2*g)) {
			return l
		}
		q := (g - 1) / (g + 1)
		return GasState{l.Density * (ratio + q) / (q*ratio + 1), contact, r.Pressure}
	}
	tail := l.Velocity + 2*a/(g-1) // the edge of a vacuum
	if r.Pressure > 0 {
		tail = contact - a*math.Pow(r.Pressure/l.Pressure, (g-1)/(2*g))
	}
	switch {
	case s < l.Velocity-a:
		return l
	case s > tail && r.Pressure == 0:
		return GasState{}
	case s > tail:
		return GasState{l.Density * math.Pow(r.Pressure/l.Pressure, 1/g), contact, r.Pressure}
	}
	c := 2/(g+1) + (g-1)/((g+1)*a)*(l.Velocity-s)
	return GasState{l.Density * math.Pow(c, 2/(g-1)), 2 / (g + 1) * (a + (g-1)/2*l.Velocity + s), l.Pressure * math.Pow(c, 2*g/(g-1))}
}

// Jumps are the speeds at which the density jumps: the shocks and the contact.
func (r Riemann) Jumps() []float64 {
	if r.Pressure == 0 {
		return nil
	}
	list := []float64{r.Velocity}
	for sign, s := range map[float64]GasState{-1: r.Left, 1: r.Right} {
		if g := r.Gamma; r.Pressure > s.Pressure {
			list = append(list, s.Velocity+sign*r.sound(s)*math.Sqrt((g+1)/(2*g)*r.Pressure/s.Pressure+(g-1)/(2*g)))
		}
	}
	return list
}
