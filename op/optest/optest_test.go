package optest_test

import (
	"testing"

	"github.com/kolmogo/kolmogo/op/optest"
)

func TestTapeMachine(t *testing.T) { optest.Run(t, optest.TapeMachine{}) }
