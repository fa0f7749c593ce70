// Package engine compiles a graph of package op into a static program and runs it.
//
// Compile reads the nodes in topological order and then, pass by pass, each in its own file:
//
//	fold.go     evaluates what depends on constants only
//	fuse.go     joins element-wise nodes into chains that touch memory once
//	schedule.go orders the steps: what only feeds updates runs last
//	place.go    gives variables, constants and intermediates their memory; plan.go packs the arena by lifetimes
//	cost.go     counts FLOPs, bytes and peak memory before anything runs
//
// A Backend turns the steps into one runnable whole. Nothing is allocated per run; parameters and optimizer state live in a
// Store that several programs (training steps of several shapes, evaluation) share.
//
// Equal nodes are one node already: op.Graph shares them while the graph is built.
package engine
