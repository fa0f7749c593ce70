// Package bench measures Kolmogo beside its rivals and beside the machine.
//
// An Entry is a Problem at the size that is timed and at a small size of the same structure. Measure
//
//  1. runs the small one once and compares every output and every updated variable with the definitions of package op in float64,
//     so that a fast wrong kernel cannot win (check.go),
//
//  2. times the large one and its rivals in turns, so that the machine's moods hit all alike (clock.go, rival.go),
//
//  3. measures how fast this machine multiplies and copies (roofline.go) and tells how far the time is from the floor
//
//     floor = max(FLOPs / peak, bytes / bandwidth),
//
// where FLOPs and bytes are what the best known algorithm must do and move, counted in the doc comment of each Problem, whatever
// the program really does. Functions of single elements are not counted.
//
// A rival is a Python process that is handed the Problem as JSON and makes the same steps, with the same shapes, dtype and number of
// threads, when it is told to; rivals/protocol.py describes the dialogue.
//
// A Solver takes the place of the Problem where an equation is advanced in time: it is compared with the portable loops in float64, or by what
// the equation conserves, and counted in steps of a trajectory per second.
//
// To add an entry, add its line to Entries and, for new work, one file with its Problem and a builder in each of rivals/rival_*.py.
package bench
