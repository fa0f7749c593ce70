# Kolmogo needs Go and make; everything else is in go.mod. `make help` lists the targets.
SHELL   := /bin/bash
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
KOLMOGO := bin/kolmogo
RUN     ?= runs/demo

.PHONY: help demo test build generate bench lint

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 12

build: ## the one binary, bin/kolmogo
	@mkdir -p bin
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)' -o $(KOLMOGO) ./cmd/kolmogo

demo: build ## generate data, train, evaluate, roll out, plot and export a neural operator: about three minutes on two cores
	@if ! $(KOLMOGO) train demo --run $(RUN) --resume; then \
	  echo 'make demo: $(RUN) cannot be continued; remove it (rm -r $(RUN)) to start again' >&2; exit 1; fi
	$(KOLMOGO) export $(RUN) -o $(RUN)/demo.safetensors --check
	$(KOLMOGO) rollout $(RUN) --steps 20 --report $(RUN)/report.html
	$(KOLMOGO) eval $(RUN) --resolution 64,32,128
	@echo
	@echo 'Written to $(RUN):'
	@ls -1 $(RUN) | sed 's/^/  /'
	@echo 'Try next:'
	@echo '  open $(RUN)/report.html'
	@echo '  $(KOLMOGO) rollout $(RUN) --steps 200 -o long.npz'
	@echo '  $(KOLMOGO) train demo --run runs/wide --set model.width=64'
	@echo '  $(KOLMOGO) inspect FILE        # your own data, and a configuration for it'

lint: ## formatting, vet, staticcheck
	@test -z "$$(gofmt -l $$(git ls-files '*.go' 2>/dev/null || find . -name '*.go'))" || { echo 'gofmt these files:'; gofmt -l .; exit 1; }
	go vet ./...
	go tool staticcheck ./...

generate: ## every generated file
	go generate ./...

test: lint ## everything that must hold: lint, generated files, unit, golden, fuzz seeds, end to end, races
	@if git rev-parse --git-dir >/dev/null 2>&1; then \
	  before=$$(git status --porcelain | sha256sum); $(MAKE) -s generate; \
	  [ "$$before" = "$$(git status --porcelain | sha256sum)" ] || { echo 'generated files are stale: run make generate and commit'; git status --short; exit 1; }; fi
	go test -timeout 20m ./...
	@if command -v gcc >/dev/null; then go test -race -timeout 20m ./datasets ./engine/... ./train ./export -short; \
	  else echo 'no C compiler: the race detector is left out'; fi
	GOARCH=arm64 go vet ./engine/...

bench: ## Go benchmarks of the kernels and of a training step
	go test -run '^$$' -bench . -benchtime 1s ./engine/... ./train
