# Two commands do everything on a fresh machine: `make demo` and `make test`.
VENV := .venv
BIN := $(VENV)/bin
IVR := $(BIN)/ivr
OUT := out
comma := ,

.PHONY: compiled setup setup-all setup-dev chromium postgresql nginx programs demo check format test test-fast coverage prove swarm fuzz serve desk lint bench clean

# The environment is made, mended and completed by make/set_up.py, with the first Python of 3.11 or later on this machine,
# or another one: make PYTHON=python3.12.
SET_UP = @python=$$(sh make/find_python.sh "$(PYTHON)") && "$$python" -m make.set_up --venv "$(VENV)" $(if $(PYTHON),--asked)

setup:
	$(SET_UP) setup

# What the demo does without: the compiled engine, forecasts, data frames, Parquet, Excel, PostgreSQL.
setup-all:
	$(SET_UP) all

setup-dev:
	$(SET_UP) dev

# What some tests start, installed where this machine lets us; where not, the tests that need it are left out, and a
# summary says which and why. With CI=true that is a failure.
chromium postgresql nginx: setup-dev
	@"$(BIN)/python" -m tests.support.install_programs $@

programs: setup-dev
	@"$(BIN)/python" -m tests.support.install_programs chromium postgresql nginx

# The main job on the shipped telecom line: check it, draw it, call it, and choose staffing and routing for a busy day.
# What is run stands in bold above what it says, where colours are wanted (flows/display/terminal.py has the rule).
RUN = @bold=; plain=; if [ -z "$$NO_COLOR" ]; then \
  if [ -n "$$FORCE_COLOR" ] || { [ -t 1 ] && [ "$$TERM" != dumb ]; }; then bold='\033[1m'; plain='\033[0m'; fi; fi; \
  printf "\n$$bold\$$ ivr %s$$plain\n" '$(1)'; "$(IVR)" $(1)
define NEXT

What next?
  make serve                    call the line in your browser
  make desk                     call it in one browser tab, answer it in another
  $(IVR) call northwind  call it here in the terminal
  $(OUT)/report.html               the report of the planned day; opens in any browser
  $(OUT)/compare.html              the six plans side by side
  $(OUT)/northwind.html            the map of the line
  docs/designing.md             write a line of your own, in ten minutes
  make setup-all                the compiled engine for large studies, forecasts, data frames, Parquet, PostgreSQL
endef
export NEXT

demo: setup
	@mkdir -p "$(OUT)"
	$(call RUN,lint northwind)
	$(call RUN,show northwind)
	$(call RUN,show northwind --output $(OUT)/northwind.html)
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
	@"$(BIN)/mypy" make

format: setup-dev
	@"$(BIN)/ruff" check --quiet --fix .
	@"$(BIN)/ruff" format --quiet .

# One worker more than processors, at most four: many tests wait for a browser, a service or a clock.
WORKERS = $(shell python3 -c 'import os; print(min(4, os.cpu_count() + 1))' 2>/dev/null || echo 2)
PYTEST = "$(BIN)/python" -m pytest --numprocesses $(WORKERS) --dist worksteal
# Tests that cover the pure zone run with coverage of every line and branch; the other tests run without.
PURE_TESTS = tests/flows tests/ivr tests/journeys/test_one_meaning.py tests/journeys/test_silences.py \
  tests/simulation/report/test_report_period.py tests/webhooks/effects/test_fetch.py

test: check compiled programs coverage
	@$(PYTEST) $(PURE_TESTS:%=--ignore=%)

# Tests of interrupted runs count seconds, so the engine is compiled before them.
compiled: setup-dev
	@"$(IVR)" simulate northwind_busy --engine kernel --replications 1 --calls "$$(mktemp -d)/calls.csv" >/dev/null 2>&1
	@"$(IVR)" simulate power_outage --engine kernel --replications 1 >/dev/null 2>&1

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

# On a working morning, whatever the hour is.
desk: setup
	@"$(IVR)" serve northwind --desk --at 2026-11-24T10:00

lint: setup
	@for flow in northwind credit_union power_outage city_services; do "$(IVR)" lint "$$flow" || exit 1; done

bench: setup-dev
	@for part in bench/bench_*.py; do echo; echo "== $$part"; "$(BIN)/python" -m "bench.$$(basename "$$part" .py)" || exit 1; done

clean:
	@rm -rf "$(OUT)" build dist *.egg-info
