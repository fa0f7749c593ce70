package pinn

import (
	"fmt"

	"github.com/kolmogo/kolmogo/pde/term"
)

// Number is a real number, in a file also an expression of numbers: 0.01/pi.
type Number float64

// UnmarshalYAML reads a number or an expression.
func (n *Number) UnmarshalYAML(unmarshal func(any) error) error {
	var text string
	if err := unmarshal(&text); err != nil {
		return err
	}
	e, err := term.Scope{}.Parse(text)
	if err != nil {
		return err
	}
	v, ok := e.(term.Number)
	if !ok {
		return fmt.Errorf("pinn: %q is not a number", text)
	}
	*n = Number(v)
	return nil
}
