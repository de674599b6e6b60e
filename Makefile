# Vereda. “make help” says what there is.
SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

.PHONY: help run test lint types check-languages messages lock bench bench-search bench-finding bench-recommend bench-routes bench-hostile bench-duplicates endurance screenshots clean

help: ## What there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

run: $(VENV)/run translations-compiled ## Serve the demo city at http://127.0.0.1:8000 (HOST, PORT)
	@exec $(BIN)/vereda serve --prepare --host "$(HOST)" --port "$(PORT)"

test: $(VENV)/test translations-compiled lint types check-languages ## Everything that must hold, on SQLite, PostgreSQL and in Chromium
	$(BIN)/python -m pytest -n 3 --dist loadgroup --durations 25

lint: $(VENV)/test ## Style and import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/test ## mypy, strict
	$(BIN)/mypy

check-languages: $(VENV)/test ## The catalogues are complete and as the code says
	$(BIN)/python translations/check.py

messages: $(VENV)/test ## Bring the catalogues up to date with the code
	$(BIN)/python translations/update.py

bench: $(VENV)/test translations-compiled ## Import, index and search, measured
	$(BIN)/python benchmarks/foundation.py

SIZES ?= 10000 100000
bench-search: $(VENV)/bench ## The same searches in Vereda, Tantivy, SQLite FTS5 and Whoosh (SIZES)
	$(BIN)/python benchmarks/search_speed.py $(SIZES)

bench-finding: $(VENV)/bench ## How well searches find, in four languages and across, and did-you-mean (DATA)
	$(BIN)/python benchmarks/finding_quality.py $(DATA)

bench-recommend: $(VENV)/test translations-compiled ## How well Vereda recommends, beside its peers, and who is seen (DATA)
	$(BIN)/python benchmarks/recommend.py $(DATA)

bench-routes: $(VENV)/test ## Learning routes: limits kept, time, and the gap to the exact optimum (PEOPLE)
	$(BIN)/python benchmarks/routes.py $(if $(PEOPLE),--people $(PEOPLE))

bench-hostile: $(VENV)/bench ## Every string gets an answer: known killers and random Unicode
	$(BIN)/python benchmarks/hostile.py

bench-duplicates: $(VENV)/test translations-compiled ## Listings told twice: found, twins kept apart, and how fast (FILE)
	$(BIN)/python benchmarks/duplicates.py $(if $(FILE),--file $(FILE))

SECONDS ?= 60
ROUNDS ?= 100
endurance: $(VENV)/test translations-compiled ## Writers, readers, kill -9 and harmed files (SECONDS, ROUNDS)
	$(BIN)/python benchmarks/endurance.py --seconds $(SECONDS) --rounds $(ROUNDS)

screenshots: $(VENV)/test translations-compiled ## Make the pictures in docs/screenshots anew
	$(BIN)/python docs/screenshots/make.py

lock: $(VENV)/test ## Choose versions anew; the locks carry hashes and no addresses
	sh requirements/lock.sh

clean: ## Remove what was built; the data in var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: translations-compiled
translations-compiled: $(VENV)/run
	@$(BIN)/python translations/compile.py

# A marker a set of requirements: installed once, again when its lock changes.
$(VENV)/run: requirements/run.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Vereda needs Python 3.11 or newer"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --only-binary :all: -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test: $(VENV)/run requirements/test.txt
	$(PIP) install --require-hashes --only-binary :all: -r requirements/test.txt
	@touch $@

$(VENV)/bench: $(VENV)/test requirements/bench.txt
	$(PIP) install --require-hashes --only-binary :all: -r requirements/bench.txt
	@touch $@
