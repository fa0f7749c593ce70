package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kolmogo/kolmogo/verify"
)

type verifyOptions struct {
	folder         string
	seeds, threads int
}

func (a *app) verifyCommand() *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify [NAME]",
		Short: "Re-run a published result end to end and print ours beside it",
		Long: `Re-run a published result end to end: train, evaluate, and judge; without NAME, list what can be verified.

Each is a script of kolmogo commands, printed as they run. Its runs are kept: an interrupted one is continued, a complete one
is not repeated. A missed bar ends in exit code 1.`,
		Example: `  kolmogo verify
  kolmogo verify fno-burgers --seeds 3 --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: a.start(func(cmd *cobra.Command, args []string) error { return a.verify(cmd.Context(), args, o) }),
	}
	cmd.Flags().StringVar(&o.folder, "runs", "runs/verify", "`FOLDER` for the runs")
	cmd.Flags().IntVar(&o.seeds, "seeds", 0, "number of training seeds; 0: as many as the entry asks for")
	cmd.Flags().IntVar(&o.threads, "threads", 0, "goroutines of the CPU backend; 0: one per core")
	return cmd
}

// verifyList is what verify prints without a name.
type verifyList struct {
	Entries []verifyEntry `json:"entries"`
}

type verifyEntry struct {
	Name      string `json:"name"`
	Doc       string `json:"doc"`
	Published string `json:"published"`
}

func (a *app) verify(ctx context.Context, args []string, o verifyOptions) error {
	entries := verify.Entries()
	if len(args) == 0 {
		var list verifyList
		var text strings.Builder
		for _, e := range entries {
			list.Entries = append(list.Entries, verifyEntry{e.Name, e.Doc, e.Published})
			fmt.Fprintf(&text, "%s\n    %s\n    %s\n", e.Name, e.Doc, e.Published)
		}
		return a.print(list, text.String())
	}
	if o.seeds < 0 || o.threads < 0 {
		return usagef("--seeds is %d and --threads %d: give positive numbers, or 0", o.seeds, o.threads)
	}
	i := slices.IndexFunc(entries, func(e verify.Entry) bool { return e.Name == args[0] })
	if i < 0 {
		var names []string
		for _, e := range entries {
			names = append(names, e.Name)
		}
		return usagef("nothing to verify is called %q: did you mean %q? `kolmogo verify` lists them", args[0], nearest(args[0], names))
	}
	outcome, err := verify.Run(ctx, entries[i], verify.Options{
		Folder: o.folder, Seeds: o.seeds, Threads: o.threads, Command: a.command, Log: func(line string) { a.logf("%s", line) },
	})
	if err != nil {
		return err
	}
	if err := a.print(outcome, outcome.Text()); err != nil {
		return err
	}
	if missed := outcome.Missed(); len(missed) > 0 {
		return missedError{missed}
	}
	return nil
}

// missedError tells of bars that were not met; the document that says so has been printed.
type missedError struct{ checks []verify.Check }

func (e missedError) Error() string {
	texts := make([]string, len(e.checks))
	for i, c := range e.checks {
		texts[i] = c.String()
	}
	return "verify: " + strings.Join(texts, "; ")
}

// command runs a command line in this process, with its own --json, and returns the document that it prints.
func (a *app) command(ctx context.Context, args ...string) ([]byte, error) {
	var out bytes.Buffer
	inner := &app{in: a.in, out: &out, err: a.err}
	root := newRoot(inner)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil && !inner.started {
		err = usageError{err}
	}
	if err == nil && !json.Valid(out.Bytes()) {
		err = errors.New("no JSON document was printed")
	}
	return out.Bytes(), err
}
