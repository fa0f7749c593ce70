package main

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"

	"github.com/kolmogo/kolmogo/configs"
)

func (a *app) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config show|keys|schema",
		Short: "Show a resolved configuration, every key, or the JSON schema",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return usagef("config needs one of show, keys, schema")
		},
	}
	show := &cobra.Command{
		Use:   "show CONFIG",
		Short: "The configuration after file, environment and flags",
		Long:  "The configuration after file, environment and flags. CONFIG is a YAML file or one of: " + strings.Join(configs.Experiments.Names(), ", ") + ".",
		Args:  cobra.ExactArgs(1),
		RunE: a.start(func(_ *cobra.Command, args []string) error {
			c, err := loadExperiment(args[0], a.sets)
			if err != nil {
				return err
			}
			text, values, err := render(c)
			if err != nil {
				return err
			}
			return a.print(values, string(text))
		}),
	}
	a.setFlag(show)
	keys := &cobra.Command{
		Use:   "keys [CONFIG]",
		Short: "Every key with its type, default and a line of help",
		Args:  cobra.MaximumNArgs(1),
		RunE:  a.start(func(*cobra.Command, []string) error { return a.listKeys() }),
	}
	schema := &cobra.Command{
		Use:   "schema [CONFIG]",
		Short: "The JSON schema of configurations, for editors",
		Args:  cobra.MaximumNArgs(1),
		RunE: a.start(func(*cobra.Command, []string) error {
			schema := schemaOf(keysOf[Config](), defaults())
			text, err := indented(schema)
			if err != nil {
				return err
			}
			_, err = a.out.Write(text)
			return err
		}),
	}
	cmd.AddCommand(show, keys, schema)
	return cmd
}

// render is a configuration as YAML, and as values for JSON.
func render[T any](c T) (text []byte, values map[string]any, err error) {
	node, err := encode(c)
	if err != nil {
		return nil, nil, err
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(node); err != nil {
		return nil, nil, err
	}
	if err := e.Close(); err != nil {
		return nil, nil, err
	}
	return b.Bytes(), values, node.Decode(&values)
}

// keyReport is a line of config keys.
type keyReport struct {
	Key         string `json:"key"`
	Type        string `json:"type"`
	Default     any    `json:"default"`
	Help        string `json:"help"`
	Environment string `json:"environment"`
}

func (a *app) listKeys() error {
	var reports []keyReport
	base := reflect.ValueOf(defaults())
	for _, k := range keysOf[Config]() {
		reports = append(reports, keyReport{k.Name, k.TypeName(), defaultOf(base, k), k.Help, k.environment()})
	}
	if a.json {
		return a.print(reports, "")
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "KEY\tTYPE\tDEFAULT\tMEANING")
	for _, r := range reports {
		value := ""
		if r.Default != nil {
			value = fmt.Sprint(r.Default)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Key, r.Type, value, r.Help)
	}
	return flush(w, a.out)
}

// flush writes a table and the line on how to set keys.
func flush(w *tabwriter.Writer, out io.Writer) error {
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprint(out, "\nSet a key in the file, with --set key=value, or as KOLMOGO_TRAIN_LR=value for train.lr.\n")
	return err
}

// defaultOf is the value of a key that nothing sets; nil where a zero value means what the help says.
func defaultOf(base reflect.Value, k key) any {
	v := base.FieldByIndex(k.index)
	if v.IsZero() && k.Type.Kind() != reflect.Bool {
		return nil
	}
	return v.Interface()
}
