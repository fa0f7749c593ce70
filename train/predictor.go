package train

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// Predictor applies a surrogate to batches of any shape. It is used by one goroutine.
type Predictor struct {
	Description models.Description
	Precision   op.Dtype
	Step, Epoch int    // of the checkpoint it came from
	Seed        uint64 // of the noise that a refiner draws; set it before the first prediction
	Solves      Solves // of all predictions of one step so far, of a surrogate with an equation
	surrogate   *models.Surrogate
	store       *engine.Store
	programs    map[op.Dims]*prediction
	moments     map[op.Dims]*engine.Program
	rollouts    map[string]*engine.Program
}

// NewPredictor returns a predictor with zero weights.
func NewPredictor(d models.Description, t op.Dtype, b engine.Backend) (*Predictor, error) {
	s, err := d.Build(rand.New(rand.NewPCG(0, 0)))
	if err != nil {
		return nil, err
	}
	p := &Predictor{Description: d, Precision: t, surrogate: s, store: engine.NewStore(b)}
	p.forget()
	return p, nil
}

// forget drops the programs, which are compiled again where they are needed.
func (p *Predictor) forget() {
	p.programs, p.moments, p.rollouts = map[op.Dims]*prediction{}, map[op.Dims]*engine.Program{}, map[string]*engine.Program{}
}

// OpenPredictor returns the surrogate of a checkpoint file, with the averaged weights if the run kept them.
func OpenPredictor(path string, b engine.Backend) (*Predictor, error) {
	c, err := readCheckpoint(path)
	if err != nil {
		return nil, err
	}
	p, err := NewPredictor(c.model, c.state.Precision, b)
	if err != nil {
		return nil, fmt.Errorf("%w %s: %w", ErrDamaged, path, err)
	}
	p.Step, p.Epoch = c.state.Step, c.state.Epoch
	if err := p.declare(); err != nil {
		return nil, err
	}
	for name := range p.surrogate.Params() {
		data, ok := c.vars["ema."+name]
		if !ok {
			data, ok = c.vars["param."+name]
		}
		if !ok {
			return nil, fmt.Errorf("%w %s: it lacks the weights %q", ErrDamaged, path, name)
		}
		if err := p.store.WriteBytes("param."+name, data); err != nil {
			return nil, fmt.Errorf("%w %s: %w", ErrDamaged, path, err)
		}
	}
	return p, nil
}

// declare creates the weights in the store without running anything.
func (p *Predictor) declare() error { return declareWeights(p.surrogate, p.Precision, p.store) }

// declareWeights creates the variables of all parameters, also of those that no program reads.
func declareWeights(s *models.Surrogate, t op.Dtype, store *engine.Store) error {
	g := op.NewGraph()
	var all []op.Value
	for _, q := range s.Params() {
		all = append(all, q.In(g, t))
	}
	_, err := engine.Compile(g, all, nil, store)
	return err
}

// copyFrom takes the weights of a training run's store.
func (p *Predictor) copyFrom(s *engine.Store) error {
	for name := range p.surrogate.Params() {
		from := "ema." + name
		if _, averaged := s.Var(from); !averaged {
			from = "param." + name
		}
		data, err := s.ReadBytes(from)
		if err != nil {
			return err
		}
		if err := p.store.WriteBytes("param."+name, data); err != nil {
			return err
		}
	}
	return nil
}

// Weights returns the exact bytes of each parameter, in the predictor's precision.
func (p *Predictor) Weights() (names []string, data map[string][]byte, err error) {
	data = map[string][]byte{}
	for name := range p.surrogate.Params() {
		b, err := p.store.ReadBytes("param." + name)
		if err != nil {
			return nil, nil, err
		}
		names, data[name] = append(names, name), b
	}
	return names, data, nil
}

// SetWeights sets the exact bytes of each parameter.
func (p *Predictor) SetWeights(data map[string][]byte) error {
	if err := p.declare(); err != nil {
		return err
	}
	for name := range p.surrogate.Params() {
		b, ok := data[name]
		if !ok {
			return fmt.Errorf("train: the weights lack %q", name)
		}
		if err := p.store.WriteBytes("param."+name, b); err != nil {
			return err
		}
	}
	return nil
}

// Params yields the surrogate's parameters, for their names and shapes.
func (p *Predictor) Params() []*models.Param {
	var list []*models.Param
	for _, q := range p.surrogate.Params() {
		list = append(list, q)
	}
	return list
}

// checkpoint is the content of a checkpoint file.
type checkpoint struct {
	state  state
	model  models.Description
	config map[string]any
	vars   map[string][]byte
}

func readCheckpoint(path string) (c checkpoint, err error) {
	parts, err := readParts(path)
	if err != nil {
		return c, err
	}
	for name, to := range map[string]any{"state": &c.state, "model": &c.model, "config": &c.config} {
		if err := json.Unmarshal(parts[name], to); err != nil {
			return c, fmt.Errorf("%w %s: part %q: %w", ErrDamaged, path, name, err)
		}
	}
	c.vars = map[string][]byte{}
	for name, data := range parts {
		if len(name) > 4 && name[:4] == "var/" {
			c.vars[name[4:]] = data
		}
	}
	return c, nil
}
