package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/configs"
	"github.com/kolmogo/kolmogo/datasets"
)

// equationReport is an equation and the recipes that solve it.
type equationReport struct {
	Name      string         `json:"name"`
	Statement string         `json:"equation"`
	Recipes   []recipeReport `json:"recipes"`
}

// recipeReport is a recipe in a line.
type recipeReport struct {
	Name   string `json:"name"`
	About  string `json:"about"` // the first line of its comment
	N      int    `json:"n"`     // trajectories
	Points int    `json:"points"`
	Frames int    `json:"frames,omitempty"` // none of pairs
}

// listRecipes prints all equations with their recipes.
func (a *app) listRecipes() error {
	recipes := map[string][]recipeReport{}
	for _, name := range configs.Recipes.Names() {
		text, err := configs.Recipes.Read(name)
		if err != nil {
			return err
		}
		r, err := readRecipe(name, nil)
		if err != nil {
			return err
		}
		frames := r.Frames.Count
		if r.Pairs {
			frames = 0
		}
		recipes[r.Equation] = append(recipes[r.Equation], recipeReport{name, about(string(text)), r.N, r.Points, frames})
	}
	var list []equationReport
	var b strings.Builder
	equations := datasets.Equations()
	for _, name := range slices.Sorted(maps.Keys(equations)) {
		list = append(list, equationReport{name, equations[name], append([]recipeReport{}, recipes[name]...)})
		fmt.Fprintf(&b, "%s\n  %s\n", name, equations[name])
		for _, r := range recipes[name] {
			fmt.Fprintf(&b, "    %-36s %s\n", r.Name, r.About)
		}
	}
	fmt.Fprintf(&b, "\n%d equations, %d recipes; the indented names are what generate and data.generate take\n", len(list), len(configs.Recipes.Names()))
	return a.print(list, b.String())
}

// about is the first line of a recipe's comment.
func about(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(line, "#")), ".")
}
