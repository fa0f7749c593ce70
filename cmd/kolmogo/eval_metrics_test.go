package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/eval"
)

// TestListMetrics: every metric is listed with its parameters, and each usage is a name that can be asked for.
func TestListMetrics(t *testing.T) {
	var list metricList
	document(t, must(t, "eval", "--list-metrics", "--json"), &list)
	if len(list.Metrics) != len(eval.Metrics()) {
		t.Fatalf("%d metrics, want %d", len(list.Metrics), len(eval.Metrics()))
	}
	for _, m := range list.Metrics {
		if _, err := eval.Lookup(m.Usage); err != nil || m.Doc == "" {
			t.Errorf("%s: %v", m.Usage, err)
		}
	}
	if text := must(t, "eval", "--list-metrics"); !strings.Contains(text, "pdebench.frmse@initial_step=1,band=low") {
		t.Errorf("the list says\n%s", text)
	}
	call(t, "eval", "--list-metrics", "runs/x").oneError(t, 2)
	call(t, "eval").oneError(t, 2)
}

func TestJoinParameters(t *testing.T) {
	for given, want := range map[string][]string{
		"fno.h1@true,0.5,fno.lp_abs@p=2,measure=1.5": {"fno.h1@true,0.5", "fno.lp_abs@p=2,measure=1.5"},
		"rmse,fno.rel_l2":                           {"rmse", "fno.rel_l2"},
		"pdebench.frmse@0,band=high,rmse":           {"pdebench.frmse@0,band=high", "rmse"},
		"well.vrmse@6,12,well.vrmse@from=13,to=30":  {"well.vrmse@6,12", "well.vrmse@from=13,to=30"},
		"fno.lp_rel@2,pdebench.nrmse@0,mae,unknown": {"fno.lp_rel@2", "pdebench.nrmse@0", "mae", "unknown"},
	} {
		if got := joinParameters(strings.Split(given, ",")); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", given, got, want)
		}
	}
}
