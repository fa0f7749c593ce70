package bench_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/kolmogo/kolmogo/bench"
)

func ExampleMeasure() {
	entries := bench.Entries()
	i := slices.IndexFunc(entries, func(e bench.Entry) bool { return e.Name == "sgemm-32" })
	r, err := bench.Measure(context.Background(), entries[i], bench.Options{Repeat: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Name, r.FLOPs, "operations,", r.Allocations, "allocations, checked:", r.Check.Arrays, "array")
	// Output: sgemm-32 134217728 operations, 0 allocations, checked: 1 array
}
