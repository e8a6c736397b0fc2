# Everything starts here: `make run` shows Lotsen working on demo data, `make test` is what CI runs.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --require-hashes
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard lotsen/translations/*/LC_MESSAGES/*.po))
export PORT
# Processes that write down what they compile start in half a second less.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run dev test check lint trials bench catalogues translations screenshots audit lock audit-dependencies debian clean
.DEFAULT_GOAL := help

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

run: .venv/run.stamp catalogues ## set up everything and show it on demo data: web server and job runner
	@$(BIN)/python -m lotsen.config >/dev/null
	@exec $(BIN)/flask --app wsgi demo serve

dev: .venv/run.stamp catalogues ## a server that reloads when the code changes
	@$(BIN)/python -m lotsen.config >/dev/null
	@$(BIN)/flask --app wsgi db upgrade
	@$(BIN)/flask --app wsgi run --debug --port $(PORT)

test: ## everything that CI runs: what waits for the network beside what computes
	@$(MAKE) --no-print-directory -j2 .venv/dev.stamp debian
	@$(MAKE) --no-print-directory -j2 lint catalogues
	$(BIN)/python -m pytest -n 3 --dist loadgroup

check: .venv/dev.stamp lint catalogues ## the fast half: no browser, no long concurrency trials
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not browser and not slow"

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates

trials: .venv/dev.stamp catalogues ## all that may break, broken as often as docs/faults.md says (long), and written there
	@rm -f instance/faults.jsonl
	LOTSEN_TRIALS=1 LOTSEN_FIGURES=instance/faults.jsonl $(BIN)/python -m pytest -p no:randomly tests/faults \
	  tests/services/test_concurrency.py tests/services/test_life_machine_finds_bugs.py \
	  tests/test_hostile.py tests/test_killed_clicks.py tests/web/test_api_fuzzed.py
	$(BIN)/python -m tests.faults.figures instance/faults.jsonl

bench: .venv/dev.stamp catalogues ## speed and memory, one JSON object per figure (long)
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.land

catalogues: $(CATALOGUES)

%.mo: %.po | .venv/run.stamp
	@$(BIN)/pybabel --quiet compile -i $< -o $@ -l $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))

translations: .venv/dev.stamp ## collect new texts from the code into every catalogue
	$(BIN)/python -m lotsen.translations

screenshots: .venv/dev.stamp debian catalogues ## pictures of the main pages for the documents
	$(BIN)/python -m tests.browser.pictures

audit: .venv/dev.stamp debian catalogues ## every page in every language by a browser (long), written to docs/audit.md
	LOTSEN_LANGUAGES=all $(BIN)/python -m pytest -n 2 tests/web/test_scripts.py tests/browser/test_slow_phone.py
	$(BIN)/python -m tests.browser.audit

lock: .venv/dev.stamp ## resolve the dependencies anew and write them with hashes
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --strip-extras --allow-unsafe -o requirements.lock setup.cfg
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --strip-extras --allow-unsafe --extra dev -c requirements.lock -o requirements-dev.lock setup.cfg

debian: # Chromium for the browser tests, Pango for PDF
	@missing=$$(command -v chromium >/dev/null || echo chromium); \
	  for pair in libpango-1.0.so.0:libpango-1.0-0 libpangoft2-1.0.so.0:libpangoft2-1.0-0 libharfbuzz-subset.so.0:libharfbuzz-subset0; do \
	    /sbin/ldconfig -p | grep -qF "$${pair%:*}" || missing="$$missing $${pair#*:}"; done; \
	  [ -z "$$missing" ] || { echo "Installing from Debian's packages:" $$missing; \
	    if [ "$$(id -u)" = 0 ]; then SUDO=; else SUDO=sudo; fi; \
	    $$SUDO apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$SUDO apt-get install -y -qq --no-install-recommends $$missing; }

audit-dependencies: .venv/bin/python ## look for known vulnerabilities in what is installed (needs the network)
	@test -x .venv-audit/bin/pip-audit || { $(PYTHON) -m venv .venv-audit && .venv-audit/bin/pip --quiet install pip-audit; }
	@.venv-audit/bin/pip-audit --disable-pip --require-hashes -r requirements.lock || { \
	  echo "Where this names no vulnerability, the list of them could not be reached from here: nothing was checked." >&2; exit 1; }

clean: ## remove what can be made again; keeps instance/
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Lotsen needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.lock | .venv/bin/python
	@test -f .venv/dev.stamp -a .venv/dev.stamp -nt requirements.lock || { echo "Installing what Lotsen needs (once)"; $(PIP) -r requirements.lock; }
	@touch $@

.venv/dev.stamp: requirements-dev.lock | .venv/bin/python
	@echo "Installing what the tests need (once)"
	@$(PIP) --no-compile -r requirements-dev.lock  # Python compiles what it imports; all would take as long again
	@touch $@ .venv/run.stamp
