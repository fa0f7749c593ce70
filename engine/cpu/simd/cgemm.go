package simd

import "fmt"

// Planar is a matrix of complex numbers as two of real ones, laid out alike.
type Planar[T Float] struct{ Re, Im []T }

// from is the matrix without its first n stored elements.
func (x Planar[T]) from(n int) Planar[T] { return Planar[T]{x.Re[n:], x.Im[n:]} }

// cBlock is kBlock of the complex product: its panel of B is two planes.
const cBlock = 128

// ctile is the complex micro-kernel of one implementation. run computes `tiles` blocks of at most rows × lanes elements,
// one below the other:
//
//	re C (+)= Σ_p (a·b − a′·b′),  im C (+)= ±Σ_p (a·b′ + a′·b),  a + i·a′ = A[i, p],  b ± i·b′ = B[p, j],
//
// with one rounding for each product and its sum, or two in Go, p in order from +0, and one addition to C where add is
// set. Strides are in elements; rows ≤ t.rows, lanes ≤ t.lanes, k ≥ 1.
type ctile[T Float] struct {
	rows, lanes int
	run         func(a Planar[T], aRow, aStep int, b Planar[T], bStep int, c Planar[T], cRow, k, rows, lanes, tiles int, minusB, minusC, add bool, next ahead[T])
	transpose   func(dst []T, dstRow int, src []T, srcRow, rows, cols int)
}

// ahead is where the operand is that the micro-kernel fetches into the cache while it multiplies: elements at, at + step, …
// of both planes. They need not exist.
type ahead[T Float] struct {
	from     Planar[T]
	at, step int
}

// CGemmWork returns the number of elements of scratch that a CGemm of m × n × k, or of any smaller size, needs.
func CGemmWork(m, n, k int) int {
	if m <= 0 || n <= 0 || k <= 0 {
		return 0
	}
	k = min(k, cBlock)
	panels := (min(n, nBlock) + nPad - 1) / nPad * nPad
	return 2 * k * (panels + min(m, mBlock))
}

