# The two commands of every day are `make run` and `make test`; `make help` lists the others.
SHELL := /bin/bash
PY := .venv/bin/python
CODE := $(wildcard contracts services deploy tests benchmarks)

# The real reference data, when it lies beside the checkout; otherwise the sample shipped here is used.
ifneq ($(wildcard ../shared/refdata),)
export CATALOGUE_REFDATA ?= ../shared/refdata
endif

.DEFAULT_GOAL := help
.PHONY: help setup run test unit days check bench stop reset lock

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## .venv from requirements.lock (once on the network, then from the user's caches)
	@deploy/setup.sh

run: setup ## everything, on real servers, until Ctrl-C (ONCE=1: stop once every offer has gone all the way)
	@exec .venv/bin/catalogue run $(if $(filter-out 0,$(ONCE)),--une-fois)

test: setup ## the whole suite, in two halves at once, each on real servers of its own
	@$(PY) -m pytest tests/unit -n 2 -q
	@mkdir -p .local; \
	half="tests/acceptance tests/chaos tests/contract tests/e2e"; \
	CATALOGUE_TESTS_RANG=1 $(PY) -m pytest $$half > .local/tests-1.log 2>&1 & other=$$!; \
	$(PY) -m pytest tests --ignore=tests/unit --ignore=$${half// / --ignore=}; here=$$?; \
	wait $$other; there=$$?; cat .local/tests-1.log; exit $$((here || there))

unit: setup ## the fast part, without servers
	@exec $(PY) -m pytest tests/unit -n 2

days: setup ## the fast part again on days when seasons turn, in other time zones
	@for day in 2020-08-31:Pacific/Auckland 2020-10-01:Indian/Reunion 2020-02-29:UTC \
		2020-12-31:America/Los_Angeles; do \
		echo "jour métier $$day"; \
		CATALOGUE_JOUR_METIER=$${day%%:*} TZ=$${day#*:} $(PY) -m pytest tests/unit -n 2 -q || exit 1; \
	done

check: setup ## format, lint, types, arrows between packages
	@.venv/bin/ruff format --check $(CODE)
	@.venv/bin/ruff check $(CODE)
	@.venv/bin/mypy $(CODE)
	@.venv/bin/lint-imports --no-cache

bench: setup ## the figures: deposit to all indexed and evaluated, beside their floor
	@exec $(PY) -m benchmarks

stop: setup ## end the servers that an interrupted run left
	@exec $(PY) -m deploy.local down

reset: setup ## forget everything that was stored (.local)
	@exec $(PY) -m deploy.local reset

lock: setup ## requirements.lock again from pyproject.toml, keeping versions that still fit
	@.venv/bin/uv pip compile pyproject.toml --quiet --group dev --universal --python-version 3.11 \
		--generate-hashes --no-annotate --custom-compile-command 'make lock' -o requirements.lock
