package term

import (
	"strconv"
	"unicode"
	"unicode/utf8"
)

// token is a number, a name, or one operator; kind is 0 at the end of the source, 'n' and 'a' for numbers and names.
type token struct {
	kind   byte
	text   string
	number float64
	at     int
}

// scan cuts a source into tokens; "**" is '^'.
func scan(src string) ([]token, error) {
	var list []token
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRuneInString(src[i:])
		start := i
		switch {
		case unicode.IsSpace(r):
			i += size
		case isDigit(r) || r == '.':
			i = numberEnd(src, i)
			x, err := strconv.ParseFloat(src[start:i], 64)
			if err != nil {
				return nil, &Error{src, start, "this is not a number"}
			}
			list = append(list, token{'n', src[start:i], x, start})
		case isLetter(r):
			for i < len(src) && (isLetter(r) || isDigit(r)) {
				i += size
				r, size = utf8.DecodeRuneInString(src[i:])
			}
			list = append(list, token{kind: 'a', text: src[start:i], at: start})
		case r == '*' && i+1 < len(src) && src[i+1] == '*':
			i += 2
			list = append(list, token{kind: '^', text: "**", at: start})
		case r < utf8.RuneSelf && isOperator(byte(r)):
			i++
			list = append(list, token{kind: byte(r), text: src[start:i], at: start})
		default:
			return nil, &Error{src, start, "unexpected " + strconv.QuoteRune(r)}
		}
	}
	return append(list, token{at: len(src)}), nil
}

func isDigit(r rune) bool  { return r >= '0' && r <= '9' }
func isLetter(r rune) bool { return r == '_' || unicode.IsLetter(r) && r != utf8.RuneError }

func isOperator(b byte) bool {
	switch b {
	case '+', '-', '*', '/', '^', '(', ')', ',', '=':
		return true
	}
	return false
}

// numberEnd is the end of the digits, point and exponent that start at i; an exponent without digits is not one.
func numberEnd(src string, i int) int {
	digits := func() {
		for i < len(src) && isDigit(rune(src[i])) {
			i++
		}
	}
	digits()
	if i < len(src) && src[i] == '.' {
		i++
		digits()
	}
	if i < len(src) && (src[i] == 'e' || src[i] == 'E') {
		mantissa := i
		i++
		if i < len(src) && (src[i] == '+' || src[i] == '-') {
			i++
		}
		if i == len(src) || !isDigit(rune(src[i])) {
			return mantissa
		}
		digits()
	}
	return i
}
