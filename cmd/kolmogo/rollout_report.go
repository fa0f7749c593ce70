package main

import (
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/kolmogo/kolmogo/eval"
)

// rolloutReport is rollout.json and, for one run, what --json prints.
type rolloutReport struct {
	Run         string   `json:"run"`
	Data        string   `json:"data,omitempty"`
	Split       string   `json:"split"`
	N           int      `json:"n"` // trajectories
	Resolution  []int    `json:"resolution"`
	Steps       int      `json:"steps"`
	Compared    int      `json:"compared"`    // steps with stored frames
	Dt          float64  `json:"dt"`          // time of a step; 1 where the data have no times
	RelL2       []number `json:"rel_l2"`      // the mean over trajectories, by step
	Correlation []number `json:"correlation"` // Pearson's, the mean over trajectories, by step
	// CorrelationTime is in units of time: steps times dt.
	CorrelationTime []correlationTime `json:"correlation_time,omitempty"`
	GrowthRate      *interval         `json:"growth_rate,omitempty"` // of ln rel_l2, per unit of time, until it saturates
	Spectra         []spectra         `json:"spectra,omitempty"`
	Drift           []drift           `json:"drift"`
	Residual        []residual        `json:"residual,omitempty"`
	// HistogramW1 is the distance of the values' distributions in the second half of the rollout, in units of the truth's root mean square.
	HistogramW1 *number      `json:"histogram_w1,omitempty"`
	Ensemble    *uncertainty `json:"ensemble,omitempty"` // of its members
	NonFinite   []string     `json:"non_finite,omitempty"`
	Undefined   []string     `json:"undefined,omitempty"`
	Notes       []string     `json:"notes,omitempty"`
	Output      string       `json:"output,omitempty"`
	Report      string       `json:"report,omitempty"`
}

// interval is an estimate with the ends of its 95 % interval.
type interval struct {
	Value number `json:"value"`
	Low   number `json:"low"`
	High  number `json:"high"`
}

func intervalOf(i eval.Interval) interval {
	return interval{number(i.Value), number(i.Low), number(i.High)}
}

// correlationTime is an [eval.CorrelationTime].
type correlationTime struct {
	Threshold float64  `json:"threshold"`
	Count     interval `json:"count"`
	First     interval `json:"first"`
	Each      []number `json:"each"`
	Censored  int      `json:"censored"`
	Undefined int      `json:"undefined"`
}

// spectra are energies by shell of wavenumbers, and the errors of three bands of them.
type spectra struct {
	Step     int               `json:"step"`
	Pred     []number          `json:"pred"`
	Target   []number          `json:"target,omitempty"`
	Error    []number          `json:"error,omitempty"`
	Resolved int               `json:"resolved_mode,omitempty"` // up to which every amplitude is within a factor 1.5 of the truth's
	Bands    map[string]number `json:"bands,omitempty"`
}

// drift is the largest over trajectories, at the last step, of what an equation may conserve, beside the truth's.
type drift struct {
	Channel     string  `json:"channel"`
	Mean        number  `json:"mean"`
	Square      number  `json:"square"`
	TruthMean   *number `json:"truth_mean,omitempty"`
	TruthSquare *number `json:"truth_square,omitempty"`
}

// residual is the mean over trajectories of the equation's residual at a step, beside the truth's.
type residual struct {
	Step  int     `json:"step"`
	Value number  `json:"value"`
	Truth *number `json:"truth,omitempty"`
}

// resolvedFactor is how far an amplitude may be from the truth's to count as resolved.
const resolvedFactor = 1.5

// saturation is the relative error up to which errors grow freely.
const saturation = 0.3

