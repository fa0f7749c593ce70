package pde

import "math"

// ShallowWater is the flow of a layer of depth h over a flat ground on one or two axes, channels h, hu_a:
//
//	h_t + ∇·(hu) = 0,  (hu)_t + ∇·(h u u) + ∇(g h²/2) = 0
//
// Fluxes are HLL with the shear carried by the contact (HLLC); the depth stays positive, and dry ground is allowed.
// Source: Toro 2001; PDEBench's radial dam break has g = 1.
type ShallowWater struct{ Gravity float64 } // g

// Channels implements [Law].
func (p ShallowWater) Channels(axes int) int { return axes + 1 }

// Normal implements [Law].
func (p ShallowWater) Normal(axis int) int { return 1 + axis }

const dry = 1e-12

func velocityOf(m, h float64) float64 {
	if h <= dry {
		return 0
	}
	return m / h
}

// Fastest implements [Law].
func (p ShallowWater) Fastest(dst []float64, u [][]float64) {
	clear(dst)
	for i, h := range u[0] {
		if !(h >= -dry) {
			fill(dst, math.NaN())
			return
		}
		sound := math.Sqrt(p.Gravity * max(h, 0))
		for axis := range dst {
			dst[axis] = max(dst[axis], math.Abs(velocityOf(u[1+axis][i], h))+sound)
		}
	}
}

// Limit implements [Law]: limited slopes keep a positive depth; in thin water the discharge is kept with it.
func (p ShallowWater) Limit(slope, u [][]float64) {
	for i, h := range u[0] {
		for range 60 {
			if math.Abs(slope[0][i])/2 <= h {
				break
			}
			for c := range slope {
				slope[c][i] /= 2
			}
		}
		if h-math.Abs(slope[0][i])/2 <= dry {
			for c := range slope {
				slope[c][i] = 0
			}
		}
	}
}

// Fluxes implements [Law].
func (p ShallowWater) Fluxes(dst, low, high [][]float64, axis int) {
	normal := 1 + axis
	for i := range dst[0] {
		hl, hr := math.Max(low[0][i], 0), math.Max(high[0][i], 0)
		ul, ur := velocityOf(low[normal][i], hl), velocityOf(high[normal][i], hr)
		al, ar := math.Sqrt(p.Gravity*hl), math.Sqrt(p.Gravity*hr)
		middle, a := (ul+ur)/2+al-ar, math.Max((al+ar)/2+(ul-ur)/4, 0)
		sl, sr := math.Min(ul-al, middle-a), math.Max(ur+ar, middle+a)
		switch {
		case hl <= dry && hr <= dry:
			for c := range dst {
				dst[c][i] = 0
			}
			continue
		case hl <= dry:
			sl = ur - 2*ar
		case hr <= dry:
			sr = ul + 2*al
		}
		ml, mr := hl*ul, hr*ur
		fl, fr := ml*ul+p.Gravity*hl*hl/2, mr*ur+p.Gravity*hr*hr/2
		var mass, momentum float64
		switch {
		case sl >= 0:
			mass, momentum = ml, fl
		case sr <= 0:
			mass, momentum = mr, fr
		default:
			mass = (sr*ml - sl*mr + sl*sr*(hr-hl)) / (sr - sl)
			momentum = (sr*fl - sl*fr + sl*sr*(mr-ml)) / (sr - sl)
		}
		for c := range dst {
			switch {
			case c == 0:
				dst[c][i] = mass
			case c == normal:
				dst[c][i] = momentum
			case mass >= 0: // the shear goes with the water
				dst[c][i] = mass * velocityOf(low[c][i], hl)
			default:
				dst[c][i] = mass * velocityOf(high[c][i], hr)
			}
		}
	}
}
