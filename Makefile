# The verbs of the project. `make` alone lists them; each is a few readable lines.
# Needs Python 3.11 to 3.13 and make; everything else is installed below .venv and node_modules.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
BENCH := .venv-bench/bin
UV := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python
TIMED := $(PYTHON) .ci/timed.py
LIBRARY_TESTS := gausslib tests/library tests/formulas
CHECK_PYTHON := import sys; \
    sys.version_info[:2] in ((3, 11), (3, 12), (3, 13)) or sys.exit( \
    "gausslib needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is %d.%d: " % sys.version_info[:2] \
    + "name another one, as in: make PYTHON=python3.12 ...")
# Node is the one that requirements.txt pins, wherever the machine has another or none.
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Playwright brings a Node of its own, which needs a library that a bare Debian lacks.
export PLAYWRIGHT_NODEJS_PATH := $(CURDIR)/$(BIN)/node

BUNDLE := gausslib/widgets/static/stills.js

.PHONY: help serve site check test installed timed-site timed-library nightly canary audit linkcheck test-engines lab lint format bench bench-figures bench-site bundle browser engines dist lock clean

help:  ## list the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

serve: .venv/ready $(BUNDLE)  ## build the site, serve it on localhost, and build it again after every change
	$(BIN)/python book/_extension/serve.py --port $(PORT)

# Threads of linear algebra that wait for one another cost more than the small matrices here.
site: export OPENBLAS_NUM_THREADS ?= 1
site: .venv/ready $(BUNDLE)  ## build the site into _build/html (warnings are errors)
	@echo "== Building the site: every chapter is executed"
	$(BIN)/jupyter-book build --warningiserror --keep-going --nitpick .

check: lint $(BUNDLE)  ## check style, types and the library, in three minutes: enough while you work
	$(BIN)/pytest $(LIBRARY_TESTS) --numprocesses auto

test:  ## check everything: library, figures, chapters, the built site, JupyterLab
	@rm -f _build/steps.txt
	@$(TIMED) "installing" $(MAKE) --no-print-directory installed
	@$(MAKE) --jobs 2 --output-sync=target --no-print-directory timed-site timed-library
	@$(BIN)/coverage combine --quiet --append _build/.coverage.formulas
	@$(TIMED) "tests of the site" $(BIN)/pytest tests $(LIBRARY_TESTS:%=--ignore %) \
	    --numprocesses auto --cov --cov-append
	@cat _build/steps.txt

installed: .venv/ready $(BUNDLE) browser engines

# Each of these keeps one core busy: the chapters' cells run beside the library's tests.
PARTLY := --cov --cov-report= --cov-fail-under=0
timed-site:
	@$(TIMED) "style and types" $(MAKE) --no-print-directory lint
	@$(TIMED) "building the site" $(MAKE) --no-print-directory site
	@COVERAGE_FILE=_build/.coverage.formulas \
	    $(TIMED) "tests of the formulas" $(BIN)/pytest tests/formulas $(PARTLY)

timed-library:
	@rm -f .coverage
	@$(TIMED) "tests of the library" $(BIN)/pytest gausslib tests/library $(PARTLY)

nightly: .venv/ready $(BUNDLE) site browser engines  ## what is too slow for every push: all of `make test`, at length, and the canary
	$(BIN)/pytest --nightly --numprocesses auto
	$(MAKE) canary

canary: site  ## build with the newest Sphinx and MyST, without Jupyter Book, and name the pages that differ
	PYTHONPATH=book/_extension $(BIN)/python -m sitecheck.canary

audit: site browser  ## check every page of the built site, and every link (part of `make test`)
	$(BIN)/pytest tests/site/test_audit.py tests/site/test_links.py --numprocesses auto

linkcheck: .venv/ready $(BUNDLE)  ## ask for every page elsewhere that the book links to (needs the web)
	$(BIN)/jupyter-book build --builder custom --custom-builder linkcheck .

test-engines: site engines  ## test the figures on Firefox's and WebKit's engines (part of `make test`)
	$(BIN)/pytest tests/engines

