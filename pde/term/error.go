package term

import (
	"errors"
	"fmt"
	"strings"
)

// Error is what is wrong with an expression, and where.
type Error struct {
	Source string // the expression
	Offset int    // of the first wrong byte
	Msg    string
}

// Error is one line: the message, and the source with an arrow in front of the place.
func (e *Error) Error() string {
	at := min(e.Offset, len(e.Source))
	shown := strings.Join(strings.Fields(e.Source[:at]+"→"+e.Source[at:]), " ")
	return fmt.Sprintf("term: %s, here: %s", e.Msg, shown)
}

// inDefinition returns an error in src as one in "name = src".
func inDefinition(name, src string, err error) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Source == src {
		head := name + " = "
		return &Error{head + src, len(head) + e.Offset, e.Msg}
	}
	return err
}
