"""Small flows and scenarios whose figures can be worked out by hand."""

from __future__ import annotations

from pathlib import Path

from simulation.loading.load import load_scenario
from simulation.scenario.loaded import LoadedScenario

# "For sales, press 1." is three words and a digit: 3 / 2.5 + 0.4 = 1.6 s; the pause between options is 0.6 s.
# So key 1 has been heard after 1.6 s and key 2, like the whole menu, after 1.6 + 0.6 + 1.6 = 3.8 s.
TWO_STEPS = """
ivr: 1
name: Two steps
start: main
nodes:
  main:
    type: menu
    attempts: 1
    otherwise: goodbye
    choices:
      - {key: 1, label: sales, next: sales_queue}
      - {key: 2, label: help, next: help_menu}
  help_menu:
    type: menu
    attempts: 1
    otherwise: goodbye
    choices:
      - {key: 1, label: phones, next: phones_queue}
      - {key: 2, label: bills, next: bills_told}
  sales_queue: {type: queue, queue: sales}
  phones_queue: {type: queue, queue: phones}
  bills_told: {type: play, serves: true, say: {text: "Your bill is paid.", seconds: 4}, next: goodbye}
  goodbye: {type: hangup}
"""

QUEUE_ONLY = """
ivr: 1
name: One queue
start: wait
nodes:
  wait: {type: queue, queue: calls}
"""

TWO_STEPS_CALLED = """
name: Two steps, called
flow: flow.yaml
start: 2026-11-24 08:00
horizon: 2h
interval: 30m
arrivals: {kind: constant, per_hour: 120}
intents:
  buy: {share: 0.25, goal: sales_queue}
  phone: {share: 0.5, goal: phones_queue}
  bill: {share: 0.25, goal: bills_told}
behaviour:
  hear_all: 0
  key_ahead: 0
  wrong_key: 0
  no_input: 0
  zero_out: 0
  hang_up_per_minute: 0
  reaction: {constant: 1s}
talk: {exponential: 3m}
patience: {exponential: 2m}
groups:
  sellers: {skills: [sales], agents: 3}
  helpers: {skills: {phones: 1, sales: 2}, agents: [4, 4, 5, 4]}
"""

QUEUE_CALLED = """
name: One queue, called
flow: flow.yaml
start: 2026-11-24 08:00
horizon: 10h
interval: 1h
arrivals: {kind: constant, per_hour: 100}
intents: {talk: {share: 1, goal: wait}}
talk: {exponential: 3m}
groups: {agents: {skills: [calls], agents: 6}}
"""


def write(folder: Path, flow: str, scenario: str) -> Path:
    """Write a flow and its scenario; the path of the scenario."""
    (folder / "flow.yaml").write_text(flow, encoding="utf-8")
    path = folder / "scenario.yaml"
    path.write_text(scenario, encoding="utf-8")
    return path


def two_steps(folder: Path, *settings: str) -> LoadedScenario:
    """The two-step menu, with settings."""
    return load_scenario(write(folder, TWO_STEPS, TWO_STEPS_CALLED), settings=settings)


def one_queue(folder: Path, *settings: str) -> LoadedScenario:
    """A line that goes straight to its only queue, with settings."""
    return load_scenario(write(folder, QUEUE_ONLY, QUEUE_CALLED), settings=settings)
