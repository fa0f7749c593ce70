package datasets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
)

// npyHeader is what stands before the elements.
type npyHeader struct {
	info      Info
	bigEndian bool
	fortran   bool
	size      int64 // bytes of the elements
}

// plain reports that the elements lie as Array.Raw holds them.
func (h npyHeader) plain() bool {
	return !h.bigEndian && (!h.fortran || len(h.info.Shape) < 2)
}

// readNPYHeader reads up to the first element.
func readNPYHeader(r io.Reader) (npyHeader, error) {
	cut := func(err error) error {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return formatError("npy", "the header was cut")
		}
		return err
	}
	var start [8]byte
	if _, err := io.ReadFull(r, start[:]); err != nil {
		return npyHeader{}, cut(err)
	}
	if string(start[:6]) != npyMagic {
		return npyHeader{}, formatError("npy", "it does not begin with %q", npyMagic)
	}
	length := make([]byte, 4)
	switch start[6] {
	case 1:
		length = length[:2]
	case 2, 3:
	default:
		return npyHeader{}, formatError("npy", "version %d is unknown", start[6])
	}
	if _, err := io.ReadFull(r, length); err != nil {
		return npyHeader{}, cut(err)
	}
	n := binary.LittleEndian.Uint32(append(length, 0, 0)[:4])
	if n > npyMaxHeader {
		return npyHeader{}, formatError("npy", "header of %d bytes", n)
	}
	var text bytes.Buffer // grows with what is there
	if _, err := io.CopyN(&text, r, int64(n)); err != nil {
		return npyHeader{}, cut(err)
	}
	return parseNPYHeader(text.String())
}

func parseNPYHeader(text string) (npyHeader, error) {
	var h npyHeader
	fields, err := parsePythonDict(text)
	if err != nil {
		return h, formatError("npy", "header %.80q: %v", text, err)
	}
	descr, ok1 := fields["descr"].(string)
	fortran, ok2 := fields["fortran_order"].(bool)
	shape, ok3 := fields["shape"].([]int)
	if !ok1 || !ok2 || !ok3 {
		return h, formatError("npy", "header %.80q must hold descr, fortran_order and shape of a plain dtype; structured and object arrays cannot be read", text)
	}
	order, code := "", descr
	if descr != "" && strings.Contains("<>=|", descr[:1]) {
		order, code = descr[:1], descr[1:]
	}
	dtype, ok := npyDtypes[code]
	if !ok {
		return h, formatError("npy", "dtype %q cannot be read; save numbers or booleans", descr)
	}
	h = npyHeader{info: Info{dtype, shape}, bigEndian: order == ">", fortran: fortran}
	if h.size, err = byteSize(dtype, shape); err != nil {
		return h, formatError("npy", "%v", err)
	}
	return h, nil
}

// decodeNPY turns the stored elements into an Array; it takes ownership of raw.
func (h npyHeader) decode(raw []byte) Array {
	if h.bigEndian {
		swapBytes(raw, h.info.Dtype)
	}
	if !h.fortran {
		return Array{h.info.Dtype, slices.Clone(h.info.Shape), raw}
	}
	// Column-major is row-major with the axes reversed.
	a := Array{h.info.Dtype, slices.Clone(h.info.Shape), raw}
	slices.Reverse(a.Shape)
	order := make([]int, len(a.Shape))
	for i := range order {
		order[i] = len(order) - 1 - i
	}
	return a.transpose(order)
}

// parsePythonDict reads a dict literal whose keys are strings and whose values are strings, booleans or tuples of
// integers: all that an npy header of a plain array holds. Other values are an error.
func parsePythonDict(text string) (map[string]any, error) {
	p := pythonLiteral{rest: text}
	fields := map[string]any{}
	p.expect("{")
	for p.err == nil && !p.take("}") {
		key := p.quoted()
		p.expect(":")
		value := p.value()
		if _, twice := fields[key]; twice && p.err == nil {
			return nil, errors.New("key " + strconv.Quote(key) + " occurs twice")
		}
		fields[key] = value
		if !p.take(",") {
			p.expect("}")
			break
		}
	}
	if p.err == nil && strings.TrimSpace(p.rest) != "" {
		return nil, errors.New("something follows the dict")
	}
	return fields, p.err
}

// pythonLiteral consumes a text; after the first error every method does nothing.
type pythonLiteral struct {
	rest string
	err  error
}

func (p *pythonLiteral) take(token string) bool {
	p.rest = strings.TrimLeft(p.rest, " \t\n")
	rest, ok := strings.CutPrefix(p.rest, token)
	if ok {
		p.rest = rest
	}
	return ok
}

func (p *pythonLiteral) expect(token string) {
	if p.err == nil && !p.take(token) {
		p.err = errors.New("expected " + token)
	}
}

func (p *pythonLiteral) quoted() string {
	for _, quote := range []string{"'", `"`} {
		if p.err == nil && p.take(quote) {
			text, rest, ok := strings.Cut(p.rest, quote)
			if !ok || strings.Contains(text, `\`) {
				break
			}
			p.rest = rest
			return text
		}
	}
	if p.err == nil {
		p.err = errors.New("expected a string")
	}
	return ""
}

func (p *pythonLiteral) value() any {
	switch {
	case p.err != nil:
		return nil
	case p.take("True"):
		return true
	case p.take("False"):
		return false
	case p.take("("):
		shape := []int{}
		for p.err == nil && !p.take(")") {
			shape = append(shape, p.integer())
			if !p.take(",") {
				p.expect(")")
				break
			}
		}
		return shape
	}
	return p.quoted()
}

func (p *pythonLiteral) integer() int {
	p.rest = strings.TrimLeft(p.rest, " \t\n")
	n := 0
	for n < len(p.rest) && p.rest[n] >= '0' && p.rest[n] <= '9' {
		n++
	}
	v, err := strconv.Atoi(p.rest[:n])
	if err != nil && p.err == nil {
		p.err = errors.New("expected a size")
	}
	p.rest = strings.TrimPrefix(p.rest[n:], "L") // Python 2 wrote long integers so
	return v
}
