package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// app is what all commands share: the streams and the flags that work everywhere.
type app struct {
	in       io.Reader
	out, err io.Writer
	json     bool
	sets     []string // --set key=value
	started  bool     // the command line was understood
	blanks   string   // folder of zeros in the place of data that nobody has generated yet: nothing is trained
}

// newRoot builds the command line.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "kolmogo",
		Short: "Neural surrogates of partial differential equations: generate, train, evaluate, roll out, export",
		Long: `Kolmogo trains neural surrogates of partial differential equations.

  kolmogo train demo --run runs/demo       train a Fourier neural operator on shocks that it generates first
  kolmogo eval runs/demo                   judge it on data that it has not seen
  kolmogo rollout runs/demo --report runs/demo/report.html

Exit codes: 0 success, 2 wrong usage or configuration, 3 bad or missing data, 4 training diverged,
5 a requested device or library is missing, 130 Ctrl-C, 1 otherwise.`,
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.PersistentFlags().BoolVar(&a.json, "json", false, "print one JSON document on stdout and nothing else there")
	root.AddCommand(a.generateCommand(), a.inspectCommand(), a.trainCommand(), a.evalCommand(), a.rolloutCommand(), a.conserveCommand(), a.exportCommand(),
		a.configCommand(), a.doctorCommand(), a.benchCommand(), a.verifyCommand())
	return root
}

// start wraps what a command does: whatever fails from there on is no longer a matter of the command line's form.
func (a *app) start(f func(cmd *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		a.started = true
		return f(cmd, args)
	}
}

// setFlag adds --set.
func (a *app) setFlag(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&a.sets, "set", nil, "override a key of CONFIG: `key=value`, repeatable")
}

// print writes a result: v as JSON with --json, else text.
func (a *app) print(v any, text string) error {
	if !a.json {
		_, err := io.WriteString(a.out, text)
		return err
	}
	e := json.NewEncoder(a.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// logf writes a line for the reader on stderr.
func (a *app) logf(format string, args ...any) {
	fmt.Fprintln(a.err, strings.TrimRight(fmt.Sprintf(format, args...), "\n"))
}

// terminal reports whether stderr is a terminal, and its width.
func (a *app) terminal() (width int, ok bool) {
	f, isFile := a.err.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		width = 80
	}
	return width, true
}
