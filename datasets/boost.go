package datasets

import (
	"errors"
	"math"
	"math/cmplx"
	"math/rand/v2"

	"gonum.org/v1/gonum/dsp/fourier"
)

// Boost draws a Galilean boost of periodic fields: each component of V is uniform in [−Most, Most]. Equations whose only motion is the
// advection u·∇ by their velocity have this symmetry, such as those of Burgers, Kuramoto and Sivashinsky, Navier and Stokes (g₃ in table 1
// of Brandstetter, Welling, Worrall, Lie point symmetry data augmentation for neural PDE solvers, 2022).
type Boost struct{ Most float64 }

// Check asks for a velocity, periodic axes, time stamps and coordinates.
func (b Boost) Check(l *Loader) error {
	s := l.Set
	if !(b.Most > 0) || math.IsInf(b.Most, 0) {
		return errors.New("a boost needs a positive greatest speed")
	}
	if s.Meta.Velocity == nil {
		return errors.New("a boost needs to know which channels are the velocity")
	}
	if _, err := s.Conditions([]string{"dt", "length"}, 1); err != nil {
		return err
	}
	return periodic("a boost", s)
}

// Draw draws the components of V one after the other.
func (b Boost) Draw(random *rand.PCG, g Grid) Transform {
	v := Boosted{Lengths: g.Lengths}
	for range g.Points {
		v.Velocity = append(v.Velocity, b.Most*(2*unit(random)-1))
	}
	return v
}

// unit draws from [0, 1).
func unit(random *rand.PCG) float64 { return float64(random.Uint64()>>11) / (1 << 53) }

// Boosted is the boost by V of a periodic field at a time t, that of the last frame of the input being 0:
//
//	(g u)(x, t) = u(x − V t, t) + V for the velocity, and without the last term for other channels.
//
// The shift is that of the trigonometric polynomial through the points, whose wave at half the number of points keeps its real part.
type Boosted struct {
	Velocity, Lengths []float64
	Time              float64
}

func (b Boosted) at(time float64) Transform {
	b.Time = time
	return b
}

// Apply writes g(src) into dst.
func (b Boosted) Apply(dst, src []float32, shape []int, channels []Channel) {
	copy(dst, src)
	for axis, v := range b.Velocity {
		if shift := v * b.Time / b.Lengths[axis]; shift != 0 {
			shiftAxis(dst, shape, axis, shift)
		}
	}
	n := shape[len(shape)-1]
	for c, channel := range channels {
		if channel.Velocity {
			v := float32(b.Velocity[channel.Axes[0]])
			for i := c; i < len(dst); i += n {
				dst[i] += v
			}
		}
	}
}

// Inverse returns the boost by −V.
func (b Boosted) Inverse() Transform {
	v := make([]float64, len(b.Velocity))
	for i := range v {
		v[i] = -b.Velocity[i]
	}
	b.Velocity = v
	return b
}

// shiftAxis moves a periodic field along an axis by a fraction of its length: û_k ← û_k e^(−2πi k s).
func shiftAxis(u []float32, shape []int, axis int, shift float64) {
	n, stride := shape[axis], 1
	for _, m := range shape[axis+1:] {
		stride *= m
	}
	fft := fourier.NewFFT(n)
	line, spectrum, turn := make([]float64, n), make([]complex128, n/2+1), make([]complex128, n/2+1)
	for k := range turn {
		turn[k] = cmplx.Rect(1/float64(n), -2*math.Pi*math.Mod(float64(k)*shift, 1))
	}
	if n%2 == 0 {
		turn[n/2] = complex(real(turn[n/2]), 0)
	}
	for outer := 0; outer < len(u); outer += n * stride {
		for inner := outer; inner < outer+stride; inner++ {
			for i := range line {
				line[i] = float64(u[inner+i*stride])
			}
			fft.Coefficients(spectrum, line)
			for k := range spectrum {
				spectrum[k] *= turn[k]
			}
			fft.Sequence(line, spectrum)
			for i, v := range line {
				u[inner+i*stride] = float32(v)
			}
		}
	}
}
