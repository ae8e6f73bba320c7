# Everything runs from .venv; nothing else is installed, except (as root, with apt) a Chromium for the browser tests.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.DELETE_ON_ERROR:

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-input --root-user-action=ignore
OURS := housing_credit benefits applications verification credit bureau benchmarks tests manage.py gunicorn.conf.py

PORT ?= 8000
MOCK_PORT ?= 8024
export PORT MOCK_PORT

.PHONY: help setup setup-dev chromium messages demo test check fmt

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: .venv/installed messages ## create .venv, install the pinned requirements, compile the catalogues

demo: setup ## run everything with demo data until Ctrl-C (PORT=8000 MOCK_PORT=8024)
	@$(PY) manage.py demo

test: setup-dev messages chromium check ## all checks, then all tests (what CI runs)
	@$(PY) -m pytest -n 2 --dist loadgroup $(ARGS)

check: setup-dev ## lint, format, types, import contracts, migrations, compose file
	$(PY) -m ruff check $(OURS)
	$(PY) -m ruff format --check $(OURS)
	$(PY) -m mypy $(filter-out tests benchmarks gunicorn.conf.py,$(OURS))
	.venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	@if docker compose version >/dev/null 2>&1; then docker compose config --quiet && echo "docker-compose.yml is valid"; \
	elif command -v docker-compose >/dev/null; then docker-compose config --quiet && echo "docker-compose.yml is valid"; \
	else echo "docker-compose.yml not checked: no compose client here"; fi

fmt: setup-dev ## put the code in order
	$(PY) -m ruff check --fix $(OURS)
	$(PY) -m ruff format $(OURS)

messages: .venv/installed ## compile the message catalogues that have changed
	@$(PY) -m housing_credit.catalogues

setup-dev: .venv/installed-dev

.venv/installed: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (make PYTHON=/path/to/python3.11)."; exit 1; }
	@echo "Installing into .venv"
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is needed (Debian: apt install python3-venv)."; exit 1; }
	@$(PIP) -r requirements.txt
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	@echo "Installing the tools for tests and checks into .venv"
	@$(PIP) -r requirements-dev.txt
	@touch $@

chromium: # the browser tests use Debian's Chromium; without it they are skipped
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	install="apt-get install -y --no-install-recommends chromium fonts-noto-cjk"; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium"; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$install -qq >/dev/null; } </dev/null \
		|| echo "Chromium could not be installed; the browser tests need: $$install"; \
	else echo "The browser tests need Chromium: sudo $$install"; fi
