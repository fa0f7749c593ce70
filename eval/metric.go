package eval

import (
	"fmt"
	"slices"
	"strings"
)

// Metric is one way to compare a prediction with a target. Make one with [Lookup].
type Metric struct {
	Name string // as asked for, parameters included: "pdearena.corrtime@0.9"
	Doc  string // one line
	rule rule
}

// rule is how a metric is computed: one number for each element, then three folds. Where the numbers of trajectories cannot be
// joined one by one, such as roots of sums, an element gives parts, each of which is folded over trajectories before join makes
// one number of them.
type rule struct {
	skip       int                                  // leading frames that do not count
	over       func(axes int) extent                // what one element is
	value      func(e element) float64              // its number; nil: it has parts
	parts      func(e element) []float64            // its numbers, as many for each element
	join       fold                                 // over parts, after trajectories
	degenerate func(target []float64) bool          // whether the target gives the number no meaning; nil: never
	check      func(grid []int, channels int) error // whether the shape suits the metric; nil: always
	vacant     func(grid []int) string              // why no field on this grid has a value; "" or nil: they have
	batch      fold                                 // over trajectories
	channel    fold                                 // then over channels
	time       fold                                 // then over frames
}

// numbers are the value of an element, or its parts.
func (r rule) numbers(e element) []float64 {
	if r.parts != nil {
		return r.parts(e)
	}
	return []float64{r.value(e)}
}

// element is the part of the fields that gives one number, with channels before space.
type element struct {
	p, t     []float64 // [time, channel, x..] of a sample, [channel, x..] of a frame, [x..] of a channel or [time, x..] of a series
	channels int       // channels in each frame of the element
	grid     []int
}

// extent is the size of an element.
type extent int

const (
	extentSample  extent = iota // all frames and channels of a trajectory
	extentFrame                 // all channels of one frame
	extentChannel               // one channel of one frame
	extentSeries                // one channel of all frames
)

func perSample(int) extent  { return extentSample }
func perFrame(int) extent   { return extentFrame }
func perChannel(int) extent { return extentChannel }
func perSeries(int) extent  { return extentSeries }

// definition is a row of the table of metrics: a name, its parameters with their defaults, and the rule they give.
type definition struct {
	name   string
	doc    string
	params []param
	rule   func(a *args) rule
}

// definitions is the table, one part per owner.
func definitions() []definition {
	return slices.Concat(plainMetrics(), fnoMetrics(), pdebenchMetrics(), wellMetrics(), pdearenaMetrics(), apeMetrics(),
		deepxdeMetrics(), pinnacleMetrics(), jaxcfdMetrics())
}

// Description is what help prints about a metric.
type Description struct {
	Name  string // without parameters
	Usage string // with every parameter and its default: "fno.lp_rel@p=2,reduce=mean"
	Doc   string // one line
}

// Metrics describes every metric, in the order of the table.
func Metrics() []Description {
	var all []Description
	for _, d := range definitions() {
		usage := d.name
		for i, p := range d.params {
			usage += []string{"@", ","}[min(i, 1)] + p.name + "=" + p.value
		}
		all = append(all, Description{d.name, usage, d.doc})
	}
	return all
}

// Lookup finds a metric by its name with optional parameters, "owner.metric@value,key=value". An unknown name is an error
// that lists the near ones.
func Lookup(name string) (Metric, error) {
	base, given, _ := strings.Cut(name, "@")
	table := definitions()
	for _, d := range table {
		if d.name != base {
			continue
		}
		a, err := parseArgs(d.params, given)
		if err != nil {
			return Metric{}, fmt.Errorf("eval: metric %q: %w", name, err)
		}
		r := d.rule(a)
		if a.err != nil {
			return Metric{}, fmt.Errorf("eval: metric %q: %w", name, a.err)
		}
		return Metric{name, d.doc, r}, nil
	}
	names := make([]string, len(table))
	for i, d := range table {
		names[i] = d.name
	}
	return Metric{}, fmt.Errorf("eval: no metric %q; near: %s", base, strings.Join(near(base, names), ", "))
}

// LookupAll finds several metrics; the first unknown name is the error.
func LookupAll(names ...string) ([]Metric, error) {
	all := make([]Metric, len(names))
	for i, name := range names {
		var err error
		if all[i], err = Lookup(name); err != nil {
			return nil, err
		}
	}
	return all, nil
}
