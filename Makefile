# govlog: `make run` shows it, `make test` checks it. Python 3.11 or later and make are all it needs.

.DEFAULT_GOAL := help
.PHONY: help run test check oracle bench verifier lock image clean

VENV := .venv
BIN := $(VENV)/bin
export PORT ?= 8000
export GOVLOG_DATA ?= var/demo

# The first Python on the path that is new enough and can make virtual environments. 3.14 comes last
# of the numbered ones because some packages of the lock have no ready wheel for it yet.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python3.14 python; do \
	$$python -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo $$python && break; done)

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile | expand -t 14

run: $(VENV)/.ready-to-run ## the demonstration on http://127.0.0.1:8000 (PORT and GOVLOG_DATA change where)
	@$(BIN)/govlog demo --if-absent
	@exec $(BIN)/govlog serve

test: $(VENV)/.ready-to-test ## the whole test suite (ARGS for pytest)
	@$(BIN)/python -m pytest -n auto $(ARGS)

check: $(VENV)/.ready-to-test ## style, types, layers and architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_architecture.py tests/test_packaging.py

oracle: $(VENV)/.ready-to-test ## made-up histories against the oracle, some minutes (SEED=7 others; ARGS="--minutes 60")
	@$(BIN)/python -m tests.oracle $(if $(SEED),--seed $(SEED)) $(ARGS)

bench: $(VENV)/.ready-to-test ## the quick benchmarks, as ratios beside raw routes
	@$(BIN)/python -m bench

verifier: $(VENV)/.ready-to-run ## dist/govlog-verify.pyz, which needs only Python and cryptography
	@$(BIN)/python -m govlog.ledger.verifier.single_file dist/govlog-verify.pyz

lock: $(VENV)/bin/python ## pin every package again, with hashes and no addresses
	@$(BIN)/pip install --quiet --upgrade uv
	$(BIN)/uv pip compile $(LOCK) --extra build pyproject.toml --output-file requirements-run.lock
	$(BIN)/uv pip compile $(LOCK) --extra build --extra dev --constraint requirements-run.lock \
		pyproject.toml --output-file requirements.lock

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --strip-extras --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links

image: ## a container image named govlog
	docker build --tag govlog .

clean: ## remove what make made, except the data under ./var
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.ready-to-run: requirements-run.lock pyproject.toml | $(VENV)/bin/python
	@$(call install,requirements-run.lock)
	@touch $@

$(VENV)/.ready-to-test: requirements.lock pyproject.toml | $(VENV)/bin/python
	@$(call install,requirements.lock)
	@touch $@ $(VENV)/.ready-to-run

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or later with venv was found; install one" \
		"(Debian, Ubuntu: apt install python3-venv) or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

# Everything comes from the lock, each file checked against its hash; then the project itself, as a
# path to this folder. pip talks to the index only for what its cache does not hold.
define install
echo "Installing the $$(grep -c '==' $(1)) packages pinned in $(1); the first time takes a minute or two"; \
$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement $(1) \
&& $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . \
|| { echo "make: pip could not install the packages (its reason is above);" \
	"once the network is back, run the same command again" >&2; exit 1; }
endef
