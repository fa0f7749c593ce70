package pinn

// Problem is a boundary value problem for a network: equations on a domain, conditions on parts of its boundary, and what the form of the
// solution promises already. It is the section problem of a configuration. Equations are written as package term reads them.
type Problem struct {
	Coordinates []string           `yaml:"coordinates,omitempty" help:"names of the axes; the time, t, is the last"`
	Unknowns    []string           `yaml:"unknowns,omitempty" help:"names of the functions sought (default u)"`
	Domain      Geometry           `yaml:"domain,omitempty"`
	Parameters  map[string]Number  `yaml:"parameters,omitempty" help:"numbers with names, such as nu: 0.01/pi"`
	Varied      []string           `yaml:"varied,omitempty" help:"parameters whose value a curriculum changes while training"`
	Trained     map[string]Trained `yaml:"trained,omitempty" help:"parameters that are sought too: {start, positive}"`
	Hidden      map[string]Hidden  `yaml:"hidden,omitempty" help:"terms that nobody knows, networks: {inputs: [u, u_x], width, layers, truth}"`
	Define      map[string]string  `yaml:"define,omitempty" help:"names for expressions, such as v: -psi_x"`
	Equations   []string           `yaml:"equations,omitempty" help:"that hold in the domain: u_t + u*u_x = nu*u_xx"`
	Conditions  []Condition        `yaml:"conditions,omitempty" help:"on the boundary: {on: \"t = 0\", equation: \"u = sin(pi x)\"}, {periodic: x, order: 2}"`
	Data        Data               `yaml:"data,omitempty"`
	Ansatz      Ansatz             `yaml:"ansatz,omitempty"`
	Windows     Windows            `yaml:"windows,omitempty"`
	Subdomains  Subdomains         `yaml:"subdomains,omitempty"`
	Points      int                `yaml:"points,omitempty" help:"of the domain in each step (default 2000)"`
	Sampling    string             `yaml:"sampling,omitempty" help:"uniform, latin_hypercube, sobol or halton (default uniform)"`
	Reference   Reference          `yaml:"reference,omitempty"`
}

// Trained is a parameter of the equations that is trained with the network.
type Trained struct {
	Start    Number `yaml:"start" help:"first value (default 1)"`
	Positive bool   `yaml:"positive" help:"keep it above 0"`
}

// Condition is what holds on a part of the boundary: an equation (of Dirichlet's, Neumann's or Robin's kind, or an initial one), or
// that the unknowns and their derivatives repeat.
type Condition struct {
	On       string   `yaml:"on,omitempty" help:"boundary (of space, the default), outer, hole, initial, final, or a face of a box: t = 0"`
	At       []Number `yaml:"at,omitempty" help:"instead of on: the point of space at which the equation holds"`
	Equation string   `yaml:"equation,omitempty" help:"u = 0, or with the outer normal: u_n + u = 1"`
	Periodic string   `yaml:"periodic,omitempty" help:"instead: the coordinate in which the solution repeats"`
	Order    int      `yaml:"order,omitempty" help:"periodic: derivatives that repeat, the function being the first (default 2)"`
	Weight   Number   `yaml:"weight,omitempty" help:"of the mean square in the loss (default 1)"`
	Points   int      `yaml:"points,omitempty" help:"of the condition in each step (default 200)"`
}

// Data is a set of observations for inverse problems: the reference solution at random points, with noise.
type Data struct {
	Points  int      `yaml:"points,omitempty" help:"observations of the reference solution (default none)"`
	Observe []string `yaml:"observe,omitempty" help:"quantities that are observed (default all of reference.quantities)"`
	Noise   Number   `yaml:"noise,omitempty" help:"standard deviation relative to that of the data"`
	Weight  Number   `yaml:"weight,omitempty" help:"of the mean square in the loss (default 1)"`
}

// Ansatz is the form in which the network N enters: u = lift + factor·N of inputs that are made of the coordinates.
type Ansatz struct {
	Lift     map[string]string `yaml:"lift,omitempty" help:"by unknown: meets the conditions, as in -sin(pi x)"`
	Factor   map[string]string `yaml:"factor,omitempty" help:"by unknown: vanishes where lift is exact, as in t(1 - x^2)"`
	Parity   map[string]string `yaml:"parity,omitempty" help:"by coordinate: odd or even, exactly, about 0"`
	Periodic map[string]int    `yaml:"periodic,omitempty" help:"by coordinate of a box: waves among the inputs, which make N periodic, exactly"`
	Stretch  map[string]Number `yaml:"stretch,omitempty" help:"by coordinate: inputs run from -stretch to stretch (default 1)"`
	Inputs   []string          `yaml:"inputs,omitempty" help:"instead of the scaled coordinates: expressions of them, as in sin(x - 50t)"`
}

// Reference is the exact or a trusted solution, to judge by.
type Reference struct {
	Quantities []string          `yaml:"quantities,omitempty" help:"that the reference has: unknowns, definitions or derivatives (default the unknowns)"`
	Formula    map[string]string `yaml:"formula,omitempty" help:"by quantity: the solution"`
	File       string            `yaml:"file,omitempty" help:"instead: a data file with the solution on a grid"`
	Solver     string            `yaml:"solver,omitempty" help:"instead: cole_hopf with parameters nu, amplitude and wavenumber, and cole_hopf_characteristics with mean, too; allen_cahn (epsilon, growth), fisher (nu, rho), korteweg_de_vries (eta, mu) or kuramoto_sivashinsky (alpha, beta, gamma), periodic, from the formula; gray_scott (epsilon1, epsilon2, b, d) in the plane; cavity (re), where the formula of u is the lid's speed; laplace_discs (outer, hole)"`
	Walls      string            `yaml:"walls,omitempty" help:"of allen_cahn and fisher: periodic (default), fixed at their first values, or no_flux"`
	Parameters map[string]Number `yaml:"parameters,omitempty" help:"that formula and solver read besides those of the problem, such as true values of trained ones"`
	Grid       []int             `yaml:"grid,omitempty" help:"points along each coordinate to judge on (default about 10,000 in all)"`
}
