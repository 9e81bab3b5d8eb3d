"""A small line on which every feature of queues can be switched on, in times that can be added up by hand."""

from __future__ import annotations

from pathlib import Path

from simulation.loading.load import load_scenario
from simulation.scenario.loaded import LoadedScenario
from tests.support.small_scenarios import write

# "For help, press 1." and "For sales, press 2." last longer than the callers listen: all know the menu, and press at
# once (decision 1 s, system 0.5 s): every menu takes 1.5 s. Prompts have their lengths stated.
FLOW = """
ivr: 1
name: Features
start: main
queues:
  help: {max_calls: 3}
  second: {priority: 5}
nodes:
  main:
    type: menu
    attempts: 1
    otherwise: bye
    choices:
      - {key: 1, label: help, next: help_queue}
      - {key: 2, label: urgent help, next: urgent_queue}
  help_queue:
    type: queue
    queue: help
    max_wait: 90s
    announce: {expected_wait: true}
    while_waiting: {pound: box}
    on: {answered: thanks, timeout: sorry, full: busy}
  urgent_queue: {type: queue, queue: help, urgency: 2}
  second_queue: {type: queue, queue: second}
  sorry: {type: play, say: {text: Sorry., seconds: 4}, next: second_queue}
  busy: {type: play, say: {text: Busy., seconds: 3}, next: box}
  box: {type: voicemail, box: help, say: {text: Speak., seconds: 2}}
  thanks: {type: play, say: {text: Thanks., seconds: 5}, next: bye}
  bye: {type: hangup}
"""

CALLED = """
name: Features, called
flow: flow.yaml
start: 2026-11-24 08:00
horizon: 2h
interval: 30m
arrivals: {kind: constant, per_hour: 120}
intents:
  help: {share: 0.75, goal: help_queue}
  urgent: {share: 0.25, goal: urgent_queue}
behaviour:
  hear_all: 0
  key_ahead: 1
  wrong_key: 0
  no_input: 0
  zero_out: 0
  hang_up_per_minute: 0
  reaction: {constant: 1s}
  leave_message: 1
  message: {constant: 10s}
talk: {constant: 3m}
patience: {constant: 100s}
groups:
  first: {skills: [help], agents: 3}
  tier2: {skills: [second], agents: 2}
"""


def features(folder: Path, *settings: str, flow: str = FLOW, scenario: str = CALLED) -> LoadedScenario:
    """The line with every feature of queues, with settings."""
    return load_scenario(write(folder, flow, scenario), settings=settings)
