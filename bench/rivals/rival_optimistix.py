require("optimistix")
if hasattr(os, "sched_setaffinity"):  # JAX takes as many threads as the process has processors
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])
startup("optimistix")
counterpart(KIND == "fit")
import jax

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp, optimistix

jax.block_until_ready(jax.jit(jax.grad(lambda x: jnp.sin(x) @ x))(jnp.zeros(9)))  # what the compiler takes at first use
BASELINE = peak()


def fit(solves, points, basis, tolerance):
    """Levenberg and Marquardt from w = 0, all solves together; the Jacobian as a whole or by products, whichever way is faster."""
    keys = jax.random.split(jax.random.PRNGKey(0), 7)
    fields = [jax.random.normal(k, (solves, points, basis), jnp.float64) / 8 for k in keys[:5]]
    truth = jax.random.normal(keys[5], (solves, basis), jnp.float64) / 3

    def rows(w, data):
        f = [x @ w for x in data[:5]]
        return f[0] + f[1] * f[2] + f[3] * f[4] - data[5]

    zero = jnp.zeros((solves, points))
    b = jax.vmap(rows)(truth, (*fields, zero)) + jax.random.normal(keys[6], (solves, points), jnp.float64) / 100

    def prepare(linear):
        solver = optimistix.LevenbergMarquardt(rtol=tolerance, atol=tolerance, linear_solver=linear) if linear else optimistix.LevenbergMarquardt(rtol=tolerance, atol=tolerance)
        one = lambda start, *data: optimistix.least_squares(rows, solver, start, args=data, max_steps=50, throw=False).value
        run = jax.jit(jax.vmap(one))
        return lambda: run(jnp.zeros((solves, basis)), *fields, b).block_until_ready()

    import lineax

    return {"QR": lambda: prepare(None), "normal equations": lambda: prepare(lineax.Normal(lineax.Cholesky())) if hasattr(lineax, "Normal") else prepare(lineax.NormalCG(rtol=1e-8, atol=1e-8))}


serve("optimistix", BASELINE, fit(**SPEC["problem"]))
