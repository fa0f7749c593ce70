package pde

// transform is the discrete Fourier transform of real arrays [x0, x1, …, trajectory], û_k = (1/n) Σ_j u_j exp(-2πi k·j/n), to some
// integer wavenumbers around zero on every axis: 0..Last on x0, First..Last on the others.
//
// Each axis is transformed while it is the first, all others lying inside its rows, and then moved behind them. So spectra are
// [k_d-1, k_0, …, k_d-2, trajectory], the order in which [transform.wavenumber] counts. It allocates only when it is made.
type transform[T Float] struct {
	k      Kernels[T]
	points []int
	ranges []span // of wavenumbers, per axis
	size   int    // points of one trajectory
	modes  int    // coefficients of one trajectory
	batch  int
	real   RealFFT[T]
	others []ComplexFFT[T] // for the axes from 1 on
	a, b   planes[T]
	work   []T
}

// span is the integer wavenumbers first..last.
type span struct{ first, last int }

func (s span) count() int { return s.last - s.first + 1 }

// every is all wavenumbers of an axis of n points; on the first axis those below zero are conjugates.
func every(axis, n int) span {
	if axis == 0 {
		return span{0, n / 2}
	}
	return span{-(n / 2), (n - 1) / 2}
}

// upTo is the wavenumbers |m| ≤ largest of an axis of n points.
func upTo(axis, n, largest int) span {
	s := every(axis, n)
	return span{max(s.first, -largest), min(s.last, largest)}
}

func newTransform[T Float](k Kernels[T], points []int, ranges []span, batch int) *transform[T] {
	t := &transform[T]{k: k, points: points, ranges: ranges, size: 1, modes: 1, batch: batch}
	for axis, n := range points {
		t.size *= n
		t.modes *= ranges[axis].count()
	}
	width := t.size / points[0] * batch
	t.real = realFFT(k, points[0], ranges[0].last+1, width)
	most, work := ranges[0].count()*width, t.real.Work(width)
	for axis := 1; axis < len(points); axis++ {
		f := complexFFT(k, points[axis], ranges[axis].first, ranges[axis].count())
		width = width / points[axis] * ranges[axis-1].count()
		most = max(most, width*points[axis])
		work = max(work, f.Work(width))
		t.others = append(t.others, f)
	}
	if len(points) > 1 {
		t.a, t.b = planes[T]{make([]T, most), make([]T, most)}, planes[T]{make([]T, most), make([]T, most)}
	}
	t.work = make([]T, work)
	return t
}

// wavenumber is the integer wavenumber of a flat mode index along an axis.
func (t *transform[T]) wavenumber(axis, mode int) int {
	d := len(t.points)
	for i := d - 2; i >= 0; i-- { // the last place counts k_d-2, the first k_d-1
		n := t.ranges[i].count()
		if i == axis {
			return t.ranges[i].first + mode%n
		}
		mode /= n
	}
	return t.ranges[d-1].first + mode
}

func (t *transform[T]) forward(dst planes[T], u []T) {
	width := t.size / t.points[0] * t.batch
	out := t.a
	if len(t.others) == 0 {
		out = dst
	}
	t.real.Analyse(out.re, out.im, u, width, t.work)
	for i, f := range t.others {
		axis := i + 1
		rows, inside := t.ranges[i].count(), width
		t.turn(t.b.re, t.a.re, rows, inside/t.batch)
		t.turn(t.b.im, t.a.im, rows, inside/t.batch)
		width = inside / t.points[axis] * rows
		if axis == len(t.others) {
			out = dst
		}
		f.Analyse(out.re, out.im, t.b.re, t.b.im, width, t.work)
	}
}

func (t *transform[T]) inverse(dst []T, u planes[T]) {
	width := t.modes / t.ranges[len(t.points)-1].count() * t.batch
	in := u
	for i := len(t.others) - 1; i >= 0; i-- {
		axis := i + 1
		t.others[i].Synthesise(t.b.re, t.b.im, in.re, in.im, width, t.work)
		rows := t.ranges[i].count()
		inside := width / rows * t.points[axis]
		t.turn(t.a.re, t.b.re, inside/t.batch, rows)
		t.turn(t.a.im, t.b.im, inside/t.batch, rows)
		in, width = t.a, inside
	}
	t.real.Synthesise(dst, in.re, in.im, width, t.work)
}

// turn takes src [rows, columns, trajectory] to dst [columns, rows, trajectory].
func (t *transform[T]) turn(dst, src []T, rows, columns int) {
	if t.batch == 1 {
		t.k.Transpose(dst, src, rows, columns)
		return
	}
	for i := range rows {
		for j := range columns {
			copy(dst[(j*rows+i)*t.batch:][:t.batch], src[(i*columns+j)*t.batch:])
		}
	}
}
