# The commands of this folder; `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
SOURCES := app.py admin domain jobs seeds bench tests stubs
# How many test processes run side by side.
TEST_PROCESSES ?= 2
TESTS ?= tests
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run setup test prove durations lint types check docs bench clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

run: .venv/installed ## install and start everything: database, queue, worker, schedule, web
	@exec $(BIN)/python -m jobs.running.serve

setup: .venv/installed ## install the program into .venv

test: .venv/installed-dev ## install and run every test, on SQLite and on PostgreSQL
	$(BIN)/pytest -n $(TEST_PROCESSES) --dist loadfile $(TESTS)

prove: .venv/installed-dev ## also what the check tries in part alone: the whole matrix of doors on PostgreSQL
	PROVE=1 $(BIN)/pytest -n $(TEST_PROCESSES) --dist loadfile tests/admin/tables/test_doors.py tests/admin/tables/test_door_forms.py

durations: .venv/installed-dev ## run every test and keep how long each file took, by which they are shared out
	$(BIN)/pytest -n $(TEST_PROCESSES) --dist loadfile --record-durations tests

check: lint types test ## all that has to be right before a change lands; CI runs exactly this

lint: .venv/installed-dev ## style and layout of the code
	$(BIN)/ruff check $(wildcard $(SOURCES))
	$(BIN)/ruff format --check $(wildcard $(SOURCES))

types: .venv/installed-dev ## types of domain/, jobs/, admin/ and app.py
	$(BIN)/mypy

docs: .venv/installed ## write docs/schema.md, roles.md, workflow.md, marks.zh.md and domain/models.pyi anew
	$(BIN)/python -m domain.access.describing
	$(BIN)/python -m domain.lifecycle.describing
	$(BIN)/python -m admin.papers.describing

bench: .venv/installed bench/.venv/installed ## measure, side by side with Django admin's import-export
	$(BIN)/python -m bench

clean: ## remove what was installed and generated; var/ with the data stays
	rm -rf .venv bench/.venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo '需要 Python 3.11 或更新的版本；可用 make run PYTHON=python3.12 指定。'; \
	  exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	@echo '安装所需的程序包，首次约需一两分钟……'
	@$(BIN)/python -m pip install --quiet -r requirements.txt
	@touch $@

bench/.venv/installed: bench/requirements-peer.txt
	$(PYTHON) -m venv bench/.venv
	bench/.venv/bin/python -m pip install --quiet -r bench/requirements-peer.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	@touch $@
