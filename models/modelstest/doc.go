// Package modelstest gives the tests of networks the device that they run on.
package modelstest
