//go:build !unix

package main

// ignoreFileSizeLimit does nothing: there is no such signal.
func ignoreFileSizeLimit() {}
