package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/configs"
)

// TestListRecipes: the list holds what every equation says, and every recipe once, in text and in JSON.
func TestListRecipes(t *testing.T) {
	var list []equationReport
	document(t, must(t, "generate", "--list", "--json"), &list)
	var recipes []string
	named := 0
	for _, e := range list {
		if e.Name == "" || !strings.Contains(e.Statement, " ") {
			t.Errorf("%+v says nothing", e)
		}
		if len(e.Recipes) > 0 {
			named++
		}
		for _, r := range e.Recipes {
			if r.About == "" || r.N < 1 || r.Points < 2 {
				t.Errorf("%+v", r)
			}
			recipes = append(recipes, r.Name)
		}
	}
	slices.Sort(recipes)
	if named < 24 || !slices.Equal(recipes, configs.Recipes.Names()) {
		t.Errorf("%d equations have recipes; the recipes are %v", named, recipes)
	}
	text := must(t, "generate", "--list")
	for _, part := range []string{"kuramoto_sivashinsky\n  u_t + u u_x", "    pdebench_darcy", "recipes; the indented names"} {
		if !strings.Contains(text, part) {
			t.Errorf("the list lacks %q", part)
		}
	}
}
