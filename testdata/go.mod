// This nested module keeps the golden values and sample files out of the module that users download.
module github.com/kolmogo/kolmogo/testdata

go 1.26
