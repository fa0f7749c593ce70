package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/eval"
	"github.com/kolmogo/kolmogo/train"
)

// reportProblem writes a page with the training curves, the metrics and, for up to three coordinates, maps of solution, error and residuals.
func (a *app) reportProblem(folder string, c Config, path string, r problemReport, solution *train.Solution, points, got, want []float64) error {
	page := eval.Report{Title: c.Name, Subtitle: strings.Join(c.Problem.Equations, ", ")}
	table := eval.Table{Columns: []string{"value"}}
	for _, name := range slices.Sorted(maps.Keys(r.Metrics)) {
		table.Rows = append(table.Rows, eval.TableRow{Name: name, Cells: []string{fmt.Sprintf("%.4g", float64(r.Metrics[name]))}})
	}
	log, err := trainingLog(folder)
	if err != nil {
		return err
	}
	if len(log) > 0 {
		section := eval.Section{Title: "Training"}
		if err := addFigure(&section.Figures, "training", "Loss by step.", eval.Training{Title: "Training", Log: log}); err != nil {
			return err
		}
		page.Sections = append(page.Sections, section)
	}
	section := eval.Section{Title: "Solution", Tables: []eval.Table{table}}
	if g, ok := newMapGrid(c.Problem.Coordinates, points); ok {
		residuals, err := solution.Residuals(points)
		if err != nil {
			return err
		}
		if err := g.addSolution(&section.Figures, solution.Model.Quantities, got, want); err != nil {
			return err
		}
		if err := g.addResiduals(&section.Figures, c.Problem.Equations, residuals); err != nil {
			return err
		}
	}
	page.Sections = append(page.Sections, section)
	page.Sections = append(page.Sections, banditSections(solution)...)
	return writePage(path, page)
}

// mapGrid puts points that lie on a grid of one to three axes, not at all of its nodes, into pictures of it.
type mapGrid struct {
	axes  []eval.Axis
	shape []int
	node  []int // of each point
}

// newMapGrid finds the grid that points [n, coordinates] lie on; false where there are more than three coordinates, or no such grid.
func newMapGrid(coordinates []string, points []float64) (mapGrid, bool) {
	d := len(coordinates)
	g := mapGrid{node: make([]int, len(points)/d)}
	if d > 3 {
		return g, false
	}
	nodes := 1
	for k, name := range coordinates {
		var values []float64
		for i := k; i < len(points); i += d {
			values = append(values, points[i])
		}
		slices.Sort(values)
		values = slices.Compact(values)
		for i := range g.node {
			j, _ := slices.BinarySearch(values, points[i*d+k])
			g.node[i] = g.node[i]*len(values) + j
		}
		g.axes = append(g.axes, eval.Axis{Name: name, Min: values[0], Max: values[len(values)-1]})
		g.shape = append(g.shape, len(values))
		nodes *= len(values)
	}
	const emptiest = 10 // nodes for each point: scattered points have more
	return g, nodes <= emptiest*len(g.node)
}

// field is column k of values [n, columns] on the grid, NaN at nodes without a point.
func (g mapGrid) field(values []float64, k, columns int, f func(float64) float64) []float64 {
	nodes := 1
	for _, n := range g.shape {
		nodes *= n
	}
	out := slices.Repeat([]float64{math.NaN()}, nodes)
	for i, node := range g.node {
		out[node] = f(values[i*columns+k])
	}
	return out
}

// addSolution adds reference, solution and error of each quantity.
func (g mapGrid) addSolution(list *[]eval.Figure, quantities []string, got, want []float64) error {
	same := func(x float64) float64 { return x }
	for k, name := range quantities {
		s := eval.Sample{Title: name, Quantity: name, Axes: g.axes, Shape: g.shape,
			Target: g.field(want, k, len(quantities), same), Prediction: g.field(got, k, len(quantities), same)}
		if err := addFigure(list, fmt.Sprintf("solution-%d", k), "Reference, solution and error.", s); err != nil {
			return err
		}
	}
	return nil
}

// darkest is the part of the largest residual below which a map tells no differences.
const darkest = 1e-6

// addResiduals adds a map of the size of each equation's residual, of three axes in the middle plane of the first.
func (g mapGrid) addResiduals(list *[]eval.Figure, equations []string, residuals []float64) error {
	axes, shape := g.axes, g.shape
	var row []eval.Panel
	for k := range equations {
		most := 0.0
		for i := k; i < len(residuals); i += len(equations) {
			most = max(most, math.Abs(residuals[i]))
		}
		size := func(r float64) float64 { return math.Log10(max(math.Abs(r), darkest*most)) }
		v := g.field(residuals, k, len(equations), size)
		if len(g.axes) == 3 {
			axes, shape = g.axes[1:], g.shape[1:]
			n := shape[0] * shape[1]
			v = v[g.shape[0]/2*n : (g.shape[0]/2+1)*n]
		}
		row = append(row, eval.Panel{Name: fmt.Sprintf("log |residual %d|", k+1), Axes: axes, Shape: shape, Values: v})
	}
	return addFigure(list, "residuals", "Decimal logarithm of each equation's residual, in the order of the configuration.", eval.Panels{Title: "Residuals", Grid: [][]eval.Panel{row}})
}
