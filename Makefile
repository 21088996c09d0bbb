# `make` lists what there is. Everything sets itself up; nothing is done twice.
.DEFAULT_GOAL := help
.PHONY: help setup run serve test conformance nightly check fix bench docs

PYTHON ?= python3
BIN := .venv/bin
DEBUG := NDS_DEBUG=true NDS_HTTPS=false
DATABASE ?= sqlite
TESTS ?=  # files and folders; all without
# With DATABASE=d1 a command runs beside a local gateway, which real D1 databases stand behind.
GATEWAY := NDS_DEBUG=true $(BIN)/python manage.py d1 gateway --port 0
TEST_DATABASES := DB,TEST,TEST_gw0,TEST_gw1,BROWSER,BROWSER0,BROWSER1
ON_D1 = $(if $(filter d1,$(DATABASE)),$(GATEWAY) $(1) --)

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1	\2/' | expand -t 16

setup: .venv/.installed  ## make .venv with what the dashboard runs on

.venv/.installed: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

tests/node/node_modules/.installed: tests/node/package.json tests/node/package-lock.json
	@if command -v npm >/dev/null; then cd tests/node && npm ci --silent --no-audit --no-fund; \
	else mkdir -p tests/node/node_modules && echo "npm is not installed: tests that need it are skipped"; fi
	@touch $@

run: setup  ## serve demo data on http://127.0.0.1:8000 (DATABASE=d1: on a local D1)
	@$(call ON_D1,--folder var/d1) $(MAKE) --no-print-directory serve

serve:  # what `run` does beside the gateway
	@$(DEBUG) $(BIN)/python manage.py migrate --verbosity 0
	@$(DEBUG) $(BIN)/python manage.py demo --unless-filled
	@$(DEBUG) $(BIN)/python manage.py runserver 127.0.0.1:8000

test: .venv/.installed-dev tests/node/node_modules/.installed  ## all tests; says what was skipped and why (DATABASE=d1)
	$(call ON_D1,--databases $(TEST_DATABASES)) $(BIN)/pytest -n 2 $(if $(filter d1,$(DATABASE)),,--cov --cov-report=term:skip-covered) $(TESTS)

conformance: .venv/.installed-dev  ## Django's own tests on D1 and on SQLite, side by side
	$(BIN)/python -m tests.conformance --all

nightly: .venv/.installed-dev  ## the tests that take minutes: 20,000 random statements
	$(BIN)/pytest -n 2 -m nightly

check: .venv/.installed-dev  ## format, lint, types, imports, deployment, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	NDS_DEBUG=true $(BIN)/mypy .
	NDS_DEBUG=true $(BIN)/lint-imports
	NDS_SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
		$(BIN)/python manage.py check --deploy --fail-level WARNING
	NDS_DEBUG=true $(BIN)/python manage.py makemigrations --check

fix: .venv/.installed-dev  ## format, and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.installed-dev  ## the benchmarks, as JSON lines and a table
	$(BIN)/python -m tests.bench

docs: setup  ## write what is generated in docs/
	NDS_DEBUG=true $(BIN)/python manage.py schema_docs
