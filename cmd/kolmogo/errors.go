package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/train"
)

// The errors that decide the exit code. Everything else is 1, or what exitCode knows from the packages' own sentinels.
type (
	usageError  struct{ error } // wrong usage or configuration
	dataError   struct{ error } // bad or missing data
	deviceError struct{ error } // a requested device or library is missing
)

func (e usageError) Unwrap() error  { return e.error }
func (e dataError) Unwrap() error   { return e.error }
func (e deviceError) Unwrap() error { return e.error }

// usagef is a usageError with a message.
func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// inData marks an error as one of the data; nil stays nil.
func inData(err error) error {
	if err == nil {
		return nil
	}
	return dataError{err}
}

// inUsage marks an error as one of usage or configuration; nil stays nil.
func inUsage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}

// exitCode is the one place where errors become exit codes.
func exitCode(err error) int {
	var (
		usage     usageError
		data      dataError
		device    deviceError
		nonfinite *datasets.NonfiniteError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return 130
	case errors.As(err, &device), deviceFailed(err):
		return 5
	case errors.Is(err, train.ErrDiverged):
		return 4
	case errors.As(err, &usage), errors.Is(err, train.ErrConfig), errors.Is(err, datasets.ErrUnstable), errors.Is(err, fs.ErrExist):
		return 2
	case errors.As(err, &data), errors.As(err, &nonfinite), errors.Is(err, datasets.ErrFormat), errors.Is(err, train.ErrDamaged), errors.Is(err, train.ErrData):
		return 3
	}
	return 1
}

// fail reports an error and returns its exit code.
func (a *app) fail(err error) int {
	code := exitCode(err)
	text := oneLine(err)
	fmt.Fprintf(a.err, "kolmogo: %s\n", text)
	if a.json && !errors.As(err, new(missedError)) { // whose document has been printed
		json.NewEncoder(a.out).Encode(map[string]any{"error": text, "exit_code": code}) // nothing is left to do if stdout is closed
	}
	return code
}

// oneLine is the text of an error in one line.
func oneLine(err error) string {
	return strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}
