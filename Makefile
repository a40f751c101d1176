# Two commands: `make run` and `make test`. Everything they need they set up by themselves.
# Settings come from the environment or the command line: make run PORT=8100 VAR_DIR=/tmp/other

SHELL := /bin/sh
VENV := .venv
PYTHON := $(VENV)/bin/python
.DEFAULT_GOAL := help

# The first interpreter that is new enough becomes the virtual environment. A broken environment is made again.
define make_environment
	@if ! $(PYTHON) -c 'import pip' >/dev/null 2>&1; then \
		for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do \
			if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
				found=$$candidate; break; \
			fi; \
		done; \
		if [ -z "$$found" ]; then \
			echo "This needs Python 3.11 or newer, and none is on the PATH. Install one, for example from python.org." >&2; \
			exit 1; \
		fi; \
		echo "Making a virtual environment in $(VENV)."; \
		if ! $$found -m venv --clear $(VENV) >/dev/null; then \
			rm -rf $(VENV); \
			echo "$$found cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
			exit 1; \
		fi; \
	fi
endef

# Installs a lock only when it changed since the last time: the copy in the environment is the stamp.
define install
	@if ! cmp -s $(1) $(VENV)/installed-$(1); then \
		echo "Installing the libraries of $(1) (about a minute)."; \
		$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r $(1) && \
		cp $(1) $(VENV)/installed-$(1); \
	fi
endef

.PHONY: help
help: ## What there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | \
		while IFS="$$(printf '\t')" read -r name what; do printf '  make %-18s %s\n' "$$name" "$$what"; done

.PHONY: run
run: environment ## Run the service: web, worker, Temporal and its UI (PORT=8000, VAR_DIR=./var)
	@exec $(PYTHON) -m temporal_app.devserver run

.PHONY: manage
manage: environment ## Run manage.py beside `make run`, with its settings (ARGS="case show REFERENCE")
	@exec $(PYTHON) -m temporal_app.devserver manage $(ARGS)

.PHONY: reset
reset: environment ## Remove all data of `make run`, after asking (YES=1 where nobody can answer)
	@exec $(PYTHON) -m temporal_app.devserver reset

.PHONY: test
test: server ## Run all tests, on all processors (ARGS="-k deadline" chooses, ARGS="-n 0" runs one after the other)
	@exec $(PYTHON) -m pytest -p tests.completeness -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: check
check: environment-dev ## Format, lint, types, import walls, migrations, deploy settings, docs, translations
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	DEMO=1 $(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	DEMO=1 $(PYTHON) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING
	$(PYTHON) -m pytest tests/docs tests/languages/test_catalogue.py -q -rs

# Invented on the spot, so that the deploy check sees what production sees.
PRODUCTION = env -u DEMO -u DJANGO_DEBUG SITE_URL=https://onboarding.example ALLOWED_HOSTS=onboarding.example \
	EMAIL_URL=smtp+tls://mail.onboarding.example:587 \
	SECRET_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	DOCUMENT_KEYS="check:$$($(PYTHON) -c 'import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())')" \
	DATABASE_URL="postgresql://onboarding:$$($(PYTHON) -c 'import secrets; print(secrets.token_hex(16))')@127.0.0.1/onboarding"

# What people read stands in templates/ and in these packages; a test reads this line.
MAKEMESSAGES = DEMO=1 $(PYTHON) manage.py makemessages --all --extension html,txt,py --no-location --no-wrap \
	--no-obsolete --ignore tests --ignore docs --ignore var --ignore .venv

.PHONY: messages
messages: environment-dev ## Bring the catalogues of translations up to date and compile them (needs GNU gettext)
	@command -v xgettext >/dev/null || \
		{ echo "This needs GNU gettext. On Debian and Ubuntu: apt-get install gettext" >&2; exit 1; }
	$(MAKEMESSAGES)
	DEMO=1 $(PYTHON) manage.py compilemessages --ignore .venv --ignore tests
	@$(PYTHON) -m pytest tests/languages/test_catalogue.py -q

.PHONY: bench
bench: server ## Measure the service (ARGS="status-read" chooses)
	@exec $(PYTHON) -m tests.benchmarks $(ARGS)

.PHONY: tour
tour: server ## Make the pictures of docs/tour.md again, from a demo of its own
	@exec $(PYTHON) -m tests.tour

.PHONY: record-histories
record-histories: server ## Record new workflow histories for the replay tests; old ones stay as they are
	@exec $(PYTHON) -m tests.histories.record $(ARGS)

.PHONY: cluster-check
cluster-check: server ## Postgres, four shards, two workers, two webs; cases survive kills
	@exec $(PYTHON) -m tests.faults.cluster_check $(ARGS)

.PHONY: server
server: environment-dev
	@$(PYTHON) -m temporal_app.devserver find

.PHONY: lock
lock: ## Lock the libraries again, after a change of a requirements*.in (UPGRADE=1 takes newer ones)
	@set -e; tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	python3 -m venv "$$tools"; "$$tools/bin/pip" install --quiet --disable-pip-version-check uv; \
	lock() { "$$tools/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header $(if $(UPGRADE),--upgrade,) "$$@"; }; \
	lock requirements.in -o requirements.txt; \
	lock requirements-dev.in -c requirements.txt -o requirements-dev.txt; \
	lock requirements-go.in -o requirements-go.txt

.PHONY: environment
environment:
	$(make_environment)
	$(call install,requirements.txt)

.PHONY: environment-dev
environment-dev:
	$(make_environment)
	$(call install,requirements-dev.txt)
	@cp requirements.txt $(VENV)/installed-requirements.txt
