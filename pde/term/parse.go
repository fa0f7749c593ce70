package term

// syntax is a parsed expression whose names mean nothing yet: a number, a name, a call of a name, or an operator's operands.
type syntax struct {
	token
	call bool
	args []*syntax
}

// maxDepth bounds the nesting of parentheses and signs, so that no input exhausts the stack.
const maxDepth = 200

type parser struct {
	src    string
	tokens []token
	depth  int
}

// parse reads an equation: an expression, or two with "=" between them, which is their difference.
func parse(src string) (*syntax, error) {
	tokens, err := scan(src)
	if err != nil {
		return nil, err
	}
	p := &parser{src: src, tokens: tokens}
	x, err := p.sum()
	if err == nil && p.peek() == '=' {
		eq := p.next()
		var y *syntax
		if y, err = p.sum(); err == nil {
			eq.kind = '-'
			x = &syntax{token: eq, args: []*syntax{x, y}}
		}
	}
	if err == nil && p.peek() != 0 {
		err = p.unexpected()
	}
	if err != nil {
		return nil, err
	}
	return x, nil
}

func (p *parser) peek() byte { return p.tokens[0].kind }

func (p *parser) next() token {
	t := p.tokens[0]
	if t.kind != 0 {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *parser) unexpected() error {
	t := p.tokens[0]
	if t.kind == 0 {
		return &Error{p.src, t.at, "the expression ends here, an operand is missing"}
	}
	return &Error{p.src, t.at, "unexpected \"" + t.text + "\""}
}

func (p *parser) sum() (*syntax, error) {
	x, err := p.product()
	for err == nil && (p.peek() == '+' || p.peek() == '-') {
		x, err = p.binary(x, p.next(), p.product)
	}
	return x, err
}

func (p *parser) product() (*syntax, error) {
	x, err := p.signed()
	for err == nil {
		switch p.peek() {
		case '*', '/':
			x, err = p.binary(x, p.next(), p.signed)
		case 'a', '(':
			x, err = p.binary(x, token{kind: '*', at: p.tokens[0].at}, p.power)
		default:
			return x, nil
		}
	}
	return x, err
}

func (p *parser) binary(x *syntax, o token, operand func() (*syntax, error)) (*syntax, error) {
	y, err := operand()
	return &syntax{token: o, args: []*syntax{x, y}}, err
}

func (p *parser) signed() (*syntax, error) {
	if p.peek() != '-' && p.peek() != '+' {
		return p.power()
	}
	o := p.next()
	if p.depth++; p.depth > maxDepth {
		return nil, &Error{p.src, o.at, "the expression is nested too deeply"}
	}
	x, err := p.signed()
	p.depth--
	if err != nil || o.kind == '+' {
		return x, err
	}
	return &syntax{token: o, args: []*syntax{x}}, nil
}

func (p *parser) power() (*syntax, error) {
	x, err := p.atom()
	if err != nil || p.peek() != '^' {
		return x, err
	}
	if p.depth++; p.depth > maxDepth {
		return nil, &Error{p.src, p.tokens[0].at, "the expression is nested too deeply"}
	}
	defer func() { p.depth-- }()
	return p.binary(x, p.next(), p.signed)
}

func (p *parser) atom() (*syntax, error) {
	switch t := p.tokens[0]; t.kind {
	case 'n':
		return &syntax{token: p.next()}, nil
	case 'a':
		p.next()
		if p.peek() != '(' {
			return &syntax{token: t}, nil
		}
		args, err := p.list()
		return &syntax{token: t, call: true, args: args}, err
	case '(':
		args, err := p.list()
		if err == nil && len(args) != 1 {
			err = &Error{p.src, args[1].at, "a list belongs to a function only"}
		}
		if err != nil {
			return nil, err
		}
		return args[0], nil
	}
	return nil, p.unexpected()
}

// list reads "(" sum { "," sum } ")".
func (p *parser) list() ([]*syntax, error) {
	open := p.next()
	if p.depth++; p.depth > maxDepth {
		return nil, &Error{p.src, open.at, "the expression is nested too deeply"}
	}
	defer func() { p.depth-- }()
	var args []*syntax
	for {
		x, err := p.sum()
		if err != nil {
			return nil, err
		}
		args = append(args, x)
		switch p.peek() {
		case ',':
			p.next()
		case ')':
			p.next()
			return args, nil
		case 0:
			return nil, &Error{p.src, open.at, "this parenthesis is not closed"}
		default:
			return nil, p.unexpected()
		}
	}
}
