package verify

// pinnKdV solves the Korteweg–de Vries equation while two solitons meet.
var pinnKdV = Entry{
	Name:      "pinn-kdv",
	Doc:       "Korteweg–de Vries equation, two solitons, against Hirota's formula at 201x101 points",
	Published: "4.3e-4 on the periodic problem of Zabusky & Kruskal: PirateNets (Wang et al. 2024, arXiv 2402.00326)",
	Seeds:     3,
	Run: problems(
		problem{config: "pinn_kdv", sets: []string{"train.seconds=75"}, bars: []bar{{metric: "rel_l2", limit: 4e-4}}},
	),
}
