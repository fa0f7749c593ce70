package eval_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/eval"
	"github.com/kolmogo/kolmogo/internal/reference"
)

// goldenTolerance is relative, ten times what formulas.json states for double precision to leave room for another order of
// summation where the fields have a large mean.
const goldenTolerance = 1e-9

// singleTolerance is that of what its owner computed in float32.
const singleTolerance = 1e-5

// tolerance is relative to a key's value.
func tolerance(key string) float64 {
	single := strings.HasPrefix(key, "pdebench/") && (strings.HasSuffix(key, "/fRMSE") || strings.HasSuffix(key, "/fRMSE_full")) ||
		strings.HasPrefix(key, "the_well/binned_spectral_mse/") || key == "the_well/binned_spectral_edges_float32"
	if single {
		return singleTolerance
	}
	return goldenTolerance
}

func TestGoldenMetrics(t *testing.T) {
	reference.Each(t, 1, "metrics", "metrics.json", func(t *testing.T, file string) {
		pred, target := goldenFields(t, filepath.Join(filepath.Dir(file), "fields.safetensors"))
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var golden struct {
			Values map[string]any `json:"values"`
		}
		if err := json.Unmarshal(text, &golden); err != nil {
			t.Fatal(err)
		}
		computed := 0
		leaves(golden.Values, "", func(key string, value any) {
			got, known := compute(t, key, pred, target)
			if !known {
				t.Errorf("%s: no metric computes it", key)
				return
			}
			computed++
			want := flatten(t, value)
			if len(got) != len(want) {
				t.Errorf("%s: %d values, want %d", key, len(got), len(want))
				return
			}
			for i := range want {
				if !close(got[i], want[i], tolerance(key)) {
					t.Errorf("%s[%d] = %.17g, want %.17g", key, i, got[i], want[i])
					return
				}
			}
		})
		if computed == 0 {
			t.Error("no key was computed")
		}
	})
}

func close(got, want, tolerance float64) bool {
	if math.IsNaN(want) || math.IsInf(want, 0) {
		return math.IsNaN(got) == math.IsNaN(want) && (math.IsNaN(want) || got == want)
	}
	return math.Abs(got-want) <= tolerance*math.Abs(want)+1e-14
}

// view picks from a result the array that a key holds.
type view func(r eval.Result) []float64

func value(r eval.Result) []float64 { return []float64{r.Value} }
func each(r eval.Result) []float64  { return r.Each.Data }
func curve(r eval.Result) []float64 { return r.Curve }

// channelTime is [channel, time].
func channelTime(r eval.Result) []float64 {
	var out []float64
	frames, channels := r.Steps.Shape[0], r.Steps.Shape[1]
	for c := range channels {
		for f := range frames {
			out = append(out, r.Steps.Data[f*channels+c])
		}
	}
	return out
}

// compute gives the values of a key; known is false where no metric stands for it.
func compute(t *testing.T, key string, pred, target eval.Field[float64]) (values []float64, known bool) {
	t.Helper()
	switch key {
	case "the_well/binned_spectral_edges_float32":
		return eval.WellBandEdges(target.Grid()), true
	case "the_well/binned_spectral_counts":
		return eval.WellBandCounts(target.Grid()), true
	}
	if m := frmseKey.FindStringSubmatch(key); m != nil {
		return frmse(t, m[1], m[2] == "_full", pred, target), true
	}
	name, look, alone := metricFor(key, len(target.Grid()))
	if name == "" {
		return nil, false
	}
	metric, err := eval.Lookup(name)
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	if !alone {
		return look(evaluate(t, metric, pred, target)), true
	}
	for b := range target.Trajectories() {
		values = append(values, look(evaluate(t, metric, trajectory(pred, b), trajectory(target, b)))...)
	}
	return values, true
}

