package pde

// KuramotoSivashinsky is u_t + (1/2)(u²)_x + u_xx + u_xxxx = 0 on one periodic axis. The mean is conserved;
// the flow is chaotic on lengths above about 40.
func KuramotoSivashinsky() Equation {
	return Equation{Linear: []Symbol{Sum(Diffusion(-1), HyperDiffusion(1))}, Term: ConservativeConvection{Scale: 1}}
}

// KuramotoSivashinskyCombustion is u_t + (1/2)|∇u|² - mean[(1/2)|∇u|²] + ∇²u + ∇⁴u = 0 on a periodic box: the integrated form,
// whose derivative on one axis solves [KuramotoSivashinsky].
func KuramotoSivashinskyCombustion() Equation {
	return Equation{Linear: []Symbol{Sum(Diffusion(-1), HyperDiffusion(1))}, Term: GradientNorm{Scale: 1}}
}
