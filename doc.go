// Package kolmogo trains neural surrogates of partial differential equations.
//
//	cmd/kolmogo  the command line: one file per command
//	datasets     readers, writers, generators and streams of trajectories
//	pde          equations, steppers, exact solutions (float64, host)
//	op           the vocabulary of tensor operations, as Gorgonia ops; op/optest: the suite every backend passes
//	models       small structs that build graphs from op
//	engine       compiles a graph into a static program and runs it; engine/cpu is the CPU backend
//	train        losses, optimizers, schedules, the loop, checkpoints
//	eval         rollouts, metrics, plots, reports
//	export       safetensors with an architecture sidecar
//	bench        side-by-side benchmarks against rivals
//	configs      ready experiments, one YAML file each
//	internal     what several packages need and users do not: spelling of names, whole files
package kolmogo
