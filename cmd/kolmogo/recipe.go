package main

import (
	"github.com/kolmogo/kolmogo/configs"
	"github.com/kolmogo/kolmogo/datasets"
)

// loadRecipe reads a recipe: a file, or the name of one in configs/data.
func loadRecipe(arg string, flags []string) (datasets.Recipe, error) {
	var r datasets.Recipe
	file, text, err := readNamed(arg, "recipe", configs.Recipes.Names(), configs.Recipes.Read)
	if err != nil {
		return r, inUsage(err)
	}
	if err := load(&r, file, text, nil, flags); err != nil {
		return r, inUsage(err)
	}
	_, err = r.Problem()
	return r, inUsage(err)
}
