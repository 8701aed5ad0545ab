# Needs python3 (3.11 or later) and make; everything else is installed into .venv and .tools.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export RDFEXPORT_TOOLS := $(CURDIR)/.tools
# PFOCR_CORPUS (a folder of collections) and SHACL_SUITE (the W3C tests) are optional.

.PHONY: help demo check test lint format tools dist packages lock audit sbom yasgui clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11"; exit 2; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "python3 lacks its venv module: install it (Debian: apt-get install python3-venv)"; exit 2; }

# pip, so that its settings hold (a mirror, a proxy); uv only says what uv.lock has.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
EXPORT := $(BIN)/uv export --quiet --frozen --no-emit-project

$(BIN)/uv: | $(BIN)/python
	$(INSTALL) uv==0.13.9

$(VENV)/.installed: pyproject.toml uv.lock | $(BIN)/uv
	$(EXPORT) --output-file $(VENV)/locked.txt
	$(INSTALL) --no-deps --require-hashes --requirement $(VENV)/locked.txt
	$(INSTALL) --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml uv.lock | $(BIN)/uv
	$(EXPORT) --extra dev --output-file $(VENV)/locked.txt
	$(INSTALL) --no-deps --require-hashes --requirement $(VENV)/locked.txt
	$(INSTALL) --no-deps --editable .
	@touch $@ $(VENV)/.installed

demo: $(VENV)/.installed ## Export the records in examples/ to out/ and show what came out
	$(BIN)/rdfexport export examples --out out
	@echo
	@sed -n '/^# /,/^pmc:/p' out/core/PMC3811159__nihms512981f2.ttl | head -60

tools: $(VENV)/.installed-dev ## Install the independent parsers that tests compare with
	@PYTHON=$(BIN)/python bash tests/tools/setup.sh .tools

# Tests that start no server, browser or other tool, and take no second each.
FAST := read normalise mapping graph/test_golden.py terms sources net/test_net.py project/test_layers.py project/test_docs.py

check: lint ## Check style and types, and run the fast tests: for everyday work
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(addprefix tests/,$(FAST))

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
	RDFEXPORT_DIST=$(CURDIR)/dist $(BIN)/python -m pytest tests/project/test_packaging.py

lock: $(VENV)/.installed-dev ## Update uv.lock after a change of pyproject.toml
	$(BIN)/uv lock --default-index https://pypi.org/simple

audit: $(VENV)/.installed-dev ## Compare the packages of uv.lock with the published advisories
	@$(BIN)/python -c 'import json, urllib.request as web; \
	  json.load(web.urlopen("https://pypi.org/pypi/pip/25.0/json", timeout=30))["vulnerabilities"]' \
	  2> $(VENV)/audit.log || { tail -n 1 $(VENV)/audit.log; \
	  echo "PyPI's advisories cannot be read from here, so nothing was compared:" \
	    "run make audit where they can"; exit 2; }
	$(EXPORT) --all-extras --output-file $(VENV)/audited.txt
	$(BIN)/uv tool run pip-audit --strict --no-deps --disable-pip --requirement $(VENV)/audited.txt

sbom: $(VENV)/.installed-dev ## Write dist/sbom.cdx.json, the packages of uv.lock as CycloneDX
	@mkdir -p dist
	$(BIN)/uv export --quiet --frozen --all-extras --preview-features sbom-export \
	  --format cyclonedx1.5 --output-file dist/sbom.cdx.json

yasgui: ## Compare the query editor that is shipped with what npm's package makes
	$(PYTHON) tools/fetch_yasgui.py --check

clean: ## Remove what make installed and exported
	rm -rf $(VENV) .tools dist out/core out/linkset out/wp
