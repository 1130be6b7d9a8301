# Needs make and Python 3.11; the rest is fetched into this folder by tools/bootstrap.py.
#   make demo [PUPILS=1000] [SERVE=1]   a made-up borough and its day, then the pages on http://127.0.0.1:8000
#   make test                           every test
#   make check | fix                    style, types, layers: look | mend
#   make bench | docs                   measures | the generated pages of the manual
#   make bench-gate | mutate            the sharing gate: two evaluators over a million requests | each small wrong change
#   make bench-returns [SIZES="1000 10000 50000"] [ALL_PEERS=1]
#                                       both social care returns beside the published checkers, which it installs

# the first of these that runs and is new enough; when none is, the set-up says so
PYTHON ?= $(or $(shell for python in python3.11 python3 python3.12 python3.13; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done),python3)
PUPILS ?= 1000
SERVE ?= 1
WORKERS ?= 2
BIN := .venv/bin

.PHONY: demo test check fix bench bench-returns bench-gate mutate docs setup setup-tests
.DEFAULT_GOAL := demo

demo: setup
	@PUPILS='$(PUPILS)' SERVE='$(SERVE)' $(BIN)/fairhold demo

test: setup-tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder tests

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fix: setup
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup
	@$(BIN)/python -m bench.run

bench-returns: setup
	@$(BIN)/python -m bench.returns $(SIZES) $(if $(ALL_PEERS),--all-peers)

bench-gate: setup
	@$(BIN)/python -m bench.run gate

mutate: setup
	@$(BIN)/python -m bench.mutate

docs: setup
	@$(BIN)/fairhold docs

setup:
	@$(PYTHON) tools/bootstrap.py

setup-tests:
	@$(PYTHON) tools/bootstrap.py --tests
