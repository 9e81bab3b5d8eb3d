# Two commands do everything on a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
IVR := $(BIN)/ivr
OUT := out
comma := ,

.PHONY: setup setup-dev chromium postgresql nginx demo check format test test-fast coverage prove swarm fuzz serve lint bench clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12"; exit 1; }
	@test -x "$(BIN)/python" || $(PYTHON) -m venv "$(VENV)"
	@echo "Setting up: the ivr command and its libraries (once) ..."
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check -r requirements.txt 2>&1 | grep -v '^WARNING: Location' || true
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --no-deps --editable . 2>&1 | grep -v '^WARNING: Location' || true
	@"$(IVR)" --version
	@echo "Setting up: compiling the fast engine (once, up to a minute) ..."
	@"$(IVR)" simulate power_outage --replications 1 >/dev/null
	@touch "$(VENV)/.ready"

setup-dev: setup $(VENV)/.ready-dev

$(VENV)/.ready-dev: requirements-dev.txt $(VENV)/.ready
	@echo "Setting up: what the tests need (once) ..."
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt 2>&1 | grep -v '^WARNING: Location' || true
	@"$(BIN)/python" -c 'import pytest, playwright, hypothesis'
	@touch "$(VENV)/.ready-dev"

# The browser test needs a Chromium; Debian's is used, and installed if missing.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	  echo "Setting up: Chromium (once) ..."; \
	  as_root=""; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	  $$as_root apt-get update -qq >/dev/null && \
	  DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1; \
	  command -v chromium >/dev/null || { echo "Chromium could not be installed; install it by hand and run make test again"; exit 1; }; }

# The tests of the store start their own PostgreSQL server; Debian's is used, and installed if missing.
postgresql:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { \
	  echo "Setting up: PostgreSQL (once) ..."; \
	  as_root=""; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	  $$as_root apt-get update -qq >/dev/null && \
	  DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq --no-install-recommends postgresql >/dev/null 2>&1; \
	  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { echo "PostgreSQL could not be installed; install it by hand and run make test again"; exit 1; }; }

# The tests of faults behind a proxy need a real nginx. Without it they are skipped, and say so.
nginx:
	@PATH="$$PATH:/usr/sbin"; command -v nginx >/dev/null || { \
	  echo "Setting up: nginx (once) ..."; \
	  as_root=""; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	  { $$as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq --no-install-recommends nginx-light; } >/dev/null 2>&1; \
	  command -v nginx >/dev/null || echo "nginx could not be installed; the tests that need it are left out"; }

# The main job on the shipped telecom line: check it, draw it, call it, and choose staffing and routing for a busy day.
RUN = @printf '\n\033[1m$$ ivr %s\033[0m\n' '$(1)'; "$(IVR)" $(1)
define NEXT

What next?
  make serve                   call the line in your browser
  $(IVR) call northwind  call it here in the terminal
  $(OUT)/report.html              the report of the planned day; opens in any browser
  $(OUT)/compare.html             the six plans side by side
  $(OUT)/northwind.svg            the drawing of the line
  docs/designing.md            write a line of your own, in ten minutes
endef
export NEXT

demo: setup
	@mkdir -p "$(OUT)"
	$(call RUN,lint northwind)
	$(call RUN,show northwind)
	$(call RUN,show northwind --format svg --output $(OUT)/northwind.svg)
	$(call RUN,call northwind --at 2026-11-24T10:00 --keys "1$(comma)2$(comma)wait$(comma)1")
	$(call RUN,simulate northwind --replications 10 --report $(OUT)/report.html)
	$(call RUN,compare northwind --replications 10 \
	  --set "lean: staff_factor=0.85" \
	  --set "generous: staff_factor=1.15" \
	  --set "one pool: routing=single_queue" \
	  --set "lean one pool: staff_factor=0.85; routing=single_queue" \
	  --set "generous one pool: staff_factor=1.15; routing=single_queue" \
	  --report $(OUT)/compare.html)
	@echo "$$NEXT"

# Static checks: format, known mistakes, types.
check: setup-dev
	@"$(BIN)/ruff" format --quiet --check . || { echo "not formatted as ruff does; 'make format' mends it"; exit 1; }
	@"$(BIN)/ruff" check --quiet .
	@"$(BIN)/mypy"

format: setup-dev
	@"$(BIN)/ruff" check --quiet --fix .
	@"$(BIN)/ruff" format --quiet .

PYTEST = "$(BIN)/python" -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal
# Tests that cover the pure zone run with coverage of every line and branch; the other tests run without.
PURE_TESTS = tests/flows tests/ivr tests/journeys/test_one_meaning.py tests/journeys/test_silences.py \
  tests/simulation/report/test_report_period.py tests/webhooks/effects/test_fetch.py

test: check chromium postgresql nginx coverage
	@$(PYTEST) $(PURE_TESTS:%=--ignore=%)

# Branch coverage of the pure zone: pyproject.toml says what belongs to it, and how much is required.
coverage: setup-dev
	@$(PYTEST) --cov --cov-report=term $(PURE_TESTS)

# For everyday work: without tests that need a browser, a service or many simulated days.
test-fast: setup-dev
	@$(PYTEST) -m "not slow"

# The long form of the promises: every shipped flow, 10,000 callers, through signed HTTP, each request twice.
prove: setup-dev
	@IVR_CALLERS=10000 "$(BIN)/python" -m pytest tests/journeys/test_one_meaning.py tests/journeys/test_one_meaning_webhooks.py

# The crowd, a minute long with each database: a worker killed every second, a reload every ten, PostgreSQL stopped
# and started; everyone hears what they would have heard alone. Prints a table.
CALLERS ?= 500
SECONDS ?= 60
swarm: setup-dev postgresql
	@IVR_SWARM_CALLERS=$(CALLERS) IVR_SWARM_SECONDS=$(SECONDS) "$(BIN)/python" -m pytest -s tests/journeys/test_swarm_disturbed.py

# Mutated files of every kind, with a table of how far they get: findings, never a traceback. About half an hour on one core.
CASES ?= 100000
FIRST ?= 0
fuzz: setup-dev
	@nice "$(BIN)/python" -m tests.support.fuzz --cases $(CASES) --first $(FIRST)

serve: setup
	@"$(IVR)" serve northwind

lint: setup
	@for flow in northwind credit_union power_outage city_services; do "$(IVR)" lint "$$flow" || exit 1; done

bench: setup-dev
	@for part in bench/bench_*.py; do echo; echo "== $$part"; "$(BIN)/python" -m "bench.$$(basename "$$part" .py)" || exit 1; done

clean:
	@rm -rf "$(OUT)" build dist *.egg-info
