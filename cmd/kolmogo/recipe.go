package main

import (
	"github.com/kolmogo/kolmogo/configs"
	"github.com/kolmogo/kolmogo/datasets"
)

// loadRecipe reads a recipe, a file or the name of one in configs/data, and checks that it is understood.
func loadRecipe(arg string, flags []string) (datasets.Recipe, error) {
	r, err := readRecipe(arg, flags)
	if err == nil {
		_, err = r.Problem()
	}
	return r, inUsage(err)
}

// readRecipe reads a recipe as it is written.
func readRecipe(arg string, flags []string) (datasets.Recipe, error) {
	var r datasets.Recipe
	file, text, err := readNamed(arg, "recipe", configs.Recipes.Names(), configs.Recipes.Read)
	if err != nil {
		return r, inUsage(err)
	}
	return r, inUsage(load(&r, file, text, nil, flags))
}
