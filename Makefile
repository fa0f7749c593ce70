# Kolmogo: `make help` lists the targets. Go and make are all it takes.

SHELL    := bash
GO       ?= go
RELEASE  ?= $(shell git describe --tags --always 2>/dev/null || echo development)
REVISION ?= $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
LDFLAGS  := -s -w -X main.release=$(RELEASE) -X main.revision=$(REVISION)
KOLMOGO  := bin/kolmogo
# The race detector is for what runs goroutines and is cheap; the end-to-end tests run without it.
RACE     := ./datasets ./engine ./engine/cpu ./train ./export

# The CUDA backend needs Linux and a C compiler to build, and a C++ compiler to be tested on its simulated device.
LINUX    := $(filter linux,$(shell $(GO) env GOOS))
CC_      := $(if $(LINUX),$(shell command -v $$($(GO) env CC)))
CXX_     := $(if $(LINUX),$(shell command -v $$($(GO) env CXX)))
GPU      := CGO_ENABLED=1 CGO_CFLAGS='-O2 -g -I$(CURDIR)/cuda/include' CGO_CXXFLAGS='-O2 -g -I$(CURDIR)/cuda/include' $(GO)
SANITIZE := CGO_ENABLED=1 CGO_CFLAGS='-O1 -g -I$(CURDIR)/cuda/include' CGO_LDFLAGS=-fsanitize=undefined \
	CGO_CXXFLAGS='-O1 -g -I$(CURDIR)/cuda/include -fsanitize=address,undefined -fsanitize-sections=cusim_shared -fno-omit-frame-pointer' \
	ASAN_OPTIONS=detect_leaks=0:handle_segv=0:use_sigaltstack=0 $(GO)

.PHONY: help demo test build generate bench lint race clean-generated cuda gpu-check

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

build: ## make the one binary, bin/kolmogo; with the CUDA backend where there is a C compiler
	$(if $(CC_),$(GPU) build -tags gpu,CGO_ENABLED=0 $(GO) build) -trimpath -buildvcs=false -ldflags '$(LDFLAGS)' -o $(KOLMOGO) ./cmd/kolmogo

demo: build ## train, export, evaluate and roll out a neural operator: under two minutes on two cores
	@if [ -e runs/demo/rollout.json ]; then rm -rf runs/demo; fi
	$(KOLMOGO) train demo --run runs/demo --resume
	$(KOLMOGO) export runs/demo -o runs/demo/model.safetensors --check
	@echo
	@$(KOLMOGO) eval runs/demo --resolution 32,64,128 --metrics fno.rel_l2,rmse,max_error,fno.h1
	@echo
	@$(KOLMOGO) rollout runs/demo --steps 20 -o runs/demo/rollout.npz --report runs/demo/report.html
	@printf '\nfiles in runs/demo\n\n'
	@cd runs/demo && ls -1s --block-size=1K | sed '1d;s/^ *\([0-9]*\) \(.*\)/\1 \2/' | awk '{printf "%7d kB  %s\n", $$1, $$2}'
	@printf '\nwhat to try next\n\n'
	@printf '  %s\n' 'open runs/demo/report.html in a browser' \
		'$(KOLMOGO) rollout runs/demo --steps 200 --n 4      # ten times as far as the data' \
		'$(KOLMOGO) train demo --run runs/wide --set model.width=64' \
		'$(KOLMOGO) generate burgers_shock -o mine.kmg --n 50 --set parameters.nu=0.02' \
		'$(KOLMOGO) eval runs/demo --data mine.kmg           # another viscosity' \
		'$(KOLMOGO) config keys                              # everything that can be set'

lint: ## gofmt, vet, staticcheck
	@unformatted=$$("$$($(GO) env GOROOT)/bin/gofmt" -l .); if [ -n "$$unformatted" ]; then echo "run gofmt on:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	GOARCH=arm64 $(GO) vet ./engine/...

test: lint clean-generated ## everything that CI proves, in under 15 minutes on two cores
	$(GO) test -timeout 14m ./...
	@$(MAKE) --no-print-directory race
	@$(MAKE) --no-print-directory cuda

cuda: ## the CUDA backend on a simulated device, where there is a C++ compiler
ifeq ($(CXX_),)
	@echo 'cuda: skipped, the simulated device needs a C++ compiler'
else
	$(GPU) vet -tags gpu ./cuda/... ./cmd/kolmogo
	$(GPU) test -tags gpu -timeout 10m ./cuda/...
	$(GPU) test -tags gpu -timeout 10m -run 'CUDA|Device' ./cmd/kolmogo
	$(GPU) test -tags gpu -timeout 10m -run Golden ./models ./models/pinn ./models/constraint
	$(GPU) test -tags gpu -race -short -timeout 10m -run 'Run|State|Fault|Close|Refusals|Ahead|Buffers|Races' ./cuda ./cuda/sim
	$(SANITIZE) test -tags gpu -asan -short -timeout 10m -run 'Sanitizer|Train|Buffers|Vocabulary/ascending/Values' ./cuda ./cuda/sim
endif

gpu-check: build ## all that a machine with a GPU should prove: bin/gpu-check.tar.gz, run here if there is a driver
	rm -rf bin/gpu-check && mkdir -p bin/gpu-check
	$(GPU) test -tags gpu -c -o bin/gpu-check/cuda.test ./cuda
	$(GPU) test -tags gpu -c -o bin/gpu-check/kolmogo.test ./cmd/kolmogo
	$(GPU) test -tags gpu -c -o bin/gpu-check/models.test ./models
	$(GPU) test -tags gpu -c -o bin/gpu-check/pinn.test ./models/pinn
	$(GPU) test -tags gpu -c -o bin/gpu-check/constraint.test ./models/constraint
	cp $(KOLMOGO) cuda/gpu-check.sh bench/RESULTS-GPU.md bin/gpu-check/
	mkdir bin/gpu-check/golden && cp -r testdata/golden/{operators,pinn,constraints} bin/gpu-check/golden/
	tar -C bin -czf bin/gpu-check.tar.gz gpu-check
	@if [ -e /proc/driver/nvidia/version ]; then bin/gpu-check/gpu-check.sh; else \
		echo 'no NVIDIA driver here: carry bin/gpu-check.tar.gz to a machine that has one, unpack it and run gpu-check/gpu-check.sh'; fi

race: ## the cheap packages under the race detector, where there is a C compiler for it
	@if command -v gcc >/dev/null || command -v clang >/dev/null; then \
		echo '$(GO) test -race -short $(RACE)'; CGO_ENABLED=1 $(GO) test -race -short -timeout 20m $(RACE); \
	else echo 'race: skipped, the race detector needs a C compiler'; fi

generate: ## make all generated files
	$(GO) generate ./...

clean-generated:
	@sums() { grep -rlE '^// Code generated .* DO NOT EDIT\.$$' --include='*.go' --include='*.s' . | sort | xargs -r sha256sum; }; \
	before=$$(sums); $(GO) generate ./... && after=$$(sums); \
	if [ "$$before" != "$$after" ]; then echo 'generated files were not up to date; they are now:'; \
		diff <(echo "$$before") <(echo "$$after") | sed -n 's/^> [0-9a-f]*  /  /p'; exit 1; fi

bench: build ## time every entry beside PyTorch, JAX and Exponax, where Python has them, into bench/RESULTS.md
	$(KOLMOGO) bench all --against torch,jax,exponax -o bench/RESULTS.md
