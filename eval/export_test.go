package eval

// WellBandEdges and WellBandCounts are the owner's bands of a grid.
func WellBandEdges(grid []int) []float64 { return newWellBands(grid, false).edges }

func WellBandCounts(grid []int) []float64 {
	var counts []float64
	for _, n := range newWellBands(grid, false).counts {
		counts = append(counts, float64(n))
	}
	return counts
}
