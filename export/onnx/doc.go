// Package onnx writes graphs of package op as ONNX models, which other runtimes execute, and runs such models by their definition.
//
// A model is written for fixed shapes, with operators of opset 17 only and every transform as a product with a real matrix, so that a
// runtime needs no Fourier transforms and no complex numbers. Run is naive and in float64: it says what a file means, for comparison.
// Source: the Open Neural Network Exchange specification, IR version 8, opset 17.
package onnx
