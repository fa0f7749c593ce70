// Package models builds neural surrogates as graphs over op: small structs composed, never subclassed.
//
// A Model maps a field [batch, x.., in] to a field [batch, x.., out], channels last, on any grid. Its layers are models too;
// each holds its parameters as *Param, and its constructor draws their initial values from the generator that it is given, in
// the order of Params. The same Param in the same graph is the same node, so a model may be applied several times to share
// its weights, and applied to another grid in another graph.
//
// A Surrogate is a model in physical units; with a process of package refiner, one that samples its answer by several calls.
//
// # Scalars
//
// A Conditioned model is told scalars beside the field: parameters of the equation, a time step, the step of a refiner. A model
// embeds them once (Embedding) and its blocks act on them through a Modulation; ScalarChannels tells any other model. Given applies a
// model either way.
//
// # Names
//
// A parameter's name is the path to it: "lift.weight", "blocks.2.spectral.weight". Names, shapes and layouts are what files
// hold; changing one breaks stored weights. In the graph the variable of parameter p is named "param." + p.Name.
//
// # Errors
//
// Constructors return errors. Apply reports through the graph (op.Value.Fail): the first error sticks and compilation returns it.
//
// # Adding a model
//
// Write one file with the struct, its constructor from a Config and, where it needs any, its own fields of Config; add its
// line to kinds in kinds.go.
package models