// frmse is PDEBench's error in its three bands: their values, or [channel, band, time].
func frmse(t *testing.T, variant string, full bool, pred, target eval.Field[float64]) []float64 {
	t.Helper()
	options := "initial_step=1"
	var low, high, lx, ly, lz int
	if n, _ := fmt.Sscanf(variant, "initial_step_%d", &low); n == 1 {
		options = fmt.Sprintf("initial_step=%d", low)
	} else if n, _ := fmt.Sscanf(variant, "low%d_high%d", &low, &high); n == 2 {
		options += fmt.Sprintf(",low=%d,high=%d", low, high)
	} else if n, _ := fmt.Sscanf(variant, "lengths_%d_%d_%d", &lx, &ly, &lz); n == 3 {
		volume := 1
		for _, l := range []int{lx, ly, lz}[:len(target.Grid())] {
			volume *= l
		}
		options += fmt.Sprintf(",volume=%d", volume)
	} else if variant != "default" {
		t.Fatalf("variant %q of fRMSE", variant)
	}
	var values []float64
	channels, bands := make([][]float64, target.Channels()), []string{"low", "mid", "high"}
	for _, band := range bands {
		m, err := eval.Lookup("pdebench.frmse@" + options + ",band=" + band)
		if err != nil {
			t.Fatal(err)
		}
		r := evaluate(t, m, pred, target)
		values = append(values, r.Value)
		steps := channelTime(r)
		for c := range channels {
			n := len(steps) / len(channels)
			channels[c] = append(channels[c], steps[c*n:(c+1)*n]...)
		}
	}
	if full {
		return slices.Concat(channels...)
	}
	return values
}

func evaluate(t *testing.T, m eval.Metric, pred, target eval.Field[float64]) eval.Result {
	t.Helper()
	r, err := eval.Evaluate([]eval.Metric{m}, pred, target)
	if err != nil {
		t.Fatal(err)
	}
	return r[0]
}

func trajectory(f eval.Field[float64], b int) eval.Field[float64] {
	n := len(f.Data) / f.Trajectories()
	return eval.Field[float64]{Data: f.Data[b*n : (b+1)*n], Shape: append([]int{1}, f.Shape[1:]...)}
}

var (
	lpKey      = regexp.MustCompile(`^Lp_(rel|abs)_p(\d+)(?:_measure(\d+))?_(sum|mean)$`)
	h1Key      = regexp.MustCompile(`^H1_(rel|abs)_(periodic|nonperiodic)_measure(\d+)_(sum|mean)$`)
	frmseKey   = regexp.MustCompile(`^pdebench/(\w+)/fRMSE(_full|_float64_accumulators)?$`)
	bandKey    = regexp.MustCompile(`^binned_spectral_mse(_float64_edges)?/spectral_error_(n?mse)_per_bin_(\d)$`)
	fourierKey = regexp.MustCompile(`^fourier_(\w+);(\d+);(\d+);(\d+)$`)
	stepKey    = regexp.MustCompile(`^(steps_above|first_step_not_above)_([\d.]+)_(batch_mean|per_sample)$`)
)

