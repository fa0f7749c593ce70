package simd

// philoxOn is philox on a kernel for groups of a number of blocks.
func philoxOn(blocks int, f func(words *uint32, keys *uint64, first, step uint64, groups int)) func(words []uint32, key [2]uint32, step, first uint64) {
	return func(words []uint32, key [2]uint32, step, first uint64) {
		groups := len(words) / (4 * blocks)
		if groups > 0 {
			var keys [20]uint64 // of the rounds
			for i := range 10 {
				keys[2*i], keys[2*i+1] = uint64(key[0]), uint64(key[1])
				key[0] += 0x9E3779B9
				key[1] += 0xBB67AE85
			}
			f(&words[0], &keys[0], first, step, groups)
			key = [2]uint32{uint32(keys[0]), uint32(keys[1])}
		}
		philox(words[4*blocks*groups:], key, step, first+uint64(blocks*groups))
	}
}

// normalsOn is normals on a kernel for groups of a number of elements.
func normalsOn[T Float](lanes int, f func(dst *T, words *uint32, groups int) (outside bool)) func(dst []T, words []uint32) {
	return func(dst []T, words []uint32) {
		checkLengths(2*len(dst), len(words))
		n := len(dst) / lanes * lanes
		if n > 0 && f(&dst[0], &words[0], n/lanes) {
			n = 0
		}
		normals(dst[n:], words[2*n:])
	}
}
