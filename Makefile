# A thin front of CMake: each target is what a person wants to do. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := release
SECONDS ?= 60
.PHONY: release dev asan tsan tidy format test check-all fuzz-diff quickstart conformance bench clean help setup
# No target ever talks to the cluster of an exported kubeconfig.
unexport KUBECONFIG
JOBS ?= $(shell nproc)
CORPUS ?= ../shared/corpus

release: setup ## Build the program: build/release/tiphys
	@cmake --preset release >/dev/null && cmake --build build/release -j $(JOBS) --target tiphys

dev: setup ## Debug build, warnings are errors
	@cmake --preset dev >/dev/null && cmake --build build/dev -j $(JOBS)

asan: setup ## Build with AddressSanitizer and UBSan
	@cmake --preset asan >/dev/null && cmake --build build/asan -j $(JOBS)

tsan: setup ## Build with ThreadSanitizer and run the unit tests under it
	@cmake --preset tsan >/dev/null && cmake --build build/tsan -j $(JOBS)
	@cd build/tsan && ctest --output-on-failure -j $(JOBS) -L unit

tidy: setup ## clang-tidy over every source
	@cmake --preset tidy >/dev/null && tools/tidy --all

format: setup ## clang-format every source in place
	@tools/format --fix

test: setup ## All tests under ASan+UBSan, formatting, clang-tidy of what changed
	@tools/run-tests

check-all: setup ## test, plus TSan, full clang-tidy, fuzzers
	@tools/check-all

fuzz-diff: setup ## Random cases beside Go and Helm (SECONDS=n, SEED=n, KIND=template|yaml|...)
	@SECONDS_TO_RUN=$(SECONDS) tools/fuzz-diff

quickstart: setup ## The main job on a control plane of its own (KEEP=1 leaves it up, CLUSTER=file uses yours)
	@tools/quickstart

conformance: release ## The renderer beside real Helm over the corpus (CORPUS=folder)
	@tools/conformance $(CORPUS)

bench: release ## Benchmarks
	@tools/setup bench
	@bench/run

clean: ## Remove build/
	rm -rf build

setup:
	@tools/setup

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | column -t -s "$$(printf '\t')"
