package pde

// The passes of radix 2, 3 and 4: for each p the runs a, b, c, d of s numbers of x become as many of y, their twiddle factors included.

func (st *stage[T]) radix2(y, x planes[T], step, s int) {
	jump := st.m * step
	for p := range st.m {
		wr, wi := st.re[p], st.im[p]
		ar, ai := x.re[p*step:][:s], x.im[p*step:][:s]
		br, bi := x.re[p*step+jump:][:s], x.im[p*step+jump:][:s]
		yr, yi := y.re[2*p*s:][:2*s], y.im[2*p*s:][:2*s]
		y0r, y0i, y1r, y1i := yr[:s], yi[:s], yr[s:][:s], yi[s:][:s]
		for q := range ar {
			y0r[q], y0i[q] = ar[q]+br[q], ai[q]+bi[q]
			tr, ti := ar[q]-br[q], ai[q]-bi[q]
			y1r[q], y1i[q] = wr*tr-wi*ti, wr*ti+wi*tr
		}
	}
}

func (st *stage[T]) radix3(y, x planes[T], step, s int) {
	const half, root = 0.5, 0.866025403784438646763723170752936183 // √3/2
	jump := st.m * step
	for p := range st.m {
		wr, wi := st.re[2*p:][:2], st.im[2*p:][:2]
		ar, ai := x.re[p*step:][:s], x.im[p*step:][:s]
		br, bi := x.re[p*step+jump:][:s], x.im[p*step+jump:][:s]
		cr, ci := x.re[p*step+2*jump:][:s], x.im[p*step+2*jump:][:s]
		yr, yi := y.re[3*p*s:][:3*s], y.im[3*p*s:][:3*s]
		y0r, y0i, y1r, y1i, y2r, y2i := yr[:s], yi[:s], yr[s:][:s], yi[s:][:s], yr[2*s:][:s], yi[2*s:][:s]
		w1r, w1i, w2r, w2i := wr[0], wi[0], wr[1], wi[1]
		for q := range ar {
			sr, si := br[q]+cr[q], bi[q]+ci[q]
			tr, ti := root*(bi[q]-ci[q]), root*(cr[q]-br[q]) // -i √3/2 (b-c)
			y0r[q], y0i[q] = ar[q]+sr, ai[q]+si
			ur, ui := ar[q]-half*sr, ai[q]-half*si
			vr, vi := ur+tr, ui+ti
			y1r[q], y1i[q] = w1r*vr-w1i*vi, w1r*vi+w1i*vr
			vr, vi = ur-tr, ui-ti
			y2r[q], y2i[q] = w2r*vr-w2i*vi, w2r*vi+w2i*vr
		}
	}
}

func (st *stage[T]) radix4(y, x planes[T], step, s int) {
	jump := st.m * step
	for p := range st.m {
		wr, wi := st.re[3*p:][:3], st.im[3*p:][:3]
		at := p * step
		ar, ai := x.re[at:][:s], x.im[at:][:s]
		br, bi := x.re[at+jump:][:s], x.im[at+jump:][:s]
		cr, ci := x.re[at+2*jump:][:s], x.im[at+2*jump:][:s]
		dr, di := x.re[at+3*jump:][:s], x.im[at+3*jump:][:s]
		yr, yi := y.re[4*p*s:][:4*s], y.im[4*p*s:][:4*s]
		y0r, y0i, y1r, y1i := yr[:s], yi[:s], yr[s:][:s], yi[s:][:s]
		y2r, y2i, y3r, y3i := yr[2*s:][:s], yi[2*s:][:s], yr[3*s:][:s], yi[3*s:][:s]
		w1r, w1i, w2r, w2i, w3r, w3i := wr[0], wi[0], wr[1], wi[1], wr[2], wi[2]
		for q := range ar {
			pr, pi := ar[q]+cr[q], ai[q]+ci[q]
			mr, mi := ar[q]-cr[q], ai[q]-ci[q]
			sr, si := br[q]+dr[q], bi[q]+di[q]
			tr, ti := bi[q]-di[q], dr[q]-br[q] // -i (b-d)
			y0r[q], y0i[q] = pr+sr, pi+si
			vr, vi := mr+tr, mi+ti
			y1r[q], y1i[q] = w1r*vr-w1i*vi, w1r*vi+w1i*vr
			vr, vi = pr-sr, pi-si
			y2r[q], y2i[q] = w2r*vr-w2i*vi, w2r*vi+w2i*vr
			vr, vi = mr-tr, mi-ti
			y3r[q], y3i[q] = w3r*vr-w3i*vi, w3r*vi+w3i*vr
		}
	}
}

// first4 is radix4 for runs of one number: the loop runs over p.
func (st *stage[T]) first4(y, x planes[T]) {
	m := st.m
	ar, br, cr, dr := x.re[:m], x.re[m:][:m], x.re[2*m:][:m], x.re[3*m:][:m]
	ai, bi, ci, di := x.im[:m], x.im[m:][:m], x.im[2*m:][:m], x.im[3*m:][:m]
	for p := range ar {
		wr, wi := st.re[3*p:][:3], st.im[3*p:][:3]
		yr, yi := y.re[4*p:][:4], y.im[4*p:][:4]
		pr, pi := ar[p]+cr[p], ai[p]+ci[p]
		mr, mi := ar[p]-cr[p], ai[p]-ci[p]
		sr, si := br[p]+dr[p], bi[p]+di[p]
		tr, ti := bi[p]-di[p], dr[p]-br[p]
		yr[0], yi[0] = pr+sr, pi+si
		vr, vi := mr+tr, mi+ti
		yr[1], yi[1] = wr[0]*vr-wi[0]*vi, wr[0]*vi+wi[0]*vr
		vr, vi = pr-sr, pi-si
		yr[2], yi[2] = wr[1]*vr-wi[1]*vi, wr[1]*vi+wi[1]*vr
		vr, vi = mr-tr, mi-ti
		yr[3], yi[3] = wr[2]*vr-wi[2]*vi, wr[2]*vi+wi[2]*vr
	}
}
