// Package verify re-runs published results end to end and judges ours beside them.
//
// An [Entry] is a script of kolmogo command lines, each of which a reader can type, with the arithmetic that turns their JSON into
// the numbers of the publication: training over several seeds, evaluation, medians and intervals. It knows no model and no solver;
// what it cannot say as a command line, a user could not do either. Its runs lie in a folder, are continued when they were
// interrupted, and are not repeated when they are complete.
//
// One entry is one file, and one line in [Entries].
package verify
