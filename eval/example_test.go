package eval_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/kolmogo/kolmogo/eval"
)

// Two samples of one channel on four points, judged in one batch.
func ExampleEvaluate() {
	metrics, err := eval.LookupAll("fno.rel_l2", "rmse", "pdebench.nrmse@initial_step=0")
	if err != nil {
		fmt.Println(err)
		return
	}
	target := eval.Field[float32]{Data: []float32{1, 1, 1, 1, 2, 2, 2, 2}, Shape: []int{2, 1, 4, 1}}
	pred := eval.Field[float32]{Data: []float32{1, 2, 1, 2, 2, 3, 2, 3}, Shape: []int{2, 1, 4, 1}}
	results, err := eval.Evaluate(metrics, pred, target)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range results {
		fmt.Printf("%s %.4f\n", r.Name, r.Value)
	}
	// Output:
	// fno.rel_l2 0.5303
	// rmse 0.7071
	// pdebench.nrmse@initial_step=0 0.5303
}

// A target that is zero gives a relative error no meaning: the value says so, and the result names the place.
func ExampleResult() {
	metric, _ := eval.Lookup("fno.rel_l2")
	target := eval.Field[float64]{Data: []float64{1, 1, 0, 0}, Shape: []int{2, 1, 2, 1}}
	pred := eval.Field[float64]{Data: []float64{1, 1, 1, 0}, Shape: []int{2, 1, 2, 1}}
	results, _ := eval.Evaluate([]eval.Metric{metric}, pred, target)
	fmt.Println(results[0].Value, results[0].Undefined)
	// Output:
	// +Inf [trajectory 1: the target is zero]
}

// A misspelt name is answered with the near ones.
func ExampleLookup() {
	_, err := eval.Lookup("nrmse")
	fmt.Println(err)
	_, err = eval.Lookup("pdearena.corrtime@high")
	fmt.Println(err)
	// Output:
	// eval: no metric "nrmse"; near: pdebench.nrmse, well.nrmse, ape.nrmse, rmse
	// eval: metric "pdearena.corrtime@high": threshold is "high"; want a number from -1 to 1
}

// Halving a field three times, and the error of it against a field that stays.
func ExampleRollout() {
	halve := func(_ context.Context, in, out []float32) error {
		for i := range out {
			out[i] = in[i] / 2
		}
		return nil
	}
	initial := eval.Field[float32]{Data: []float32{8, 4}, Shape: []int{1, 1, 2, 1}}
	var growth eval.Growth
	for frame, err := range eval.Rollout(context.Background(), halve, initial, 3) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := growth.Add(frame.Values, initial); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(frame.Step, frame.Values.Data)
	}
	fmt.Println(growth.RelL2.Mean())
	// Output:
	// 1 [4 2]
	// 2 [2 1]
	// 3 [1 0.5]
	// [0.5 0.75 0.875]
}

// A page of a title and one number.
func ExampleReport_Write() {
	r := eval.Report{Title: "Burgers", Metrics: []eval.MetricRow{{Name: "rmse", Doc: "root mean square error", Value: 0.0123}}}
	var page strings.Builder
	if err := r.Write(&page); err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(page.String()) {
		if strings.Contains(line, "0.0123") {
			os.Stdout.WriteString(line)
		}
	}
	// Output:
	// <tr><th><code>rmse</code></th><td class="soft">root mean square error</td><td class="n">0.01230</td></tr>
}

// Two trajectories lose the truth after two and four steps; the mean correlation dips in the third step and comes back.
func ExampleCurves_CorrelationTime() {
	correlation := eval.Curves{{0.99, 0.99}, {0.95, 0.98}, {0.55, 0.97}, {0.75, 0.95}}
	t := correlation.CorrelationTime(0.8, eval.Bootstrap{Draws: 200})
	fmt.Println("first crossing", t.First.Times(0.5).Value, "of", t.Each, "steps; count", t.Count.Times(0.5).Value, "; still correlated:", t.Censored)
	// Output:
	// first crossing 1.5 of [2 4] steps; count 1.5 ; still correlated: 1
}

// Energy by wavenumber of a wave with two periods and of one that is too weak.
func ExampleResolvedMode() {
	truth, pred := eval.NewSpectrum([]int{8}), eval.NewSpectrum([]int{8})
	truth.Add([]float64{0, 1, 0, -1, 0, 1, 0, -1})
	pred.Add([]float64{0, 0.5, 0, -0.5, 0, 0.5, 0, -0.5})
	fmt.Printf("%.3f %.3f\n", truth.Mean(), pred.Mean())
	fmt.Println(eval.ResolvedMode([]float64{0, 1, 0.9, 0.2}, []float64{0, 1, 1, 1}, 1.5))
	// Output:
	// [0.000 0.000 0.500 0.000 0.000] [0.000 0.000 0.125 0.000 0.000]
	// 2
}
