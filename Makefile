# Everything starts here: `make run` and `make test` set up what they need on a machine with Python 3.11+ and make.
# Paths are relative, so that a folder with spaces or Chinese characters in its name works.
.DELETE_ON_ERROR:
.PHONY: help run demo test journeys faults check bench client audit sbom clean lock setup setup-dev messages

# Where a machine keeps no bytecode, each of our processes would compile all of our modules anew: half a second of its start.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python
JOBS ?= 3
# Settings for looking at the code without running it, as a server behind a TLS proxy would have them.
STATIC := DATABASE_URL=postgresql://nobody@127.0.0.1/none REDIS_URL=redis://127.0.0.1/0 BLIND_INDEX_KEY=none \
	FIELD_KEY=bm90LWEta2V5LW5vdC1hLWtleS1ub3QtYS1rZXkhISE= BEHIND_TLS_PROXY=yes JIDAN_EMBEDDED=no \
	SECRET_KEY=fifty-characters-that-are-only-here-to-please-the-check-0123456789

help:
	@echo "make run    set up, play one round if the database is empty, then serve (Ctrl-C stops everything)"
	@echo "make demo   play a whole round with real processes, check every total, leave var/demo/summary.json"
	@echo "make test   the tests, on real servers; but for the journeys"
	@echo "make journeys  the demo, \`up\`, browsers, the generated client, a short fuzz: the tests that take a whole installation"
	@echo "make faults break processes, servers, disk and clocks in the middle of rounds; nothing may be lost or twice"
	@echo "make check  linters, types, import contracts, migrations, translations"
	@echo "make fuzz   20,000 requests out of the API's schema, good and bad, against a running server"
	@echo "make client a typed Python client of the API, made out of its schema, in var/client"
	@echo "make bench  ratios against a limit measured in the same run"
	@echo "make audit  known weaknesses of what is locked, by an advisory database on the net; make sbom lists the parts"
	@echo "make clean  remove everything that can be made again (also the data under var/)"

run: .venv/ready
	$(PY) manage.py up --play-demo

demo: .venv/ready
	$(PY) -m seeds.demo

# A file of tests stays on one worker, for its fixtures' sake (xdist's groups are without effect under pytest 9.2); tests/conftest.py
# says which go first. Three workers for two cores: some tests wait for processes. A merge needs both commands (ADR 0009).
PYTEST = TEST_IN_MEMORY=yes $(PY) -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

test: .venv/ready-dev
	$(PYTEST) -m "not journey"

journeys: .venv/ready-dev
	$(PYTEST) -m journey

faults: .venv/ready-dev
	$(PY) -m tests.faults

check: .venv/ready-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(STATIC) $(PY) -m mypy .
	$(PY) -c "import sys; sys.argv[0] = 'lint-imports'; from importlinter.cli import lint_imports_command; lint_imports_command()"
	$(STATIC) $(PY) manage.py check --deploy --fail-level WARNING
	$(PY) manage.py makemigrations --check --dry-run

fuzz: .venv/ready-dev
	$(PY) -m tests.fuzz

bench: .venv/ready-dev
	$(PY) -m benchmarks

# A typed client for other programs, out of the schema; docs/api.md says how it is used.
client: .venv/ready-dev
	rm -rf var/client
	mkdir -p var
	$(PY) -m openapi_python_client generate --fail-on-warning --path docs/openapi.yaml --config docs/client.yaml \
		--output-path var/client

# --strict: a part that the database does not know, or a database out of reach, is a failure and no all-clear.
audit: .venv/ready-dev
	$(PY) -m pytest -q tests/security/test_supply_chain.py
	$(PY) -m pip_audit --strict --disable-pip --require-hashes --progress-spinner off -r requirements-dev.lock

sbom: .venv/ready-dev
	mkdir -p var
	$(PY) -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible -o var/sbom.json requirements.lock

clean:
	[ ! -x $(PY) ] || $(PY) -m config.embedded.remove
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Jidan needs Python 3.11 or newer."; exit 1; }
	$(PYTHON) -m venv .venv

setup: .venv/ready
setup-dev: .venv/ready-dev

.venv/ready: requirements.lock | .venv/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

.venv/ready-dev: requirements-dev.lock | .venv/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@ .venv/ready

# For maintainers, with uv and GNU gettext at hand.
lock:
	uv pip compile --quiet pyproject.toml -o requirements.lock
	uv pip compile --quiet pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

messages:
	$(STATIC) $(PY) manage.py makemessages -l zh_Hans --no-location --no-wrap --no-obsolete -i .venv -i var -i tests
