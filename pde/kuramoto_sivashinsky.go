package pde

// KuramotoSivashinsky is u_t + (1/2)(u²)_x + ν u_xx + u_xxxx = 0 on one periodic axis, ν = 1 in its usual form. The mean is conserved;
// for ν = 1 the flow is chaotic on lengths above about 40. Wavenumbers below √ν grow.
func KuramotoSivashinsky(nu float64) Equation {
	return Equation{Linear: []Symbol{Sum(Diffusion(-nu), HyperDiffusion(1))}, Term: ConservativeConvection(1), Axes: 1}
}

// KuramotoSivashinskyCombustion is u_t + (1/2)|∇u|² - mean[(1/2)|∇u|²] + ∇²u + ∇⁴u = 0 on a periodic box: the integrated form,
// whose derivative on one axis solves [KuramotoSivashinsky].
func KuramotoSivashinskyCombustion(axes int) Equation {
	return Equation{Linear: []Symbol{Sum(Diffusion(-1), HyperDiffusion(1))}, Term: GradientNorm(axes, 1), Axes: axes}
}

// KuramotoSivashinskySeparable is the same with Σ_j ∂_j⁴ in the place of ∇⁴, the mixed derivatives left out.
func KuramotoSivashinskySeparable(axes int) Equation {
	return Equation{Linear: []Symbol{Sum(Diffusion(-1), SeparableHyperDiffusion(1))}, Term: GradientNorm(axes, 1), Axes: axes}
}
