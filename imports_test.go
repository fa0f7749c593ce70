package kolmogo_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/kolmogo/kolmogo/"

// forbidden says which packages of ours a package must not depend on, however indirectly.
var forbidden = map[string][]string{
	"op":          {"engine", "cuda", "models", "train", "export", "datasets", "pde", "eval", "cmd", "bench", "configs"},
	"engine":      {"cuda", "models", "train", "export", "datasets", "pde", "eval", "cmd", "bench", "configs"},
	"engine/cpu":  {"cuda", "models", "train", "export", "datasets", "pde", "eval", "cmd", "bench", "configs"},
	"cuda":        {"models", "train", "export", "datasets", "pde", "eval", "cmd", "bench", "configs"},
	"models/pinn": {"engine", "cuda", "train", "export", "datasets", "eval", "cmd", "bench", "configs"},
	"models":      {"engine", "cuda", "train", "export", "datasets", "pde", "eval", "cmd", "bench", "configs"},
	"pde":         {"op", "engine", "cuda", "models", "train", "export", "datasets", "eval", "cmd", "bench", "configs"},
	"datasets":    {"op", "engine", "cuda", "models", "train", "export", "eval", "cmd", "bench", "configs"},
	"eval":        {"op", "engine", "cuda", "models", "train", "export", "datasets", "pde", "cmd", "bench", "configs"},
	"train":       {"cuda", "export", "eval", "cmd", "bench", "configs"},
	"export":      {"cuda", "eval", "cmd", "bench", "configs"},
	"bench":       {"cuda", "eval", "cmd", "configs"},
	"verify":      {"op", "engine", "cuda", "models", "train", "export", "datasets", "pde", "cmd", "bench", "configs"},
	"internal":    {"op", "engine", "cuda", "models", "train", "export", "datasets", "pde", "eval", "cmd", "bench", "configs"},
	"configs":     {"op", "engine", "cuda", "models", "train", "export", "datasets", "pde", "eval", "cmd", "bench"},
}

// language is the parser of equations: it knows no solver, and models may read equations.
const language = "pde/term"

// only says which packages alone may depend on a module: the command line's libraries stay in the command line.
var only = map[string][]string{
	"github.com/spf13/viper": {"cmd/kolmogo"},
	"github.com/spf13/cobra": {"cmd/kolmogo"},
}

// TestImportDirections: imports point one way, pde ← datasets ← train ← cmd, op ← engine, op ← models ← train, and eval knows
// nothing but arrays.
func TestImportDirections(t *testing.T) {
	for name, list := range dependencies(t) {
		for _, dep := range list {
			if ours, ok := strings.CutPrefix(dep, module); ok {
				for _, bad := range forbidden[name] {
					if name == "models" && ours == language {
						continue
					}
					if ours == bad || strings.HasPrefix(ours, bad+"/") {
						t.Errorf("%s depends on %s", name, ours)
					}
				}
			}
			for lib, users := range only {
				if (dep == lib || strings.HasPrefix(dep, lib+"/")) && !slices.Contains(users, name) {
					t.Errorf("%s depends on %s, which is for %v alone", name, dep, users)
				}
			}
		}
	}
}

// TestEveryPackageHasADirection: a package without a line in the table is a mistake, unless it lies below one that has.
func TestEveryPackageHasADirection(t *testing.T) {
	for name := range dependencies(t) {
		top, _, _ := strings.Cut(name, "/")
		if _, ok := forbidden[top]; !ok && top != "cmd" && name != "" {
			t.Errorf("%s has no line in the table of import directions", name)
		}
	}
}

// dependencies lists, for every package of the module, all packages that it depends on.
func dependencies(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Deps " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	deps := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		deps[strings.TrimPrefix(strings.TrimPrefix(fields[0], strings.TrimSuffix(module, "/")), "/")] = fields[1:]
	}
	if len(deps) < len(forbidden) {
		t.Fatalf("go list found %d packages", len(deps))
	}
	return deps
}
