package optest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/op"
)

// declared lists the exported ops and functions of package op: structs with a method Eval, or with At and Diff.
func declared(t *testing.T) []string {
	files, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	methods := map[string][]string{}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || strings.HasSuffix(path, "_test.go") {
				continue
			}
			if name, ok := f.Recv.List[0].Type.(*ast.Ident); ok && name.IsExported() {
				methods[name.Name] = append(methods[name.Name], f.Name.Name)
			}
		}
	}
	var names []string
	for name, m := range methods {
		if slices.Contains(m, "Eval") || (slices.Contains(m, "At") && slices.Contains(m, "Diff")) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestEveryOpHasCases(t *testing.T) {
	covered := map[string]bool{}
	for _, c := range cases() {
		covered[reflect.TypeOf(c.op).Name()] = true
		switch o := c.op.(type) {
		case op.Unary:
			covered[reflect.TypeOf(o.Fn).Name()] = true
		case op.Binary:
			covered[reflect.TypeOf(o.Fn).Name()] = true
		}
	}
	names := declared(t)
	if len(names) < 40 {
		t.Fatalf("found only %v", names)
	}
	for _, name := range names {
		if !covered[name] {
			t.Errorf("%s has no case in cases.go", name)
		}
	}
}

func TestEveryRuleOccurs(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(graphCount) {
		w := drawGraph(seed, dtypes[seed%2])
		if err := w.g.Err(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		order, err := op.Topological(w.outputs...)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range order {
			if o, _, _ := v.Def(); o != nil {
				seen[reflect.TypeOf(o).Name()] = true
			}
		}
	}
	for _, name := range declared(t) {
		if !strings.HasSuffix(name, "Func") && !seen[name] {
			t.Errorf("no random graph has %s", name)
		}
	}
}

// A shape that does not fit is named in the error, with what it does not fit to.
func TestShapeErrorsNameTheShapes(t *testing.T) {
	for _, c := range cases() {
		in := c.dims()
		if _, err := c.op.Shape(append(slices.Clone(in), op.Of(2, 9, 4))...); err != nil {
			if !strings.Contains(err.Error(), "[2,9,4]") {
				t.Errorf("%v with a further input: %v", c, err)
			}
		} else if _, any := c.op.(op.ConcatOp); !any {
			t.Errorf("%v takes a further input", c)
		}
		if _, err := c.op.Shape(); err == nil {
			t.Errorf("%v takes no input", c)
		}
		rejected := 0
		for k, d := range in {
			for _, wrong := range spoil(d) {
				given := slices.Clone(in)
				given[k] = wrong
				_, err := c.op.Shape(given...)
				if err == nil {
					continue
				}
				rejected++
				other := len(given) == 1
				for j, g := range given {
					other = other || (j != k && strings.Contains(err.Error(), g.String()))
				}
				if !strings.Contains(err.Error(), wrong.String()) || !other {
					t.Errorf("%v given %v: the error does not name the shapes: %v", c, given, err)
				}
			}
		}
		if len(in) > 1 && rejected == 0 {
			t.Errorf("%v accepts every shape", c)
		}
	}
}

// spoil returns shapes near d.
func spoil(d op.Dims) []op.Dims {
	var list []op.Dims
	if d.Rank() < op.MaxRank {
		list = append(list, d.Append(3))
	}
	for i := range d.Rank() {
		list = append(list, d.With(i, d.At(i)+1), d.With(i, 0))
	}
	if d.Rank() > 0 {
		list = append(list, d.Cut(0, d.Rank()-1))
	}
	return list
}

// What has no gradient rule says so when a loss needs one.
func TestSecondDerivativeOfNormalizeIsAnError(t *testing.T) {
	g := op.NewGraph()
	x, dy := g.Input("x", op.Float64, op.Of(2, 3)), g.Input("dy", op.Float64, op.Of(2, 3))
	op.Gradients(op.SumAll(op.Apply(op.NormalizeGradOp{Over: op.AxisSet(1), Epsilon: 1}, x, dy)), x)
	if err := g.Err(); err == nil || !strings.Contains(err.Error(), "no gradient rule") {
		t.Errorf("error is %v", err)
	}
}
