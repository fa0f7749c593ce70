package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/kolmogo/kolmogo/eval"
)

// metricList is what eval --list-metrics prints.
type metricList struct {
	Metrics []metricEntry `json:"metrics"`
}

type metricEntry struct {
	Name  string `json:"name"`
	Usage string `json:"usage"` // with every parameter and its default
	Doc   string `json:"doc"`
}

func (a *app) listMetrics() error {
	var list metricList
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, d := range eval.Metrics() {
		list.Metrics = append(list.Metrics, metricEntry{d.Name, d.Usage, d.Doc})
		fmt.Fprintf(w, "%s\t%s\n", d.Usage, d.Doc)
	}
	w.Flush() // into memory
	return a.print(list, text.String())
}

// joinParameters puts the parameters of a metric, which commas divide like metrics, back behind the name that they belong to.
func joinParameters(parts []string) []string {
	known := map[string]bool{}
	for _, d := range eval.Metrics() {
		known[d.Name] = true
	}
	var names []string
	for _, part := range parts {
		_, err := strconv.ParseFloat(part, 64)
		parameter := err == nil || strings.Contains(part, "=") || !strings.Contains(part, ".") && !known[part]
		n := len(names)
		if n > 0 && strings.Contains(names[n-1], "@") && !strings.Contains(part, "@") && parameter {
			names[n-1] += "," + part
			continue
		}
		names = append(names, part)
	}
	return names
}
