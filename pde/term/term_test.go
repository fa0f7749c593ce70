package term_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/pde/term"
)

var scope = term.Scope{
	Coordinates: []string{"x", "y", "t"},
	Unknowns:    []string{"u", "psi"},
	Parameters:  []string{"nu", "k_1"},
	Definitions: map[string]string{"v": "-psi_x", "q": "a*x^2", "a": "3", "loop": "1 + loop"},
}

// field is u = sin(x + 2y) e^−t and psi = x² y³ t, with exact derivatives.
func field(x, y, t float64) func(name, d string) float64 {
	return func(name, d string) float64 {
		n := [3]int{}
		for i := range len(d) {
			n[d[i]]++
		}
		if name == "u" {
			return math.Sin(x+2*y+float64(n[0]+n[1])*math.Pi/2) * math.Pow(2, float64(n[1])) * math.Exp(-t) * math.Pow(-1, float64(n[2]))
		}
		power := func(z float64, p, n int) float64 {
			c := 1.0
			for i := range n {
				c *= float64(p - i)
			}
			return c * math.Pow(z, float64(max(p-n, 0)))
		}
		return power(x, 2, n[0]) * power(y, 3, n[1]) * power(t, 1, n[2])
	}
}

// TestValue: an equation's tree has the value that the equation has.
func TestValue(t *testing.T) {
	x, y, s := 0.3, 0.7, 0.2
	u := field(x, y, s)
	d := func(name string, axes ...byte) float64 { return u(name, string(axes)) }
	for src, want := range map[string]float64{
		"u_t + u*u_x - nu*u_xx":         d("u", 2) + d("u")*d("u", 0) - 0.1*d("u", 0, 0),
		"u_t + 6 u u_x + u_xxx":         d("u", 2) + 6*d("u")*d("u", 0) + d("u", 0, 0, 0),
		"u_t = 0.1(u_xx + u_yy)":        d("u", 2) - 0.1*(d("u", 0, 0)+d("u", 1, 1)),
		"laplacian(u) + 2pi^2 sin(x)":   d("u", 0, 0) + d("u", 1, 1) + 2*math.Pi*math.Pi*math.Sin(x),
		"biharmonic(u)":                 d("u", 0, 0, 0, 0) + 2*d("u", 0, 0, 1, 1) + d("u", 1, 1, 1, 1),
		"laplacian(u^2)":                2*(d("u", 0)*d("u", 0)+d("u")*d("u", 0, 0)) + 2*(d("u", 1)*d("u", 1)+d("u")*d("u", 1, 1)),
		"d(u^2/2, x)":                   d("u") * d("u", 0),
		"v_xy":                          -d("psi", 0, 0, 1),
		"q_x - a":                       6*x - 3,
		"-x^2":                          -x * x,
		"2^-1":                          0.5,
		"2**3**2":                       512,
		"1/2 x":                         x / 2,
		"1 - 2 - 3":                     -4,
		"8/4/2":                         1,
		"2 * -x":                        -2 * x,
		"k_1 x":                         5 * x,
		"x(y + 1)":                      x * (y + 1),
		"1e-3 + .5 + 2.":                2.501,
		"exp(u_x)^x":                    math.Exp(d("u", 0) * x),
		"sech(x) cosh(x) + tan(0)":      1,
		"abs(-x) + sigmoid(0) + log(1)": x + 0.5,
		"d(tanh(x y), x, y)":            (1 - sq(math.Tanh(x*y))) * (1 - 2*x*y*math.Tanh(x*y)),
		"d(sqrt(x)/y, y)":               -math.Sqrt(x) / (y * y),
		"d(cos(3x), x) + 3 sin(3x)":     0,
	} {
		e, err := scope.Parse(src)
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		got := term.Eval(e, term.Values{At: []float64{x, y, s}, Parameters: map[string]float64{"nu": 0.1, "k_1": 5}, Field: u})
		if !(math.Abs(got-want) <= 1e-13*(1+math.Abs(want))) {
			t.Errorf("%s: %v, want %v", src, got, want)
		}
	}
}

func sq(x float64) float64 { return x * x }

// TestErrorsShowThePlace: an error marks the first wrong character.
func TestErrorsShowThePlace(t *testing.T) {
	for src, want := range map[string]string{
		"u_t + w*u_x":    "w*u_x",
		"u_t + u_z":      "z",
		"u_xxxxx":        "u_xxxxx",
		"u_t + + * u":    "* u",
		"u_t + (u + 1":   "(u + 1",
		"u_t +":          "",
		"u $ 2":          "$ 2",
		"besselj(x)":     "besselj(x)",
		"sin(x, y)":      "sin(x, y)",
		"loop":           "loop",
		"u_":             "u_",
		"d(u, nu)":       "nu)",
		"d(u)":           "d(u)",
		"u = 1 = 2":      "= 2",
		"d(u_xxx, x, x)": "d(u_xxx, x, x)",
		"(x, y)":         "y)",
		"v_w":            "w",
		"x_":             "x_",
		"1.2.3":          ".3",
	} {
		_, err := scope.Parse(src)
		var e *term.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: no error of this package: %v", src, err)
			continue
		}
		if got := e.Source[e.Offset:]; src != "loop" && got != want {
			t.Errorf("%s: marked at %q, want %q: %v", src, got, want, err)
		}
	}
}

// FuzzParse: no input panics, and what is read has a value.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"u_t + u*u_x - nu*u_xx", "d(u^2, x) = laplacian(v)", "((1", "2^-3^x", "-+-x", "u_xxxxy", strings.Repeat("(", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		e, err := scope.Parse(src)
		if err != nil {
			if err.Error() == "" {
				t.Error("an empty message")
			}
			return
		}
		term.Eval(e, term.Values{At: []float64{1, 2, 3}, Field: field(1, 2, 3)})
	})
}

func ExampleScope_Parse() {
	s := term.Scope{Coordinates: []string{"x", "t"}, Unknowns: []string{"u"}}
	_, err := s.Parse("u_t + w*u_x")
	fmt.Println(err)
	// Output:
	// term: unknown name "w" (known: u, x, t), here: u_t + →w*u_x
}
