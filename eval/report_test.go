package eval_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/eval"
)

// fullReport has every section.
func fullReport(t *testing.T) eval.Report {
	t.Helper()
	metrics, err := eval.LookupAll("fno.rel_l2", "rmse", "max_error", "fno.h1", "pdebench.nrmse@0", "well.vrmse")
	if err != nil {
		t.Fatal(err)
	}
	target, pred := randomField(1, 5, 1, 32, 2), randomField(1, 5, 1, 32, 2)
	for i := range pred.Data {
		pred.Data[i] *= 1 + 0.01*math.Sin(float64(i))
		if i%2 == 1 {
			target.Data[i] = 0
		}
	}
	results, err := eval.Evaluate(metrics, pred, target)
	if err != nil {
		t.Fatal(err)
	}
	plots := figures(t)
	figure := func(name, caption string) eval.Figure {
		return eval.Figure{Name: name, Caption: caption, Image: plots[name]}
	}
	return eval.Report{
		Title:    "Burgers, ν = 0.01",
		Subtitle: "FNO 1-D, 4 blocks, width 32, 16 modes, 75 713 parameters; one step of Δt = 0.05",
		Headline: []eval.Fact{{"relative L2, one step", "0.0123"}, {"after 20 steps", "0.041"}, {"training time", "2 min 41 s"}},
		Metrics:  eval.MetricRows(results),
		Resolutions: eval.ResolutionTable{
			Columns: []string{"fno.rel_l2", "rmse"},
			Rows: []eval.ResolutionRow{
				{"64", "half", []float64{0.0151, 0.0081}}, {"128", "as trained", []float64{0.0123, 0.0067}}, {"256", "double", []float64{0.0139, math.NaN()}},
			},
		},
		Sections: []eval.Section{
			{Title: "Rollout", Text: "32 test trajectories.", Notes: []string{"refiner: trajectory 3 is not finite from step 40 on"}, Tables: []eval.Table{{
				Caption: "Correlation times", Columns: []string{"above 0.8", "above 0.9"},
				Rows: []eval.TableRow{{"truth", 0, []string{"–", "–"}}, {"mse", 1, []string{"23.9 [23.3, 24.5]", "17"}}, {"refiner", 2, []string{"44.8", "31"}}},
			}}, Figures: []eval.Figure{
				figure("growth", "Relative L2 error of the rollout over 32 test trajectories: median, mean and the band from the 10 % to the 90 % quantile."),
				figure("comparison", "A rollout of 40 steps: truth, predictions and absolute errors over time and space."),
			}},
			{Title: "Samples", Figures: []eval.Figure{
				figure("curves", "Input, target and prediction of one step on a test sample, and the absolute error."),
				figure("maps", "Coefficient, solution and prediction of a test sample."),
				figure("stack", "A rollout of 40 steps: target, prediction and absolute error over time and space."),
			}},
			{Title: "Training", Figures: []eval.Figure{figure("training", "Training and validation loss (relative L2) and learning rate against optimizer steps.")}},
		},
		Runs: []eval.RunFacts{{
			Name:     "runs/burgers",
			Config:   "seed: 1\ndata:\n  path: burgers.kmg\n  batch: 20\nmodel:\n  kind: fno\n  width: 32\n  modes: [16]\ntrain:\n  epochs: 40\n  lr: 0.001  # <peak>\n",
			Manifest: []eval.Fact{{"kolmogo", "v0.1.0 (f6f4f62)"}, {"go", "go1.26.8 linux/amd64"}, {"device", "cpu, 2 threads, AVX-512"}, {"seed", "1"}, {"burgers.kmg", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}},
			Files:    []eval.Fact{{"best.ckpt", "weights of the best validation loss"}, {"eval.json", "the metrics above"}},
		}},
	}
}

// The page is well-formed, needs nothing from outside, runs nothing, and shows what it was given.
func TestReportStandsAlone(t *testing.T) {
	r := fullReport(t)
	var page bytes.Buffer
	if err := r.Write(&page); err != nil {
		t.Fatal(err)
	}
	html := page.String()
	if len(html) > 5<<20 {
		t.Errorf("%d bytes, above 5 MiB", len(html))
	}
	checkWellFormed(t, html)
	if found := regexp.MustCompile(`(?i)https?:|//[a-z]|<script|<link|<iframe|@import|url\(|javascript:|\son\w+=`).FindString(withoutImages(html)); found != "" {
		t.Errorf("the page contains %q", found)
	}
	if n := strings.Count(html, `src="data:image/png;base64,`); n != strings.Count(html, "<img") || n != 6 {
		t.Errorf("%d inlined pictures of %d, want 6", n, strings.Count(html, "<img"))
	}
	for _, want := range []string{
		"<h1>Burgers, ν = 0.01</h1>", "pdebench.nrmse@0", "as trained", "&lt;peak&gt;", "sha256:9f86d", "best.ckpt", "<li>refiner: trajectory 3 is not finite from step 40 on</li>", "<b>Figure 6.</b>", `<span class="swatch s2"></span>refiner`, "23.9 [23.3, 24.5]",
		"trajectory 0, frame 0, channel 1: the target is zero", "and 2 more", `n bad">+Inf`, `n bad">NaN`,
	} {
		if !strings.Contains(strings.ReplaceAll(html, "&#43;", "+"), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// A report of nothing but a title leaves out all sections.
func TestReportEmpty(t *testing.T) {
	var page bytes.Buffer
	if err := (eval.Report{Title: "a <b> & c"}).Write(&page); err != nil {
		t.Fatal(err)
	}
	checkWellFormed(t, page.String())
	if strings.Contains(page.String(), "<section") || strings.Contains(page.String(), "<img") {
		t.Error("an empty report has sections")
	}
	if !strings.Contains(page.String(), "<h1>a &lt;b&gt; &amp; c</h1>") {
		t.Error("the title is not escaped")
	}
}

func TestReportErrors(t *testing.T) {
	r := eval.Report{Resolutions: eval.ResolutionTable{Columns: []string{"rmse"}, Rows: []eval.ResolutionRow{{Grid: "64"}}}}
	if err := r.Write(io.Discard); err == nil || !strings.Contains(err.Error(), "grid 64") {
		t.Errorf("a row without its values: %v", err)
	}
	full := errors.New("disk full")
	r = eval.Report{Sections: []eval.Section{{Tables: []eval.Table{{Columns: []string{"a"}, Rows: []eval.TableRow{{Name: "x"}}}}}}}
	if err := r.Write(io.Discard); err == nil || !strings.Contains(err.Error(), "row x") {
		t.Errorf("a row without its cells: %v", err)
	}
	if err := (eval.Report{}).Write(failing{full}); !errors.Is(err, full) {
		t.Errorf("write error %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// withoutImages drops the data of the pictures.
func withoutImages(html string) string {
	return regexp.MustCompile(`data:image/png;base64,[^"]*`).ReplaceAllString(html, "")
}

// checkWellFormed reads the page as XML after closing HTML's void elements, so that every other element must be closed in
// order.
func checkWellFormed(t *testing.T, html string) {
	t.Helper()
	closed := regexp.MustCompile(`<(meta|img|br)\b([^>]*)>`).ReplaceAllString(withoutImages(html), "<$1$2/>")
	d := xml.NewDecoder(strings.NewReader(closed))
	d.Entity = xml.HTMLEntity
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("the page is not well-formed: %v", err)
			return
		}
	}
}
