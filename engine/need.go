package engine

import "github.com/kolmogo/kolmogo/op"

// need is the memory in bytes that a program takes beside what the store holds already: arena, constants and new variables.
func need(g *op.Graph, outputs []op.Value, updates []Update, store *Store) (int64, error) {
	l := &ledger{}
	trial := NewStore(l)
	for _, name := range store.order {
		trial.vars[name] = store.vars[name]
	}
	_, err := compile(g, outputs, updates, trial)
	return l.bytes, err
}

// ledger is a backend that has no memory and only counts what is asked for.
type ledger struct{ bytes int64 }

func (*ledger) Name() string { return "ledger" }

func (l *ledger) Alloc(bytes int) (Memory, error) {
	l.bytes += int64(align(bytes))
	return nowhere{}, nil
}

func (*ledger) Build([]Step) (Runner, error) { return RunFunc(func() error { return nil }), nil }

// nowhere is the memory of a ledger.
type nowhere struct{}

func (nowhere) Write(int, []byte) error { return nil }
func (nowhere) Read(int, []byte) error  { return nil }
