require("exponax")
if hasattr(os, "sched_setaffinity"):  # JAX takes as many threads as the process has processors
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])
startup("exponax")
counterpart(KIND == "etdrk")
import exponax, jax, jax.numpy as jnp

jax.block_until_ready(jax.jit(jax.grad(lambda x: jnp.sin(x) @ x))(jnp.zeros(9)))  # what the compiler takes at first use
BASELINE = peak()


def etdrk(equation, points, batch, steps):
    """A step is so many of the library's default steps (ETDRK2) of a batch, as one compiled loop."""
    make = {
        "ks1d": lambda: exponax.stepper.KuramotoSivashinskyConservative(1, 64.0, points, 0.1),
        "ks2d": lambda: exponax.stepper.KuramotoSivashinsky(2, 60.0, points, 0.1),
        "ns2d": lambda: exponax.stepper.NavierStokesVorticity(2, 1.0, points, 0.01, diffusivity=1e-3),
    }

    def prepare():
        stepper = make[equation]()
        u = 0.1 * jax.random.normal(jax.random.PRNGKey(0), (batch, 1) + (points,) * stepper.num_spatial_dims)
        run = jax.jit(jax.vmap(lambda u: jax.lax.fori_loop(0, steps, lambda _, v: stepper(v), u)))
        return lambda: run(u).block_until_ready()

    return {"": prepare}


serve("exponax", BASELINE, etdrk(**SPEC["problem"]))
