package main

import (
	"fmt"
	"runtime"
)

// Set by the Makefile with -ldflags "-X main.release=… -X main.revision=…"; a plain go build leaves them as they are.
var (
	release  = "development"
	revision = "unknown"
)

// version is what --version prints.
func version() string {
	return fmt.Sprintf("%s, revision %s, %s %s/%s", release, revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
