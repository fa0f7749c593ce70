// Package train fits a surrogate to data: losses, optimizers and averages as graph, schedules, the loop, checkpoints, and the
// folder that a run lives in.
//
// A step is one program: forward, loss, gradients, clipping, optimizer, averages. Each batch shape has its own program;
// all share the variables of one engine.Store. What a step does is a function of the checkpointed state and of the data order, which
// is a function of (seed, epoch), so a run that was killed continues bit for bit from its last checkpoint, with any number
// of threads.
//
// A checkpoint between epochs is copied after its step and written when the next batch has given a finite loss, so that what a
// diverged run leaves can be continued at a lower rate. No weights that are not finite are ever written.
package train
