// Package export writes trained weights for other programs: a safetensors file and, beside it, a JSON sidecar that describes
// architecture, normalisation and layout completely enough to rebuild the model; or the prediction itself as an ONNX graph, which other runtimes execute.
package export
