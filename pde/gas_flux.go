package pde

import "math"

// Fluxes implements [Law].
func (p Gas) Fluxes(dst, low, high [][]float64, axis int) {
	last, normal := len(dst)-1, 1+axis
	n := len(dst[0])
	mass, energy, momentum := dst[0], dst[last][:n], dst[normal][:n]
	p.pressures(mass, low) // until the fluxes take their places
	p.pressures(energy, high)
	rhoLow, rhoHigh := low[0][:n], high[0][:n]
	mLow, mHigh, eLow, eHigh := low[normal][:n], high[normal][:n], low[last][:n], high[last][:n]
	for i, pl := range mass {
		rl, rr, pr := rhoLow[i], rhoHigh[i], energy[i]
		invl, invr := 1/rl, 1/rr
		ul, ur := mLow[i]*invl, mHigh[i]*invr
		al2, ar2 := p.Gamma*pl*invl, p.Gamma*pr*invr
		// speeds by Roe's averages
		wl, wr := math.Sqrt(rl), math.Sqrt(rr)
		inv := 1 / (wl + wr)
		mean := (wl*ul + wr*ur) * inv
		d := ur - ul
		a := math.Sqrt(max((wl*al2+wr*ar2)*inv+wl*wr*inv*inv/2*(p.Gamma-1)*d*d, 0))
		sl, sr := min(ul-math.Sqrt(al2), mean-a), max(ur+math.Sqrt(ar2), mean+a)
		// the state that the flux is of, and where it is one behind an outer wave, the speeds of that and of the contact
		rho, m, e, v, pressure, from := rl, mLow[i], eLow[i], ul, pl, low
		outer, contact := 0.0, 0.0
		if !(sl >= 0) {
			outer = sl
			if ql, qr := rl*(sl-ul), rr*(sr-ur); !(sr <= 0) {
				contact = (pr - pl + ul*ql - ur*qr) / (ql - qr)
			}
			if sr <= 0 || !(contact >= 0) {
				rho, m, e, v, pressure, from = rr, mHigh[i], eHigh[i], ur, pr, high
				outer = max(sr, 0)
			}
		}
		carried := v // times what it carries is its flux
		momentum[i], energy[i] = v*m+pressure, v*(e+pressure)
		if outer != 0 { // s (u* - u), u* the state between the outer wave of speed s and the contact
			factor := (outer - v) / (outer - contact)
			carried += outer * (factor - 1)
			momentum[i] += outer * (factor*rho*contact - m)
			energy[i] += outer * (factor*(e+(contact-v)*(rho*contact+pressure/(outer-v))) - e)
		}
		mass[i] = carried * rho
		for c := 1; c < last; c++ {
			if c != normal {
				dst[c][i] = carried * from[c][i]
			}
		}
	}
}

// pressures writes p of all states.
func (p Gas) pressures(dst []float64, u [][]float64) {
	last := len(u) - 1
	rho, energy, m := u[0][:len(dst)], u[last][:len(dst)], u[1][:len(dst)]
	for i, v := range m {
		dst[i] = v * v
	}
	for _, m := range u[2:last] {
		m = m[:len(dst)]
		for i, v := range m {
			dst[i] += v * v
		}
	}
	for i, k := range dst {
		dst[i] = (p.Gamma - 1) * (energy[i] - k/(2*rho[i]))
	}
}
