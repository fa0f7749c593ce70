package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/eval"
	"github.com/kolmogo/kolmogo/train"
	"github.com/kolmogo/kolmogo/train/bandit"
)

// banditText is a line for the choice of each phase.
func (r problemReport) banditText() string {
	var b strings.Builder
	for i, kinds := range r.Couplings {
		fmt.Fprintf(&b, "%-16s %s\n", fmt.Sprintf("couplings.%d", i), strings.Join(kinds, ", "))
	}
	return b.String()
}

// banditSections are, for each list of plays, how often each coupling was chosen, the mean reward of the plays with and without it, and
// whether it is in use.
func banditSections(solution *train.Solution) []eval.Section {
	var list []eval.Section
	kinds := solution.Model.Couplings()
	for phase, plays := range solution.Bandit.Plays {
		table := eval.Table{Columns: []string{"chosen", "reward with", "reward without", "in use"}}
		for k, kind := range kinds {
			with, without := meanRewards(plays, k)
			used := ""
			if phase < len(solution.Bandit.Used) && slices.Contains(solution.Bandit.Used[phase], kind) {
				used = "yes"
			}
			count := 0
			for _, p := range plays {
				if p.Chosen[k] {
					count++
				}
			}
			table.Rows = append(table.Rows, eval.TableRow{Name: kind, Cells: []string{fmt.Sprintf("%d of %d", count, len(plays)), fmt.Sprintf("%.3g", with), fmt.Sprintf("%.3g", without), used}})
		}
		title := "Couplings of subdomains"
		if len(solution.Bandit.Plays) > 1 {
			title = fmt.Sprintf("%s, phase %d", title, phase)
		}
		table.Caption = "Plays of the bandit; the reward is −log₁₀ of the relative error."
		list = append(list, eval.Section{Title: title, Tables: []eval.Table{table}})
	}
	return list
}

// meanRewards are those of the plays with and without option k; NaN where there are none.
func meanRewards(plays []bandit.Play, k int) (with, without float64) {
	var sums, counts [2]float64
	for _, p := range plays {
		i := 0
		if p.Chosen[k] {
			i = 1
		}
		sums[i], counts[i] = sums[i]+p.Reward, counts[i]+1
	}
	return sums[1] / counts[1], sums[0] / counts[0]
}
