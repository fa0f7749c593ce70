// Package datasets reads, writes and streams the trajectories that surrogates are trained on.
//
// # One view
//
// Whatever the file, a [Set] shows it in the canonical layout, row-major, channels last:
//
//	trajectories  Fields          [trajectory, time, x.., channel]
//	pairs         Inputs, Outputs [trajectory, 1,    x.., channel]   (a map a ↦ u: one frame each)
//
// with a [Meta] that holds channel names, coordinates, time stamps, boundary kinds and scalar parameters.
// Values are float32 unless the reader asks for float64; what the file stores is never changed.
//
// # Layers
//
//	Array      dtype, shape and little-endian bytes of one stored array
//	Container  the arrays of one file by name, loaded when asked for; Open tells the format by content
//	Set        the canonical view of a container; OpenSet finds it by the layout or the keys, or is told by Keys; several
//	           files, a folder or a pattern are one set
//	Loader     shuffled, windowed, augmented batches of a set, a function of (seed, epoch) only
//
// # Errors
//
// Every error begins with "datasets:" and names the file. A value that is NaN or infinite is a [NonfiniteError],
// which says in which key, trajectory and frame it stands. Readers never trust a size that the file claims: what is
// allocated is bounded by the bytes that are there, and nothing in a file is ever executed.
//
// # Memory
//
// What lies in a file as it is, and HDF5 in chunks, is read by parts: a set may be larger than memory. A loader reads chunks in an order
// in which each is read, and decompressed, once an epoch.
//
// # A new format
//
// Write one file with a function that recognises the content and one that opens it as a Container, and add its line
// to the table in format.go. A new layout of arrays in a file goes into a file of its own and the table in layout.go.
package datasets
