package simd

import "fmt"

// Blocking of the matrix product. A sum over k is split at the multiples of kBlock, whatever m and n are, so the
// bits of an element of C depend on its row of A, its column of B and k alone.
const (
	kBlock = 256 // a panel of B, kBlock rows of up to 32 columns, stays in the first-level cache
	mBlock = 64  // rows of A visited per panel of B: mBlock·kBlock elements stay in the second-level cache
	mAlone = 512 // rows of A visited at once where there is one panel of B
	nBlock = 512 // columns of B packed at a time
	nPad   = 32  // widest panel of any implementation
)

// tile is the micro-kernel of one implementation. run computes `tiles` blocks of at most rows × lanes elements,
// one below the other:
//
//	C[i, j] (+)= Σ_p A[i, p]·B[p, j],  p = 0 … k−1 in this order, from +0, and one addition to C where add is set.
//
// Strides are in elements; rows ≤ t.rows, lanes ≤ t.lanes, k ≥ 1. Where t.rows is a multiple of four, t.lanes is two vectors and
// blocks of four rows or of t.rows may be up to half a vector wider: rows share a vector for a rest of columns as small as that.
type tile[T Float] struct {
	rows, lanes int
	run         func(a []T, aRow, aStep int, b []T, bStep int, c []T, cRow, k, rows, lanes, tiles int, add bool, next fetch[T])
	transpose   func(dst []T, dstRow int, src []T, srcRow, rows, cols int)
}

// fetch is what the micro-kernel asks to be brought into the cache while it multiplies: one line for each step of its sum, at
// elements at, at + step, … of from, at being moved on by tile from one tile to the next. They need not exist.
type fetch[T Float] struct {
	from           []T
	at, tile, step int
}

// share fetches one of several equal parts of the size elements of x from at on, in `tiles` tiles of k steps each.
func share[T Float](x []T, at, size, part, parts, tiles, k int) fetch[T] {
	step := (size-1)/(parts*tiles*k) + 1
	return fetch[T]{x, at + part*tiles*k*step, k * step, step}
}

// GemmWork returns the number of elements of scratch that a Gemm of m × n × k, or of any smaller size, needs.
func GemmWork(m, n, k int) int {
	if m <= 0 || n <= 0 || k <= 0 {
		return 0
	}
	k = min(k, kBlock)
	panels := (min(n, nBlock) + nPad - 1) / nPad * nPad
	return k*panels + min(m, mBlock)*k
}

// gemm is Kernels.Gemm on the micro-kernel t.
func (t *tile[T]) gemm(m, n, k int, a []T, lda int, transA bool, b []T, ldb int, transB bool, c []T, ldc int, accumulate bool, work []T) {
	checkExtent("A", m, k, len(a), lda, transA) // its rows may overlap
	checkMatrix("B", k, n, len(b), ldb, transB)
	checkMatrix("C", m, n, len(c), ldc, false)
	if m == 0 || n == 0 {
		return
	}
	if k == 0 {
		for i := 0; i < m && !accumulate; i++ {
			clear(c[i*ldc : i*ldc+n])
		}
		return
	}
	if need := GemmWork(m, n, k); len(work) < need {
		panic(fmt.Sprintf("simd: Gemm of %d×%d×%d needs %d elements of work, got %d", m, n, k, need, len(work)))
	}
	packB := transB || n > t.lanes && (m > 2*mBlock || m >= mBlock && ldb >= kBlock)
	packA := n > t.lanes && m >= t.rows && lda >= kBlock
	// In a long sum over rows of A and B, every pass over a panel fetches its share of the rows to come, in turn of A and B.
	long := transA && !transB && n <= nBlock && lda <= 2*m && ldb <= 2*n
	rows, widest := mBlock, t.lanes+t.rest()
	if !long && !packA && n <= widest {
		rows = mAlone
	}
	passes := 0
	if long {
		passes = (m + mBlock - 1) / mBlock * t.panels(n)
	}
	for j := 0; j < n; j += nBlock {
		nb := min(nBlock, n-j)
		for p := 0; p < k; p += kBlock {
			kb := min(kBlock, k-p)
			panelB, free := []T(nil), work
			if packB {
				panelB, free = work, work[kb*((nb+nPad-1)/nPad*nPad):]
				t.packB(work, kb, nb, b, ldb, p, j, transB)
			} else {
				panelB = b[p*ldb+j:]
			}
			pass := 0
			for i := 0; i < m; i += rows {
				mb := min(rows, m-i)
				blockA, aRow, aStep := a[at(i, p, lda, transA):], lda, 1
				if transA {
					aRow, aStep = 1, lda
				}
				if packA {
					blockA, aRow, aStep = pack(free, blockA, lda, mb, kb, transA)
				}
				full := int(uint32(mb) / uint32(t.rows))
				next := fetch[T]{blockA, t.rows * aRow, t.rows * aRow, t.rows} // the tile below
				for q, lanes := 0, 0; q < nb; q, pass = q+lanes, pass+1 {
					if lanes = nb - q; lanes > widest {
						lanes = t.lanes
					}
					pb, bStep, pc := panelB[q:], ldb, c[i*ldc+j+q:]
					if packB {
						pb, bStep = panelB[q*kb:], t.packed(lanes)
					}
					switch {
					case full == 0:
					case packA && lda == kb && !transA: // the rows to be packed then
						next = share(a, (i+mb)*lda, mb*lda, q/t.lanes, t.panels(nb), full, kb)
					case long && pass%2 == 0:
						next = share(a, (p+kb)*lda, kb*lda, pass/2, (passes+1)/2, full, kb)
					case long:
						next = share(b, (p+kb)*ldb, kb*ldb, pass/2, passes/2, full, kb)
					}
					if full > 0 {
						t.run(blockA, aRow, aStep, pb, bStep, pc, ldc, kb, t.rows, lanes, full, accumulate || p > 0, next)
					}
					f := full * t.rows
					if mb-f >= 4 && t.shares(lanes) {
						t.run(blockA[f*aRow:], aRow, aStep, pb, bStep, pc[f*ldc:], ldc, kb, 4, lanes, 1, accumulate || p > 0, next)
						f += 4
					}
					for u := 0; f < mb && u < lanes; u += t.lanes {
						t.run(blockA[f*aRow:], aRow, aStep, pb[u:], bStep, pc[f*ldc+u:], ldc, kb, mb-f, min(t.lanes, lanes-u), 1, accumulate || p > 0, next)
					}
				}
			}
		}
	}
}

