// Package refiner turns a network into a sampler of the next state, one step of a surrogate at a time: PDE-Refiner, denoising
// diffusion, and flows along a path from noise, or from the present state, to the next one.
//
// A Process has two sides. In training a Level is drawn for each sample: the network sees the state a·y + b·ε, y being the true
// answer and ε standard normal, is told the level's number, and is asked for c·y + d·ε. In prediction Sample builds the calls
// that lead from nothing to a sample of y, as graph: all the calls of a step are part of one program.
//
// y is in the network's units, where it should have a variance of about one: the noise is measured in them.
//
// # Adding a process
//
// Write one file with the struct and its constructor, and add its line to kinds in config.go.
package refiner