// metricFor translates a key of the golden file into the name of a metric, the array to look at, and whether each
// trajectory is judged alone.
func metricFor(key string, axes int) (name string, look view, alone bool) {
	owner, rest, _ := strings.Cut(key, "/")
	switch owner {
	case "pdebench":
		variant, metric, _ := strings.Cut(rest, "/")
		step := "1"
		fmt.Sscanf(variant, "initial_step_%s", &step)
		look = value
		metric, full := strings.CutSuffix(metric, "_full")
		switch {
		case full && metric == "bRMSE" && axes == 3:
			look = each
		case full:
			look = channelTime
		}
		names := map[string]string{"RMSE": "rmse", "nRMSE": "nrmse", "cRMSE": "crmse", "maxError": "max_error", "bRMSE": "brmse"}
		if n := names[metric]; n != "" {
			return "pdebench." + n + "@initial_step=" + step, look, false
		}
	case "the_well":
		names := map[string]string{"LInfinity": "linf", "PearsonR": "pearson"}
		for _, n := range []string{"MSE", "MAE", "NMAE", "NMSE", "RMSE", "NRMSE", "VMSE", "VRMSE"} {
			names[n] = strings.ToLower(n)
		}
		if n := names[rest]; n != "" {
			return "well." + n, each, false
		}
		if m := bandKey.FindStringSubmatch(rest); m != nil {
			edges := map[string]string{"": "float32", "_float64_edges": "float64"}[m[1]]
			return fmt.Sprintf("well.binned_spectral_%s@%s,edges=%s", m[2], m[3], edges), each, false
		}
	case "neuraloperator":
		if m := lpKey.FindStringSubmatch(rest); m != nil {
			name = fmt.Sprintf("fno.lp_%s@p=%s,reduce=%s", m[1], m[2], m[4])
			if m[3] != "" {
				name += ",measure=" + m[3]
			}
			return name, value, false
		}
		if m := h1Key.FindStringSubmatch(rest); m != nil {
			name = map[string]string{"rel": "fno.h1", "abs": "fno.h1_abs"}[m[1]]
			return fmt.Sprintf("%s@periodic=%t,measure=%s,reduce=%s", name, m[2] == "periodic", m[3], m[4]), value, false
		}
	case "pdearena":
		switch rest {
		case "pearson_B_T":
			return "pdearena.pearson", each, false
		case "pearson_batch_mean_T":
			return "pdearena.pearson", curve, false
		case "pearson_channel0_B_T":
			return "pdearena.pearson@channel=0", each, false
		case "CustomMSELoss", "CustomMSELoss_none":
			return "pdearena.mse", value, strings.HasSuffix(rest, "_none")
		case "ScaledLpLoss", "ScaledLpLoss_none":
			return "pdearena.scaled_l2", value, strings.HasSuffix(rest, "_none")
		}
		if m := stepKey.FindStringSubmatch(rest); m != nil {
			name = map[string]string{"steps_above": "corrtime", "first_step_not_above": "corrfirst"}[m[1]]
			return "pdearena." + name + "@" + m[2], value, m[3] == "per_sample"
		}
	case "apebench":
		time := ""
		look = curve
		if short, ok := strings.CutPrefix(rest, "gmean_over_time_"); ok {
			rest, time, look = short, "@time=gmean", value
		} else if short, ok := strings.CutPrefix(rest, "mean_over_time_"); ok {
			rest, time, look = short, "@time=mean", value
		}
		metric, _ := strings.CutPrefix(rest, "mean_")
		metric = strings.ToLower(metric)
		if m := fourierKey.FindStringSubmatch(metric); m != nil {
			time, _ = strings.CutPrefix(time, "@")
			return strings.TrimSuffix(fmt.Sprintf("ape.fourier_%s@low=%s,high=%s,order=%s,%s", m[1], m[2], m[3], m[4], time), ","), look, false
		}
		if slices.ContainsFunc(eval.Metrics(), func(d eval.Description) bool { return d.Name == "ape."+metric }) {
			return "ape." + metric + time, look, false
		}
	}
	return "", nil, false
}

// leaves walks a tree of objects and gives every value with its path.
func leaves(tree map[string]any, path string, visit func(key string, value any)) {
	for k, v := range tree {
		if sub, ok := v.(map[string]any); ok {
			leaves(sub, path+k+"/", visit)
			continue
		}
		visit(path+k, v)
	}
}

// flatten turns nested lists of numbers, "NaN", "Infinity" and "-Infinity" into one list.
func flatten(t *testing.T, v any) []float64 {
	t.Helper()
	switch v := v.(type) {
	case float64:
		return []float64{v}
	case string:
		switch v {
		case "NaN":
			return []float64{math.NaN()}
		case "Infinity":
			return []float64{math.Inf(1)}
		case "-Infinity":
			return []float64{math.Inf(-1)}
		}
	case []any:
		var all []float64
		for _, x := range v {
			all = append(all, flatten(t, x)...)
		}
		return all
	}
	t.Fatalf("golden value %v is not a number", v)
	return nil
}

// goldenFields reads pred and target, [trajectory, time, channel, x..] in the file.
func goldenFields(t *testing.T, file string) (pred, target eval.Field[float64]) {
	t.Helper()
	c, err := datasets.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	read := func(name string) eval.Field[float64] {
		a, err := c.Array(name)
		if err != nil {
			t.Fatal(err)
		}
		values, err := a.Float64s()
		if err != nil {
			t.Fatal(err)
		}
		return channelsLast(eval.Field[float64]{Data: values, Shape: a.Shape})
	}
	return read("pred"), read("target")
}

// channelsLast moves axis 2 to the end.
func channelsLast(f eval.Field[float64]) eval.Field[float64] {
	frames, channels := f.Shape[0]*f.Shape[1], f.Shape[2]
	points := len(f.Data) / (frames * channels)
	out := eval.Field[float64]{Data: make([]float64, len(f.Data))}
	out.Shape = append(out.Shape, f.Shape[:2]...)
	out.Shape = append(append(out.Shape, f.Shape[3:]...), channels)
	for i := range frames {
		for c := range channels {
			for x := range points {
				out.Data[(i*points+x)*channels+c] = f.Data[(i*channels+c)*points+x]
			}
		}
	}
	return out
}
