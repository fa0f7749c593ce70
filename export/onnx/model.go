package onnx

// Opset is the version of the operators that are written, IR that of the file.
const (
	Opset = 17
	IR    = 8
)

// Element types of tensors, as the specification numbers them.
const (
	Float32 = 1
	Int64   = 7
	Float64 = 11
)

// Model is a graph of operators: its nodes stand in an order in which each reads what earlier ones, inputs and initializers give.
type Model struct {
	Producer     string
	Doc          string
	Metadata     []Property
	Nodes        []Node
	Initializers []Tensor
	Inputs       []Port
	Outputs      []Port
}

// Property is one entry of the metadata.
type Property struct{ Key, Value string }

// Node is one operator between named values.
type Node struct {
	Op         string
	In, Out    []string
	Attributes []Attribute
}

// Attribute is a number, or a list of them, that an operator depends on.
type Attribute struct {
	Name string
	Int  int64
	Ints []int64 // instead of Int, where not nil
}

// Tensor is a named constant. Its elements are Type; integers are exact in Data up to 2⁵³.
type Tensor struct {
	Name string
	Type int
	Dims []int
	Data []float64
}

// Port is an input or an output.
type Port struct {
	Name string
	Type int
	Dims []int
}

// Rename gives an input another name.
func (m *Model) Rename(input, name string) {
	for i, p := range m.Inputs {
		if p.Name == input {
			m.Inputs[i].Name = name
		}
	}
	for _, n := range m.Nodes {
		for i, in := range n.In {
			if in == input {
				n.In[i] = name
			}
		}
	}
}

// Fix makes an input a constant.
func (m *Model) Fix(input string, data ...float64) {
	for i, p := range m.Inputs {
		if p.Name == input {
			m.Inputs = append(m.Inputs[:i:i], m.Inputs[i+1:]...)
			m.Initializers = append(m.Initializers, Tensor{input, p.Type, p.Dims, data})
			return
		}
	}
}
