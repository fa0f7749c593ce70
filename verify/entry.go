package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// Entry is one published result.
type Entry struct {
	Name      string
	Doc       string // what is trained and judged, in one line
	Published string // the numbers to compare with, and where they stand
	Seeds     int    // training seeds 0, 1, .. that count
	Run       func(ctx context.Context, s *Script) (Result, error)
}

// Entries lists what can be verified.
func Entries() []Entry {
	return []Entry{
		fnoBurgers, ksRefiner, diffusionSorptionMoE, moeMap, probConserv,
		pinnAllenCahn, pinnBurgers, pinnBurgersInverse, pinnBurgersPlain, pinnCavity, pinnConvection, pinnHelmholtz, pinnHiddenTerm, pinnKdV, pinnKleinGordon, pinnKS, pinnLagrangian, pinnMetalic, pinnNLS, pinnPeak, pinnPoisson, pinnWave,
		pinnacle,
	}
}

// Result is what a script found.
type Result struct {
	Values map[string]any // by the names that programs rely on, such as rel_l2 and seconds
	Rows   []Row          // the same for the reader, more if useful
	Checks []Check
}

// Row is a line of the table that a reader sees.
type Row struct {
	Label string
	Text  string
}

// Check compares a value with a bar: value ≤ bar, or value ≥ bar where More is set. NaN fails.
type Check struct {
	Name  string
	Value float64
	Bar   float64
	More  bool // the value has to be at least the bar
	Goal  bool // reported, but not counted
}

// Met reports whether the bar is met.
func (c Check) Met() bool {
	if c.More {
		return c.Value >= c.Bar
	}
	return c.Value <= c.Bar
}

// String is the check as a sentence.
func (c Check) String() string {
	relation, verdict := "≤", "met"
	if c.More {
		relation = "≥"
	}
	if !c.Met() {
		verdict = "NOT met"
	}
	if c.Goal {
		verdict += " (a goal)"
	}
	return fmt.Sprintf("%s %.4g %s %.4g: %s", c.Name, c.Value, relation, c.Bar, verdict)
}

// Outcome is a result with what it belongs to.
type Outcome struct {
	Entry    Entry
	Seeds    []int
	Result   Result
	Commands []string // in the order in which they ran
}

// Missed lists the checks that count and are not met.
func (o Outcome) Missed() []Check {
	var missed []Check
	for _, c := range o.Result.Checks {
		if !c.Goal && !c.Met() {
			missed = append(missed, c)
		}
	}
	return missed
}

// MarshalJSON puts the result's values beside name, published, seeds, passed, checks and commands.
func (o Outcome) MarshalJSON() ([]byte, error) {
	checks := make([]map[string]any, len(o.Result.Checks))
	for i, c := range o.Result.Checks {
		checks[i] = map[string]any{"name": c.Name, "value": finite(c.Value), "bar": c.Bar, "at_least": c.More, "goal": c.Goal, "met": c.Met()}
	}
	m := map[string]any{
		"name": o.Entry.Name, "published": o.Entry.Published, "seeds": o.Seeds,
		"passed": len(o.Missed()) == 0, "checks": checks, "commands": o.Commands,
	}
	for key, v := range maps.All(o.Result.Values) {
		if _, taken := m[key]; taken {
			return nil, fmt.Errorf("verify: %s: the value %q has a name of the frame", o.Entry.Name, key)
		}
		m[key] = carried(v)
	}
	return json.Marshal(m)
}

// carried is a value in which every number is finite or a string, in lists and maps too.
func carried(v any) any {
	switch v := v.(type) {
	case float64:
		return finite(v)
	case []float64:
		list := make([]any, len(v))
		for i, x := range v {
			list[i] = finite(x)
		}
		return list
	case map[string]float64:
		m := map[string]any{}
		for key, x := range v {
			m[key] = finite(x)
		}
		return m
	case map[string][]float64:
		m := map[string]any{}
		for key, list := range v {
			m[key] = carried(list)
		}
		return m
	}
	return v
}

// finite is x, or its name as a string, which JSON can carry.
func finite(x float64) any {
	if x-x == 0 {
		return x
	}
	return fmt.Sprint(x)
}

// Text is the outcome for the reader.
func (o Outcome) Text() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s: %s\n  published: %s\n", o.Entry.Name, o.Entry.Doc, o.Entry.Published)
	for _, r := range o.Result.Rows {
		fmt.Fprintf(&s, "  %-28s %s\n", r.Label, r.Text)
	}
	for _, c := range o.Result.Checks {
		fmt.Fprintf(&s, "  %v\n", c)
	}
	return s.String()
}
