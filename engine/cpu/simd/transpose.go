package simd

// transpose is Kernels.Transpose in Go.
func transpose[T Float](dst []T, dstRow int, src []T, srcRow, rows, cols int) {
	checkTranspose(len(dst), dstRow, len(src), srcRow, rows, cols)
	if cols == 0 {
		return
	}
	for i := range rows {
		for j, v := range src[i*srcRow : i*srcRow+cols] {
			dst[j*dstRow+i] = v
		}
	}
}

func checkTranspose(dst, dstRow, src, srcRow, rows, cols int) {
	checkMatrix("source of Transpose", rows, cols, src, srcRow, false)
	checkMatrix("result of Transpose", cols, rows, dst, dstRow, false)
}