// gemm is Kernels.CGemm on the micro-kernel t. With op(A) = Ā the product is the conjugate of A·B̄.
func (t *ctile[T]) gemm(m, n, k int, a Planar[T], lda int, adjA bool, b Planar[T], ldb int, adjB bool, c Planar[T], ldc int, accumulate bool, work []T) {
	checkPlanar("A", m, k, a, lda, adjA)
	checkPlanar("B", k, n, b, ldb, adjB)
	checkPlanar("C", m, n, c, ldc, false)
	if m == 0 || n == 0 {
		return
	}
	if k == 0 {
		for i := 0; i < m && !accumulate; i++ {
			clear(c.Re[i*ldc : i*ldc+n])
			clear(c.Im[i*ldc : i*ldc+n])
		}
		return
	}
	if need := CGemmWork(m, n, k); len(work) < need {
		panic(fmt.Sprintf("simd: CGemm of %d×%d×%d needs %d elements of work, got %d", m, n, k, need, len(work)))
	}
	packB := adjB || n > t.lanes && m >= mBlock && (m > 2*mBlock || ldb >= kBlock)
	packA := !adjA && n > t.lanes && m >= t.rows && lda >= kBlock
	for j := 0; j < n; j += nBlock {
		nb := min(nBlock, n-j)
		for p := 0; p < k; p += cBlock {
			kb := min(cBlock, k-p)
			add := accumulate || p > 0
			// What is read after this block of B: the next one, or that of the next product of a batch, if it lies behind
			// this one as in an array [.., 2, rows, cols].
			behind := at(kb, 0, ldb, adjB)
			if p+kb == k {
				behind = at(2*k-p, -j, ldb, adjB)
				if adjB {
					behind = (2*n-j)*ldb - p
				}
			}
			// Panel q of B starts at q·panel; rows of a panel are bStep apart.
			stored := b.from(at(p, j, ldb, adjB))
			panelB, panel, bStep, rest := stored, t.lanes, ldb, work
			if packB {
				size := kb * ((nb + t.lanes - 1) / t.lanes * t.lanes)
				packed := Planar[T]{work[:size], work[size : 2*size]}
				t.packB(packed.Re, kb, nb, panelB.Re, ldb, adjB)
				t.packB(packed.Im, kb, nb, panelB.Im, ldb, adjB)
				panelB, panel, bStep, rest = packed, kb*t.lanes, t.lanes, work[2*size:]
			}
			for i := 0; i < m; i += mBlock {
				mb := min(mBlock, m-i)
				blockA, aRow, aStep := a.from(at(i, p, lda, adjA)), lda, 1
				if adjA {
					aRow, aStep = 1, lda
				}
				if packA {
					re, _, _ := pack(rest, blockA.Re, lda, mb, kb, false)
					im, _, _ := pack(rest[mb*kb:], blockA.Im, lda, mb, kb, false)
					blockA, aRow = Planar[T]{re, im}, kb
				}
				full := int(uint32(mb) / uint32(t.rows))
				for q, at := 0, 0; q < nb; q, at = q+t.lanes, at+panel {
					lanes := min(t.lanes, nb-q)
					pb, pc := panelB.from(at), c.from(i*ldc+j+q)
					next := ahead[T]{stored, behind, ldb}
					switch {
					case packB:
						next.at, next.step = behind+q*kb, t.lanes
					case q+lanes < nb:
						next.at = q + lanes
					}
					if full > 0 {
						t.run(blockA, aRow, aStep, pb, bStep, pc, ldc, kb, t.rows, lanes, full, adjA != adjB, adjA, add, next)
					}
					if f := full * t.rows; f < mb {
						t.run(blockA.from(f*aRow), aRow, aStep, pb, bStep, pc.from(f*ldc), ldc, kb, mb-f, lanes, 1, adjA != adjB, adjA, add, next)
					}
				}
			}
		}
	}
}

// packB copies kb rows and nb columns of op(B) into panels of t.lanes columns.
func (t *ctile[T]) packB(dst []T, kb, nb int, b []T, ldb int, trans bool) {
	for q := 0; q < nb; q += t.lanes {
		lanes := min(t.lanes, nb-q)
		panel, src := dst[q*kb:], b[at(0, q, ldb, trans):]
		if trans {
			t.transpose(panel, t.lanes, src, ldb, lanes, kb)
			continue
		}
		for r := range kb {
			copy(panel[r*t.lanes:r*t.lanes+lanes], src[r*ldb:r*ldb+lanes])
		}
	}
}

func checkPlanar[T Float](name string, rows, cols int, x Planar[T], ld int, trans bool) {
	checkMatrix(name, rows, cols, min(len(x.Re), len(x.Im)), ld, trans)
}

// ctileGo is the portable complex micro-kernel.
func ctileGo[T Float]() *ctile[T] {
	return &ctile[T]{rows: 4, lanes: 4, run: runComplex[T], transpose: transpose[T]}
}

// runComplex is ctile.run in Go, element by element.
func runComplex[T Float](a Planar[T], aRow, aStep int, b Planar[T], bStep int, c Planar[T], cRow, k, rows, lanes, tiles int, minusB, minusC, add bool, _ ahead[T]) {
	for i := range tiles * rows {
		for j := range lanes {
			var re, im T
			x, y := i*aRow, j
			for range k {
				ar, ai, br, bi := a.Re[x], a.Im[x], b.Re[y], b.Im[y]
				if minusB {
					bi = -bi
				}
				re += T(ar * br)
				re -= T(ai * bi)
				im += T(ar * bi)
				im += T(ai * br)
				x, y = x+aStep, y+bStep
			}
			if minusC {
				im = -im
			}
			if at := i*cRow + j; add {
				c.Re[at] += re
				c.Im[at] += im
			} else {
				c.Re[at], c.Im[at] = re, im
			}
		}
	}
}
