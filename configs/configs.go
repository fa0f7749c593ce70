// Package configs holds ready experiments, one YAML file each, and in data/ recipes of training data.
package configs

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed *.yaml data/*.yaml
var files embed.FS

// Folder is a kind of configuration.
type Folder string

// The kinds: what to train, and what data to generate.
const (
	Experiments Folder = "."
	Recipes     Folder = "data"
)

// Names lists the configurations of a kind in order, without their suffix.
func (f Folder) Names() []string {
	entries, err := fs.ReadDir(files, string(f))
	if err != nil {
		panic(err) // the folder is part of the program
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".yaml"); ok {
			names = append(names, name)
		}
	}
	return names
}

// Read returns the text of a configuration.
func (f Folder) Read(name string) ([]byte, error) {
	text, err := files.ReadFile(path.Join(string(f), name+".yaml"))
	if err != nil {
		return nil, fmt.Errorf("configs: there is no %q; there are %s", name, strings.Join(f.Names(), ", "))
	}
	return text, nil
}
