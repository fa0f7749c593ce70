// Command kolmogo trains neural surrogates of partial differential equations: it generates or reads data, trains, evaluates,
// rolls out and exports. kolmogo --help lists the commands, docs/guide.md tells the story.
//
// It exits 0 on success, 2 on wrong usage or configuration, 3 on bad or missing data, 4 when training diverged, 5 when a device
// or library is missing, 130 on Ctrl-C and 1 otherwise.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
)

func main() {
	ignoreFileSizeLimit()
	os.Exit(interruptible(func(ctx context.Context) int {
		return run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	}))
}

// interruptible cancels the context at the first SIGINT or SIGTERM; the second one ends the process at once, as it does by default.
func interruptible(f func(context.Context) int) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return f(ctx)
}

// run executes one command line and returns its exit code. An error is one line on stderr; with --json stdout then holds an
// object with the keys error and exit_code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	a := &app{in: stdin, out: stdout, err: stderr}
	defer func() {
		if bug := recover(); bug != nil {
			code = a.fail(fmt.Errorf("this is a bug, please report it with the command line: %v (%s)", bug, panicPlace()))
		}
	}()
	root := newRoot(a)
	root.SetArgs(args)
	if err := root.ExecuteContext(ctx); err != nil {
		if !a.started {
			err = usageError{err}
		}
		return a.fail(err)
	}
	return 0
}

// panicPlace is the file and line, in this module, of the panic that is being recovered.
func panicPlace() string {
	pc := make([]uintptr, 64)
	frames := runtime.CallersFrames(pc[:runtime.Callers(3, pc)])
	for {
		frame, more := frames.Next()
		if strings.Contains(frame.Function, "kolmogo/") && !strings.Contains(frame.Function, ".run.func") {
			return fmt.Sprintf("%s:%d", frame.File[strings.LastIndexByte(frame.File, '/')+1:], frame.Line)
		}
		if !more {
			return "place unknown"
		}
	}
}
