// Package engine compiles a graph of package op into a static program and runs it.
//
// Compile reads the nodes in topological order and then, pass by pass, each in its own file:
//
//	fold.go      evaluates what depends on constants only
//	narrow.go    leaves out rows that are zero or that nobody reads
//	rewrite.go   adds products in place and turns outer products into parts of chains
//	recompute.go has large activations and cheap slopes made again where the gradient reads them
//	fuse.go      joins element-wise nodes into chains that touch memory once
//	schedule.go  orders the steps so that little memory is alive at a time; dependencies.go says what must precede what
//	alias.go     tells what is a piece of another value's memory
//	place.go     gives variables and constants their memory, arena.go the intermediates; plan.go packs the arena by lifetimes
//	cost.go      counts FLOPs, bytes and peak memory before anything runs
//
// A Backend turns the steps into one runnable whole. Nothing is allocated per run; parameters and optimizer state live in a
// Store that several programs (training steps of several shapes, evaluation) share.
//
// Equal nodes are one node already: op.Graph shares them while the graph is built.
package engine
