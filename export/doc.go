// Package export writes trained weights for other programs: a safetensors file and, beside it, a JSON sidecar that describes
// architecture, normalisation and layout completely enough to rebuild the model.
package export
