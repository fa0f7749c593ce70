package onnx

import "github.com/kolmogo/kolmogo/op"

// conv writes a correlation; ONNX has channels before the grid, and kernels [out, in, k..].
func (s *site) conv(o op.ConvOp) string {
	y := s.node("Conv", []string{s.channelsFirst(s.names[0]), s.kernel(s.names[1], s.in[1].Dims().Rank())}, "",
		Attribute{Name: "strides", Ints: int64s(o.Stride.Slice())}, Attribute{Name: "dilations", Ints: int64s(o.Dilation.Slice())})
	return s.channelsLast(y)
}

// convTranspose writes the adjoint of a correlation, with kernels [out, in, k..] of the correlation; positions behind the last one that
// the kernel reaches are zeros.
func (s *site) convTranspose(o op.ConvTransposeOp) string {
	m, k := s.in[0].Dims(), s.in[1].Dims()
	behind := make([]int, o.Size.Rank())
	for i := range behind {
		behind[i] = o.Size.At(i) - o.Stride.At(i)*(m.At(i+1)-1) - o.Dilation.At(i)*(k.At(i)-1) - 1
	}
	y := s.node("ConvTranspose", []string{s.channelsFirst(s.names[0]), s.kernel(s.names[1], s.in[1].Dims().Rank())}, "",
		Attribute{Name: "strides", Ints: int64s(o.Stride.Slice())}, Attribute{Name: "dilations", Ints: int64s(o.Dilation.Slice())},
		Attribute{Name: "output_padding", Ints: int64s(behind)})
	return s.channelsLast(y)
}

// depthwise writes a correlation of each channel by itself, with kernels [channel, 1, k..].
func (s *site) depthwise() string {
	k := s.in[1].Dims()
	w := s.reshape(s.names[1], k.Cut(0, k.Rank()-1).Append(1, k.At(-1)).Slice()...)
	y := s.node("Conv", []string{s.channelsFirst(s.names[0]), s.kernel(w, k.Rank()+1)}, "", Attribute{Name: "group", Int: int64(k.At(-1))})
	return s.channelsLast(y)
}

// kernel turns [k.., C, O] to [O, C, k..].
func (s *site) kernel(w string, rank int) string {
	perm := []int{rank - 1, rank - 2}
	for i := range rank - 2 {
		perm = append(perm, i)
	}
	return s.permute(w, perm...)
}

// channelsFirst turns [B, n.., C] to [B, C, n..].
func (s *site) channelsFirst(x string) string {
	r := s.in[0].Dims().Rank()
	perm := []int{0, r - 1}
	for i := 1; i < r-1; i++ {
		perm = append(perm, i)
	}
	return s.permute(x, perm...)
}

// channelsLast turns [B, C, n..] to [B, n.., C].
func (s *site) channelsLast(x string) string {
	r := s.out.Dims().Rank()
	perm := []int{0}
	for i := 2; i < r; i++ {
		perm = append(perm, i)
	}
	return s.permute(x, append(perm, 1)...)
}
