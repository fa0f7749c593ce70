#!/usr/bin/env bash
# Proves the CUDA backend on the GPU of this machine: the vocabulary's suite, the losses of 200 steps beside the CPU's, runs that change
# the device and change back, the golden operators, and the suite under compute-sanitizer where there is one; then it times the steps
# beside those rivals whose first losses are ours. It needs a driver, no Go.
set -euo pipefail
cd "$(dirname "$0")"
export KOLMOGO_GPU=1
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv
./kolmogo doctor --device cuda
./cuda.test -test.timeout 20m -test.skip PTX # the files are not here
./kolmogo.test -test.v -test.timeout 10m -test.run 'OnCUDA|ChangesDevice' # prints how near the losses are
for suite in models pinn constraint; do
	KOLMOGO_GOLDEN=$PWD/golden ./$suite.test -test.timeout 20m -test.run Golden
done
if command -v compute-sanitizer >/dev/null; then
	compute-sanitizer --error-exitcode 1 ./cuda.test -test.short -test.timeout 60m -test.run 'Vocabulary|Training|Ahead|Buffers'
else
	echo 'compute-sanitizer is not installed: its run is skipped'
fi

# Ours beside PyTorch (eager with TF32, compiled, the whole step in a graph, the best real-valued one) and JAX, into RESULTS-GPU.md.
./kolmogo bench all --device cuda --against torch-eager,torch-compile,torch-graph,torch-real,jax -o RESULTS-GPU.md
cat RESULTS-GPU.md
