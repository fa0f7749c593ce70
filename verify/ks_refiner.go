package verify

import (
	"context"
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/eval"
)

// ksRefiner trains a network on Kuramoto–Sivashinsky as a refiner and by plain regression, and rolls both out.
var ksRefiner = Entry{
	Name: "ks-refiner-small",
	Doc:  "PDE-Refiner beside one-step regression by the same small network: time until the correlation of Kuramoto–Sivashinsky rollouts is 0.8",
	Published: "97.5 against 75.4 units of time, 1.29 times as long, for 55 million parameters and 400 epochs: Lippe et al. 2023 (arXiv 2308.05732), " +
		"figure 3; here 75 thousand parameters and 4000 steps on a shorter domain, where regression is unstable",
	Seeds: 3,
	Run:   runKSRefiner,
}

// ksSteps is how far the rollouts go, and ksSpectrum the step at which spectra are judged.
const ksSteps, ksSpectrum = 120, 20

// ksVariant is one way to train the network.
type ksVariant struct {
	name string
	sets []string
}

// ksDeeper is a network of the same size that reaches farther, whose rollouts are stable without a refiner.
var ksDeeper = []string{"model.width=48", "model.dilations=[1,2,4,1]"}

func runKSRefiner(ctx context.Context, s *Script) (Result, error) {
	if err := s.Generate(ctx, "kuramoto_sivashinsky_small", "test.kmg", "--n", "128", "--seed", "1",
		"--set", "frames.t1=350", "--set", "frames.count=201"); err != nil {
		return Result{}, err
	}
	var plain, refined ksRollouts
	for _, seed := range s.Seeds {
		p, err := s.ksRollout(ctx, ksVariant{"mse", []string{"refiner.kind=direct"}}, seed)
		if err != nil {
			return Result{}, err
		}
		r, err := s.ksRollout(ctx, ksVariant{"refiner", nil}, seed)
		if err != nil {
			return Result{}, err
		}
		plain.runs, refined.runs = append(plain.runs, p), append(refined.runs, r)
	}
	controls := map[string]ksRollout{}
	for _, v := range []ksVariant{
		{"mse_noise", []string{"refiner.kind=direct", "train.objective.kind=input_noise", "train.objective.noise=0.01"}},
		{"deeper_mse", append([]string{"refiner.kind=direct"}, ksDeeper...)},
		{"deeper_refiner", ksDeeper},
	} {
		r, err := s.ksRollout(ctx, v, s.Seeds[0])
		if err != nil {
			return Result{}, err
		}
		controls[v.name] = r
	}
	return ksResult(plain, refined, controls)
}

// ksRollout is what rollout prints of a run.
type ksRollout struct {
	CorrelationTime []struct {
		First struct{ Value, Low, High measured }
		Count struct{ Value measured }
		Each  []measured
	} `json:"correlation_time"`
	Spectra []struct {
		Step     int
		Resolved int `json:"resolved_mode"`
	}
}

// ksRollout trains a variant and rolls it out on trajectories that no training has seen.
func (s *Script) ksRollout(ctx context.Context, v ksVariant, seed int) (r ksRollout, err error) {
	run := fmt.Sprintf("%s%d", v.name, seed)
	if _, err := s.Train(ctx, "ks_refiner_small", run, seed, v.sets...); err != nil {
		return r, err
	}
	err = s.Call(ctx, &r, "rollout", s.Path(run), "--data", s.Path("test.kmg"), "--checkpoint", "last", "--steps", fmt.Sprint(ksSteps),
		"--threshold", "0.8", "--spectra", fmt.Sprint(ksSpectrum))
	if err == nil && (len(r.CorrelationTime) != 1 || len(r.CorrelationTime[0].Each) == 0 || len(r.Spectra) == 0) {
		err = fmt.Errorf("verify: the rollout of %s tells no correlation time or no spectrum", run)
	}
	return r, err
}

func (r ksRollout) time() eval.Interval {
	f := r.CorrelationTime[0].First
	return eval.Interval{Value: float64(f.Value), Low: float64(f.Low), High: float64(f.High)}
}

// ksRollouts are those of all seeds.
type ksRollouts struct{ runs []ksRollout }

