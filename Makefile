# Two promises: `make plan` sets up and runs the main job; `make test` sets up and passes all tests.
SIG ?= clonazepam 1 mg twice daily
OPTIONS ?= --since 2023-11 --age 62 --start 2026-12-07 --today 2026-11-22 --region US
OUT ?= out
PYTHON ?= python3
VENV ?= .venv
JOBS ?= 2
BIN := $(VENV)/bin

.PHONY: plan test lint bench validate grid mutants tapertools facts docs requirements system-packages clean help

help:  ## Say what each target does
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/:/'

plan: $(VENV)/.plan  ## Plan a sample line (or SIG="lorazepam 1 mg three times daily"), with PDF and tables in out/
	$(BIN)/glidepath plan "$(SIG)" $(OPTIONS) --out $(OUT) --force

test: $(VENV)/.test system-packages lint  ## Install what the tests need and run all of them
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

lint: $(VENV)/.test  ## Style, types, layer order, and whether generated files are up to date
	$(BIN)/ruff check src tests benchmarks tools
	$(BIN)/ruff format --check src tests benchmarks tools
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m glidepath.facts.compile --check

bench: $(VENV)/.test  ## Print timings as a table with machine details; nothing is asserted
	$(BIN)/python -m benchmarks.timings
	$(BIN)/python -m benchmarks.simulator

validate: $(VENV)/.test  ## Hold the simulator against published figures and write docs/reference/validation.md
	$(BIN)/python -m tools.validation

grid: $(VENV)/.test  ## Plan the full grid and check every plan twice, on all cores, resumable (GRID=100000 for a part)
	$(BIN)/python -m benchmarks.grid $(if $(GRID),--cases $(GRID))

mutants: $(VENV)/.mutants  ## Make hundreds of small mistakes in copies of the code and see whether the tests notice
	$(BIN)/python -m tools.mutants --jobs $(JOBS)

tapertools: $(VENV)/.test  ## Score taper tools on the benchmark's cases and write docs/reference/tapertools.md
	$(BIN)/python -m benchmarks.tapertools

facts: $(VENV)/.test  ## Compile the drug facts after editing their YAML
	$(BIN)/python -m glidepath.facts.compile

docs: $(VENV)/.test  ## Generate the reference pages and the README's picture
	$(BIN)/python -m tools.reference

requirements: $(VENV)/.test  ## Pin the requirement files again, with hashes and without index addresses
	$(BIN)/python -m tools.pin

# The environment is made without its own pip (Debian keeps that in a package apart) and filled by the machine's pip.
PIP = $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check install --quiet

$(VENV)/.made:
	$(PYTHON) -m venv --without-pip $(VENV)
	touch $@

$(VENV)/.plan: $(VENV)/.made requirements/plan.txt pyproject.toml
	$(PIP) --require-hashes -r requirements/plan.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.test: $(VENV)/.made requirements/test.txt pyproject.toml
	$(PIP) --require-hashes -r requirements/test.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@ $(VENV)/.plan

$(VENV)/.mutants: $(VENV)/.made requirements/mutants.txt pyproject.toml
	$(PIP) --require-hashes -r requirements/mutants.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@ $(VENV)/.test $(VENV)/.plan

# Nothing but Python packages is needed so far; this says so instead of staying silent.
system-packages:
	@echo "No Debian packages are needed by the tests."

clean:  ## Remove the environment, caches and outputs
	rm -rf $(VENV) $(OUT) .pytest_cache .mypy_cache .ruff_cache .hypothesis build src/*.egg-info
