package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/kolmogo/kolmogo/configs"
)

// loadExperiment reads a configuration: a file, or the name of one in configs/.
func loadExperiment(arg string, flags []string) (Config, error) {
	file, text, err := readNamed(arg, "experiment", configs.Experiments.Names(), configs.Experiments.Read)
	if err != nil {
		return Config{}, inUsage(err)
	}
	c := defaults()
	if err := load(&c, file, text, os.Environ(), flags); err != nil {
		return c, inUsage(err)
	}
	if c.Name == "" {
		c.Name = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	}
	return c, inUsage(c.check())
}
