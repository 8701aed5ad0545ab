# Needs python3 (3.11 or later) and make; everything else is installed into .venv and .tools.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export RDFEXPORT_TOOLS := $(CURDIR)/.tools
# PFOCR_CORPUS (a folder of collections) and SHACL_SUITE (the W3C tests) are optional.

.PHONY: help demo test lint format tools dist packages audit clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11"; exit 2; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "python3 lacks its venv module: install it (Debian: apt-get install python3-venv)"; exit 2; }

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

demo: $(VENV)/.installed ## Export the records in examples/ to out/ and show what came out
	$(BIN)/rdfexport export examples --out out
	@echo
	@sed -n '/^# /,/^pmc:/p' out/core/PMC3811159__nihms512981f2.ttl | head -60

tools: $(VENV)/.installed-dev ## Install the independent parsers that tests compare with
	@PYTHON=$(BIN)/python bash tests/tools/setup.sh .tools

# Many tests wait for servers and processes, so two at a time take half as long, on one core too.
test: tools ## Run all tests
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

lint: $(VENV)/.installed-dev ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev ## Put the code in its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

dist: $(VENV)/.installed-dev ## Build the wheel and the source distribution into dist/
	rm -rf dist
	$(BIN)/uv build --quiet --out-dir dist .

packages: dist ## Try the wheel with the oldest and the newest dependencies it allows
	RDFEXPORT_DIST=$(CURDIR)/dist $(BIN)/python -m pytest tests/test_packaging.py

audit: $(VENV)/.installed-dev ## Compare the installed packages with the published advisories
	$(BIN)/uv pip freeze --quiet --python $(BIN)/python --exclude-editable > $(VENV)/installed.txt
	$(BIN)/uv tool run pip-audit --strict --no-deps --disable-pip --requirement $(VENV)/installed.txt

clean: ## Remove what make installed and exported
	rm -rf $(VENV) .tools dist out/core out/linkset out/wp
