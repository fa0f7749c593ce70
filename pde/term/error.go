package term

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error is what is wrong with an expression, and where.
type Error struct {
	Source string // the expression
	Offset int    // of the first wrong byte
	Msg    string
}

// Error shows the message, the source and a mark under the place.
func (e *Error) Error() string {
	at := min(e.Offset, len(e.Source))
	start := strings.LastIndexByte(e.Source[:at], '\n') + 1
	line, _, _ := strings.Cut(e.Source[start:], "\n")
	return fmt.Sprintf("term: %s\n  %s\n  %s^", e.Msg, line, strings.Repeat(" ", utf8.RuneCountInString(e.Source[start:at])))
}