// panels is the number of panels of n columns: t.lanes wide, but for the last, which takes a rest with it.
func (t *tile[T]) panels(n int) int { return (max(1, n-t.rest()) + t.lanes - 1) / t.lanes }

// packed is the distance between the rows of a packed panel of n columns, whole vectors.
func (t *tile[T]) packed(n int) int {
	if n <= t.lanes {
		return t.lanes
	}
	return (n + 15) / 16 * 16
}

// rest is the largest number of columns beyond whole vectors for which rows share a vector, 0 if none do.
func (t *tile[T]) rest() int {
	if t.rows%4 == 0 {
		return t.lanes / 4
	}
	return 0
}

// shares tells whether a block of n columns ends in such a rest.
func (t *tile[T]) shares(n int) bool {
	r := t.rest()
	return r > 0 && (n-1)&(2*r-1) < r // 2·r, the lanes of a vector, is a power of two
}

// packB copies the block of op(B) of kb rows from p and nb columns from j into panels: panel q, of columns from q on, lies at
// q·kb.
func (t *tile[T]) packB(dst []T, kb, nb int, b []T, ldb, p, j int, trans bool) {
	for q, lanes := 0, 0; q < nb; q += lanes {
		if lanes = nb - q; lanes > t.lanes+t.rest() {
			lanes = t.lanes
		}
		panel, row := dst[q*kb:], t.packed(lanes)
		src := b[at(p, j+q, ldb, trans):]
		if trans {
			t.transpose(panel, row, src, ldb, lanes, kb)
			continue
		}
		for r := range kb {
			copy(panel[r*row:r*row+lanes], src[r*ldb:r*ldb+lanes])
		}
	}
}

// pack copies the block of op(A) of mb rows and kb columns so that its rows, as stored, lie without gaps, and
// returns it with its strides.
func pack[T Float](dst, a []T, lda, mb, kb int, trans bool) (block []T, aRow, aStep int) {
	if trans {
		for r := range kb {
			copy(dst[r*mb:r*mb+mb], a[r*lda:r*lda+mb])
		}
		return dst, 1, mb
	}
	for r := range mb {
		copy(dst[r*kb:r*kb+kb], a[r*lda:r*lda+kb])
	}
	return dst, kb, 1
}

// at is the offset of element (row, col) of op(X).
func at(row, col, ld int, trans bool) int {
	if trans {
		return col*ld + row
	}
	return row*ld + col
}

// checkMatrix panics unless op(X) of rows × cols lies inside a slice of n elements, its stored rows apart.
func checkMatrix(name string, rows, cols, n, ld int, trans bool) {
	length := cols
	if trans {
		length = rows
	}
	if rows > 0 && cols > 0 && ld < length {
		panic(fmt.Sprintf("simd: leading dimension %d of %s is less than its row length %d", ld, name, length))
	}
	checkExtent(name, rows, cols, n, ld, trans)
}

// checkExtent is checkMatrix for a matrix whose stored rows may overlap.
func checkExtent(name string, rows, cols, n, ld int, trans bool) {
	if rows < 0 || cols < 0 || ld < 0 {
		panic(fmt.Sprintf("simd: %s has negative size %d×%d or leading dimension %d", name, rows, cols, ld))
	}
	if rows == 0 || cols == 0 {
		return
	}
	if trans {
		rows, cols = cols, rows
	}
	if need := (rows-1)*ld + cols; n < need {
		panic(fmt.Sprintf("simd: %s of %d×%d with leading dimension %d needs %d elements, got %d", name, rows, cols, ld, need, n))
	}
}
