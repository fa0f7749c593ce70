package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// unaryLoop is the vectorised loop of a function, or a plain one over At.
func unaryLoop[T simd.Float](k *simd.Kernels[T], f op.UnaryFunc) func(dst, x []T) {
	if a, ok := f.(op.AffineFunc); ok {
		return func(dst, x []T) { k.Affine(dst, x, T(a.A), T(a.B)) }
	}
	if loop := vectorUnary(k, f); loop != nil {
		return loop
	}
	return func(dst, x []T) {
		for i, v := range x {
			dst[i] = T(f.At(float64(v)))
		}
	}
}

func binaryLoop[T simd.Float](k *simd.Kernels[T], f op.BinaryFunc) func(dst, x, y []T) {
	switch f.(type) {
	case op.AddFunc:
		return k.Add
	case op.SubFunc:
		return k.Sub
	case op.MulFunc:
		return k.Mul
	case op.DivFunc:
		return k.Div
	}
	return func(dst, x, y []T) {
		for i, v := range x {
			dst[i] = T(f.At(float64(v), float64(y[i])))
		}
	}
}

func vectorUnary[T simd.Float](k *simd.Kernels[T], f op.UnaryFunc) func(dst, x []T) {
	switch f.(type) {
	case op.SqrtFunc:
		return k.Sqrt
	case op.ExpFunc:
		return k.Exp
	case op.LogFunc:
		return k.Log
	case op.SinFunc:
		return k.Sin
	case op.CosFunc:
		return k.Cos
	case op.TanhFunc:
		return k.Tanh
	case op.SigmoidFunc:
		return k.Sigmoid
	case op.SoftplusFunc:
		return k.Softplus
	case op.ReLUFunc:
		return k.ReLU
	case op.SiLUFunc:
		return k.SiLU
	case op.SiLUSlopeFunc:
		return k.SiLUGrad
	case op.GELUFunc:
		return k.GELU
	case op.GELUSlopeFunc:
		return k.GELUGrad
	case op.GELUTanhFunc:
		return k.GELUTanh
	case op.GELUTanhSlopeFunc:
		return k.GELUTanhGrad
	}
	return nil
}
