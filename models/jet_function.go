package models

import (
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/op"
)

// JetFunc is a function that jets pass through.
type JetFunc struct {
	// Derivatives returns f(z), f'(z) .. f^(k)(z) as graph, k at most MaxDerivative. A derivative that is not valid is zero.
	Derivatives func(z op.Value, k int) []op.Value
	// Fused is the same function to op.JetOp, which does a whole composition at once; 0 where it does not know it.
	Fused op.JetFunction
}

// jetFunctions is the table of functions that jets pass through.
func jetFunctions() map[string]JetFunc {
	return map[string]JetFunc{
		"cos":      {cosJet, op.JetCos},
		"exp":      {expJet, 0},
		"gelu":     {geluJet, 0},
		"log":      {logJet, 0},
		"sigmoid":  {sigmoidJet, 0},
		"silu":     {siluJet, 0},
		"sin":      {sinJet, op.JetSin},
		"softplus": {softplusJet, 0},
		"sqrt":     PowJet(0.5),
		"tanh":     {tanhJet, op.JetTanh},
	}
}

// JetFunction returns the function of the given name with its derivatives.
func JetFunction(name string) (JetFunc, error) {
	f, err := lookup("function with derivatives", jetFunctions(), name)
	if err != nil {
		return JetFunc{}, fmt.Errorf("models: %w", err)
	}
	return f, nil
}

// tanhJet: with y = tanh z, f' = 1 − y², f” = −2y f', f”' = (6y² − 2) f', f”” = (16 − 24y²) y f'.
func tanhJet(z op.Value, k int) []op.Value {
	y := op.Tanh(z)
	square := op.Mul(y, y)
	d := op.Affine(square, -1, 1)
	return first(k,
		func() op.Value { return y },
		func() op.Value { return d },
		func() op.Value { return op.Mul(op.Scale(y, -2), d) },
		func() op.Value { return op.Mul(op.Affine(square, 6, -2), d) },
		func() op.Value { return op.Mul(op.Mul(op.Affine(square, -24, 16), y), d) })
}

func sinJet(z op.Value, k int) []op.Value {
	return first(k,
		func() op.Value { return op.Sin(z) },
		func() op.Value { return op.Cos(z) },
		func() op.Value { return op.Neg(op.Sin(z)) },
		func() op.Value { return op.Neg(op.Cos(z)) },
		func() op.Value { return op.Sin(z) })
}

func cosJet(z op.Value, k int) []op.Value {
	return first(k,
		func() op.Value { return op.Cos(z) },
		func() op.Value { return op.Neg(op.Sin(z)) },
		func() op.Value { return op.Neg(op.Cos(z)) },
		func() op.Value { return op.Sin(z) },
		func() op.Value { return op.Cos(z) })
}

func expJet(z op.Value, _ int) []op.Value {
	y := op.Exp(z)
	return []op.Value{y, y, y, y, y}
}

// logJet: derivatives z⁻¹, −z⁻², 2z⁻³, −6z⁻⁴.
func logJet(z op.Value, k int) []op.Value {
	return append([]op.Value{op.Log(z)}, PowJet(-1).Derivatives(z, max(k-1, 0))...)
}

// PowJet is z^p with the derivatives p(p−1)..(p−k+1) z^(p−k).
func PowJet(p float64) JetFunc {
	return JetFunc{Derivatives: func(z op.Value, k int) []op.Value {
		list := make([]op.Value, MaxDerivative+1)
		c := 1.0
		for i := 0; i <= k && c != 0; i++ {
			list[i] = op.Scale(power(z, p-float64(i)), c)
			c *= p - float64(i)
		}
		return list
	}}
}

// power is z^p without rounding of small whole exponents.
func power(z op.Value, p float64) op.Value {
	switch p {
	case 0:
		return op.Affine(z, 0, 1)
	case 1:
		return z
	case 2:
		return op.Mul(z, z)
	case 3:
		return op.Mul(op.Mul(z, z), z)
	case 4:
		return op.Mul(op.Mul(z, z), op.Mul(z, z))
	}
	return op.Pow(z, p)
}

// sigmoidJet: with s the sigmoid, f' = s(1 − s), f” = (1 − 2s) f', f”' = (1 − 6s + 6s²) f', f”” = (1 − 14s + 36s² − 24s³) f'.
func sigmoidJet(z op.Value, k int) []op.Value {
	s := op.Sigmoid(z)
	d := op.Mul(s, op.Affine(s, -1, 1))
	return first(k,
		func() op.Value { return s },
		func() op.Value { return d },
		func() op.Value { return op.Mul(op.Affine(s, -2, 1), d) },
		func() op.Value { return op.Mul(op.Affine(op.Mul(s, op.Affine(s, 6, -6)), 1, 1), d) },
		func() op.Value {
			return op.Mul(op.Affine(op.Mul(s, op.Affine(op.Mul(s, op.Affine(s, -24, 36)), 1, -14)), 1, 1), d)
		})
}

func softplusJet(z op.Value, k int) []op.Value {
	return append([]op.Value{op.Softplus(z)}, sigmoidJet(z, max(k-1, 0))...)
}

// siluJet: (z s)^(n) = z s^(n) + n s^(n−1).
func siluJet(z op.Value, k int) []op.Value {
	s := sigmoidJet(z, k)
	list := make([]op.Value, MaxDerivative+1)
	list[0] = op.SiLU(z)
	for n := 1; n <= k; n++ {
		list[n] = op.Add(op.Mul(z, s[n]), op.Scale(s[n-1], float64(n)))
	}
	return list
}

// geluJet: with the normal density φ, f' = Φ + zφ, f” = φ(2 − z²), f”' = φ(z³ − 4z), f”” = φ(−z⁴ + 7z² − 4).
func geluJet(z op.Value, k int) []op.Value {
	square := op.Mul(z, z)
	density := op.Scale(op.Exp(op.Scale(square, -0.5)), 1/math.Sqrt(2*math.Pi))
	return first(k,
		func() op.Value { return op.GELU(z) },
		func() op.Value { return op.Apply(op.Unary{Fn: op.GELUSlopeFunc{}}, z) },
		func() op.Value { return op.Mul(density, op.Affine(square, -1, 2)) },
		func() op.Value { return op.Mul(density, op.Mul(z, op.Affine(square, 1, -4))) },
		func() op.Value { return op.Mul(density, op.Affine(op.Mul(square, op.Affine(square, -1, 7)), 1, -4)) })
}

// first evaluates the function and its first k derivatives.
func first(k int, f ...func() op.Value) []op.Value {
	list := make([]op.Value, MaxDerivative+1)
	for i := range k + 1 {
		list[i] = f[i]()
	}
	return list
}