// each is the mean over seeds of every trajectory's correlation time.
func (r ksRollouts) each() []float64 {
	mean := make([]float64, len(r.runs[0].CorrelationTime[0].Each))
	for _, run := range r.runs {
		for i, v := range numbers(run.CorrelationTime[0].Each) {
			mean[i] += v / float64(len(r.runs))
		}
	}
	return mean
}

// resolved is the lowest or the highest resolved mode of all seeds.
func (r ksRollouts) resolved(pick func(a, b float64) float64) float64 {
	mode := float64(r.runs[0].Spectra[0].Resolved)
	for _, run := range r.runs[1:] {
		mode = pick(mode, float64(run.Spectra[0].Resolved))
	}
	return mode
}

func ksResult(plain, refined ksRollouts, controls map[string]ksRollout) (Result, error) {
	b := eval.Bootstrap{}
	mse, ours := b.Mean(plain.each()), b.Mean(refined.each())
	ratio, err := b.Ratio(refined.each(), plain.each())
	if err != nil {
		return Result{}, fmt.Errorf("verify: %w", err)
	}
	low, high := plain.resolved(math.Max), refined.resolved(math.Min)
	r := Result{Values: map[string]any{
		"mse": mse.Value, "refiner": ours.Value, "ratio": ratio.Value,
		"mse_interval": ends(mse), "refiner_interval": ends(ours), "ratio_interval": ends(ratio),
		"mse_resolved_mode": low, "refiner_resolved_mode": high,
	}}
	worst := math.Inf(1)
	var ratios []float64
	for i, run := range refined.runs {
		p := plain.runs[i]
		one := run.time().Value / p.time().Value
		ratios, worst = append(ratios, one), math.Min(worst, one)
		r.Rows = append(r.Rows, Row{fmt.Sprintf("seed %d: mse, refiner", i), fmt.Sprintf("%v, %v; counted %.3g, %.3g; resolved to mode %d, %d",
			p.time(), run.time(), p.CorrelationTime[0].Count.Value, run.CorrelationTime[0].Count.Value, p.Spectra[0].Resolved, run.Spectra[0].Resolved)})
	}
	r.Values["ratios"] = ratios
	r.Rows = append(r.Rows, Row{"mse", mse.String()}, Row{"refiner", ours.String()}, Row{"refiner / mse", ratio.String() + ", published 1.29"})
	r.Checks = []Check{
		{Name: "refiner / mse", Value: ratio.Value, Bar: 1.5, More: true},
		{Name: "refiner / mse of the worst seed", Value: worst, Bar: 1.5, More: true},
		{Name: "lower end of the refiner's interval over the upper of mse's", Value: ours.Low / mse.High, Bar: 1, More: true},
		{Name: "refiner", Value: ours.Value, Bar: 38, More: true},
		{Name: "mse, so that it is a fair baseline", Value: mse.Value, Bar: 10, More: true},
		{Name: "mse, so that it is this experiment", Value: mse.Value, Bar: 32},
		{Name: "mode that the refiner resolves", Value: high, Bar: 23, More: true},
		{Name: "modes more than mse", Value: high - low, Bar: 4, More: true},
	}
	against := func(name, doc, above string, a, below ksRollout, bar float64) error {
		i, err := b.Ratio(numbers(a.CorrelationTime[0].Each), numbers(below.CorrelationTime[0].Each))
		if err != nil {
			return fmt.Errorf("verify: %w", err)
		}
		r.Values[name] = i.Value
		r.Values[name+"_interval"] = ends(i)
		r.Rows = append(r.Rows, Row{"control: " + doc, fmt.Sprintf("%v, resolved to mode %d; %s / it %v", below.time(), below.Spectra[0].Resolved, above, i)})
		r.Checks = append(r.Checks, Check{Name: "refiner / " + doc, Value: i.Value, Bar: bar, More: true, Goal: true})
		return nil
	}
	if err := against("noise_ratio", "mse with input noise", "refiner", refined.runs[0], controls["mse_noise"], 1.05); err != nil {
		return Result{}, err
	}
	return r, against("deeper_ratio", "mse of a deeper network", "its refiner", controls["deeper_refiner"], controls["deeper_mse"], 1)
}

// ends are the ends of an interval.
func ends(i eval.Interval) []float64 { return []float64{i.Low, i.High} }
