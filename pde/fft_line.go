package pde

// analyseLine is Analyse of rows of one number, an even number of them: the loops run along the line.
func (f *realLines[T]) analyseLine(re, im, x []T, a, b planes[T]) {
	m := f.n / 2
	x = x[:2*m]
	for j := range b.re {
		b.re[j], b.im[j] = x[2*j], x[2*j+1]
	}
	z := f.p.run(b, 1, a, b)
	scale := 1 / T(f.n)
	re, im = re[:f.bins], im[:f.bins]
	cos, sin := f.cos[:f.bins], f.sin[:f.bins]
	re[0], im[0] = scale*(z.re[0]+z.im[0]), 0
	if f.bins == m+1 {
		re[m], im[m] = scale*(z.re[0]-z.im[0]), 0
	}
	scale /= 2
	for k := 1; k < min(f.bins, m); k++ {
		ar, ai, br, bi := z.re[k], z.im[k], z.re[m-k], z.im[m-k]
		c, s := cos[k], sin[k]
		or, oi := ai+bi, br-ar
		re[k] = scale * (ar + br + c*or + s*oi)
		im[k] = scale * (ai - bi + c*oi - s*or)
	}
}

// synthesiseLine is Synthesise of rows of one number, an even number of them.
func (f *realLines[T]) synthesiseLine(x, re, im []T, a, b planes[T]) {
	m := f.n / 2
	re, im = re[:f.bins], im[:f.bins]
	at := func(k int) (r, i T) {
		switch {
		case k >= f.bins:
			return 0, 0
		case k == 0 || k == m:
			return re[k], 0
		}
		return re[k], im[k]
	}
	// a full line has a conjugate for every mode; a shorter one lacks some
	for k, j := 0, m; k <= j; k, j = k+1, j-1 {
		ar, ai := at(k)
		br, bi := at(j)
		c, s := f.cos[k], f.sin[k]
		er, ei := ar+br, ai-bi
		dr, di := ar-br, ai+bi
		or, oi := c*di+s*dr, c*dr-s*di // i e^(iθ) d = (-or) + i oi
		b.re[k], b.im[k] = er-or, ei+oi
		if j < m {
			b.re[j], b.im[j] = er+or, oi-ei
		}
	}
	z := f.p.run(planes[T]{b.im, b.re}, 1, a, b)
	x = x[:2*m]
	for j := range m {
		x[2*j], x[2*j+1] = z.im[j], z.re[j]
	}
}