lab: .venv/ready $(BUNDLE)  ## open JupyterLab; a chapter opens as a notebook by double-click
	$(BIN)/jupyter lab notebooks

lint: .venv/ready node_modules/ready  ## check style, types and declared packages of the Python and the JavaScript
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/deptry gausslib
	$(BIN)/deptry . tests book/_extension --non-dev-dependency-groups build,site,lab,test
	$(BIN)/python tests/support/npm_packages.py
	npm run --silent lint
	npm run --silent check

format: .venv/ready node_modules/ready  ## rewrite the Python, JavaScript and CSS in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	npm run --silent format

bench: .venv-bench/ready  ## measure accuracy and speed beside other libraries (about twenty minutes)
	$(BENCH)/python -m benchmark
	touch book/benchmark.md # so that the page is built from the new numbers

bench-figures: .venv/ready $(BUNDLE) browser  ## measure what a frame of a figure costs, and what the script weighs
	$(BIN)/python -m sitecheck.frames

bench-site: site browser  ## measure what each page weighs, when it is seen, and how soon it answers (a quarter of an hour)
	$(BIN)/python -m sitecheck.answers
	$(BIN)/python -m sitecheck.first_visits

bundle: $(BUNDLE)  ## bundle the figures' JavaScript into gausslib/widgets/static

browser: .venv/ready
	@$(BIN)/python sitecheck/browser.py

engines: .venv/ready
	@$(BIN)/python tests/engines/drivers.py

dist: .venv/ready $(BUNDLE)  ## make the wheel and the sdist in dist/
	$(BIN)/hatchling build

lock: .venv/ready  ## renew the pins of requirements.txt from the ranges of pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --all-extras --group build --group site --group lab --group test --universal \
	    --python-version 3.11 --fork-strategy fewest --upgrade --no-emit-index-url \
	    --custom-compile-command "make lock" --quiet --output-file requirements.txt

clean:  ## remove everything that `make` made
	rm -rf _build .venv .venv-bench .venv-canary node_modules dist gausslib/widgets/static benchmark/results.json

# --- what the verbs stand on -----------------------------------------------------------

# pip brings uv, and uv the rest, in seconds instead of minutes.
.venv/ready: requirements.txt pyproject.toml notebooks/lab-settings.json
	@$(PYTHON) -c '$(CHECK_PYTHON)'
	@echo "== Installing the Python packages into .venv"
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check $$(grep '^uv==' requirements.txt)
	$(UV) --requirement requirements.txt
	$(UV) --no-deps --no-build-isolation --editable .
	mkdir -p .venv/share/jupyter/lab/settings
	cp notebooks/lab-settings.json .venv/share/jupyter/lab/settings/overrides.json
	touch $@

# gausslib itself is imported from this folder. The libraries come one by one, because one that
# cannot be installed is no reason to stop: the tables name it as missing.
.venv-bench/ready: requirements.txt requirements-bench.txt
	@echo "== Installing the libraries to compare with into .venv-bench (torch is large)"
	$(PYTHON) -m venv .venv-bench
	$(BENCH)/pip install --quiet --disable-pip-version-check --constraint requirements.txt numpy scipy mpmath
	grep '^[a-zA-Z]' requirements-bench.txt | while read pin; do \
	    case $$pin in pytorch-fid*) alone=--no-deps ;; *) alone= ;; esac; \
	    $(BENCH)/pip install --quiet --disable-pip-version-check --constraint requirements.txt $$alone $$pin \
	        || echo "== $$pin cannot be installed here"; \
	done
	touch $@

node_modules/ready: package.json package-lock.json | .venv/ready
	@echo "== Installing the browser-side packages into node_modules"
	npm ci
	touch $@

# The formulas beside the figures come from the registry, which imports most of the library.
$(BUNDLE): $(wildcard gausslib/widgets/src/*/*) $(wildcard gausslib/widgets/*.mjs) $(wildcard gausslib/*.py gausslib/formulas/*.py) package.json node_modules/ready
	@echo "== Bundling the figures"
	npm run --silent bundle
