// Package train fits a surrogate to data: losses, optimizers and averages as graph, schedules, the loop, checkpoints, and the
// folder that a run lives in.
//
// A step is one program: forward, loss, gradients, clipping, optimizer, averages. Each batch shape has its own program;
// all share the variables of one engine.Store. What a step does is a function of the checkpointed state and of the data order, which
// is a function of (seed, epoch), so a run that was killed continues bit for bit from its last checkpoint, with any number
// of threads.
//
// What a step asks of the surrogate is an objective: frames predicted from the data, from noised data or from the surrogate's own
// predictions, or what the process of a refiner needs. A new one is one file, and a line in objectives (objective.go).
//
// A Predictor applies what was trained; its Rollout feeds it its own predictions on the device.
//
// A checkpoint between epochs is copied after its step and written when the next batch has given a finite loss, so that what a
// diverged run leaves can be continued at a lower rate. No weights that are not finite are ever written.
package train
