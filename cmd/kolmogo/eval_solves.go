package main

import (
	"fmt"
	"io"

	"github.com/kolmogo/kolmogo/train"
)

// solvesReport is train.Solves of an evaluation.
type solvesReport struct {
	Count       int    `json:"n"`
	Unconverged int    `json:"unconverged"`
	Iterations  number `json:"iterations"`
	Residual    number `json:"residual"`
	Worst       number `json:"residual_max"`
}

// solvesOf is nil where nothing was solved.
func solvesOf(s train.Solves) *solvesReport {
	if s.Count == 0 {
		return nil
	}
	return &solvesReport{s.Count, s.Unconverged, number(s.Iterations), number(s.Residual), number(s.Worst)}
}

// write says it in a line.
func (r *solvesReport) write(to io.Writer) {
	if r != nil {
		fmt.Fprintf(to, "\n%d solves, %d not converged, %.3g iterations on average, ‖rows‖ left %.3g, at most %.3g\n", r.Count, r.Unconverged, float64(r.Iterations), float64(r.Residual), float64(r.Worst))
	}
}
