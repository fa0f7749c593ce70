// Command gen writes the assembly of package simd and its Go declarations.
//
// Run it as `go generate ./engine/cpu/simd`: the output is a function of this program alone, byte for byte.
package main

import (
	"fmt"
	"os"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

func main() {
	files := []struct {
		name string
		emit func(*build.Context)
	}{
		{"gemm_amd64", gemm},
		{"cgemm_amd64", cgemm},
		{"transpose_amd64", transpose},
		{"peak_amd64", peak},
		{"radix_amd64", radices},
		{"arith_amd64", arithmetic},
		{"butterfly_amd64", butterflies},
		{"adam_amd64", adam},
		{"spread_amd64", spread},
		{"gemv_amd64", gemv},
		{"prefetch_amd64", prefetch},
		{"columns_amd64", columns},
		{"rows_amd64", rows},
		{"philox_amd64", philox},
		{"draw_amd64", draws},
		{"jet_amd64", jets},
		{"math_amd64", functions},
	}
	for _, f := range files {
		if err := write(f.name, f.emit); err != nil {
			fmt.Fprintln(os.Stderr, "gen:", err)
			os.Exit(1)
		}
	}
}

// write compiles the functions of one emitter into name.s (assembly) and name.go (declarations).
func write(name string, emit func(*build.Context)) error {
	c := build.NewContext()
	emit(c)
	f, err := c.Result()
	if err != nil {
		return err
	}
	if err := pass.Compile.Execute(f); err != nil {
		return err
	}
	cfg := printer.Config{Argv: []string{"go", "run", "./gen"}, Pkg: "simd"}
	for ext, p := range map[string]printer.Printer{".s": printer.NewGoAsm(cfg), ".go": printer.NewStubs(cfg)} {
		text, err := p.Print(f)
		if err != nil {
			return err
		}
		if err := os.WriteFile(name+ext, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