func (r *rolled) report(thresholds []float64) rolloutReport {
	g := &r.growth
	out := rolloutReport{
		Run: r.folder, N: r.initial.Trajectories(), Resolution: r.initial.Grid(), Steps: r.steps, Compared: g.RelL2.Steps(), Dt: r.dt(),
		RelL2: numbers(g.RelL2.Mean()), Correlation: numbers(g.Correlation.Mean()), Notes: r.notes,
	}
	for _, b := range g.NonFinite {
		out.NonFinite = append(out.NonFinite, b.String())
	}
	for _, u := range g.Undefined {
		out.Undefined = append(out.Undefined, fmt.Sprintf("step %d: %s", u.Time, eval.Undefined{Trajectory: u.Trajectory, Time: -1, Channel: u.Channel, Reason: u.Reason}))
	}
	if out.Compared > 0 {
		for _, threshold := range thresholds {
			c := g.Correlation.CorrelationTime(threshold, eval.Bootstrap{})
			t := correlationTime{Threshold: threshold, Count: intervalOf(c.Count.Times(out.Dt)), First: intervalOf(c.First.Times(out.Dt)), Censored: c.Censored, Undefined: c.Undefined}
			for _, v := range c.Each {
				t.Each = append(t.Each, number(v*out.Dt))
			}
			out.CorrelationTime = append(out.CorrelationTime, t)
		}
		if rate, steps := g.RelL2.GrowthRate(saturation, eval.Bootstrap{}); steps >= 3 {
			i := intervalOf(rate.Times(1 / out.Dt))
			out.GrowthRate = &i
		}
	}
	for _, s := range r.spectra.At {
		e := spectra{Step: s.Step, Pred: numbers(s.Pred), Target: numbers(s.Target), Error: numbers(s.Error)}
		if s.Target != nil {
			e.Resolved = eval.ResolvedMode(s.Pred, s.Target, resolvedFactor)
			e.Bands = map[string]number{}
			for i, band := range eval.Thirds(len(s.Pred) - 1) {
				e.Bands[bandNames[i]] = number(s.BandError(band))
			}
		}
		out.Spectra = append(out.Spectra, e)
	}
	for c, name := range r.set.Meta.Channels {
		d := drift{Channel: name, Mean: lastWorst(r.predicted.invariants.MeanDrift(c)), Square: lastWorst(r.predicted.invariants.SquareDrift(c))}
		if out.Compared > 0 {
			mean, square := lastWorst(r.stored.invariants.MeanDrift(c)), lastWorst(r.stored.invariants.SquareDrift(c))
			d.TruthMean, d.TruthSquare = &mean, &square
		}
		out.Drift = append(out.Drift, d)
	}
	if p := r.predicted.residuals; p != nil {
		truth := map[int]number{}
		for i, step := range r.stored.residuals.At {
			truth[step] = number(r.stored.residuals.Curves.Mean()[i])
		}
		for i, v := range p.Curves.Mean() {
			e := residual{Step: p.At[i], Value: number(v)}
			if t, ok := truth[e.Step]; ok {
				e.Truth = &t
			}
			out.Residual = append(out.Residual, e)
		}
	}
	if out.Compared > 1 {
		if w, err := r.predicted.histogram.Distance(r.stored.histogram); err == nil {
			scaled := number(w / r.stored.rms(r.spectra.Channel))
			out.HistogramW1 = &scaled
		}
	}
	return out
}

var bandNames = [...]string{"low", "mid", "high"}

// rms is the root mean square of a channel over the steps whose values are counted.
func (l *long) rms(channel int) float64 {
	sum, n := 0.0, 0
	for _, row := range l.invariants.Square[channel][max(l.last, 1):] {
		for _, v := range row {
			sum, n = sum+v, n+1
		}
	}
	return math.Sqrt(sum / float64(n))
}

// lastWorst is the largest over trajectories at the last step; NaN if there is one.
func lastWorst(c eval.Curves) number {
	worst := c.Quantile(1, math.Inf(1))
	return number(worst[len(worst)-1])
}

// text is the report as a table of a few steps.
func (r rolloutReport) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d steps of %d trajectories on %s points\n\n", r.Run, r.Steps, r.N, gridName(r.Resolution))
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "step\trelative L2 error\tcorrelation\t\n")
	for _, step := range milestones(r.Compared) {
		fmt.Fprintf(w, "%d\t%.4g\t%.4f\t\n", step, r.RelL2[step-1], r.Correlation[step-1])
	}
	w.Flush() // into memory
	if len(r.CorrelationTime) > 0 {
		fmt.Fprintln(&b)
	}
	for _, c := range r.CorrelationTime {
		fmt.Fprintf(&b, "correlation above %g for %.4g [%.4g, %.4g] (first crossing), %.4g (count)", c.Threshold, c.First.Value, c.First.Low, c.First.High, c.Count.Value)
		if c.Censored > 0 {
			fmt.Fprintf(&b, "; %d of %d trajectories to the end", c.Censored, r.N)
		}
		fmt.Fprintln(&b)
	}
	for _, line := range r.remarks() {
		fmt.Fprintf(&b, "note: %s\n", line)
	}
	for _, file := range []string{r.Output, r.Report} {
		if file != "" {
			fmt.Fprintf(&b, "wrote %s\n", file)
		}
	}
	return b.String()
}

// remarks are the first few of each kind of what has no value or is missing.
func (r rolloutReport) remarks() []string {
	var all []string
	for _, list := range [][]string{r.NonFinite, r.Undefined, r.Notes} {
		for i, line := range list {
			if i == 3 && len(list) > 4 {
				all = append(all, fmt.Sprintf("and %d more", len(list)-i))
				break
			}
			all = append(all, line)
		}
	}
	return all
}

// milestones are 1, 2, 5, 10, 20, .. and n.
func milestones(n int) []int {
	var list []int
	for _, lead := range []int{1, 10, 100, 1000, 10000, 100000} {
		for _, k := range []int{1, 2, 5} {
			if k*lead < n {
				list = append(list, k*lead)
			}
		}
	}
	if n > 0 {
		list = append(list, n)
	}
	return list
}
