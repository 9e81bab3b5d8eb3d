"""Small flows and scenarios whose figures can be worked out by hand."""

from __future__ import annotations

from pathlib import Path

from simulation.loading.load import load_scenario
from simulation.scenario.loaded import LoadedScenario
from tests.support.texts import SURE, scenario

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
queues: {sales: {}, phones: {}}
"""

QUEUE_ONLY = """
ivr: 1
name: One queue
start: wait
nodes:
  wait: {type: queue, queue: calls}
queues: {calls: {}}
"""

TWO_STEPS_CALLED = scenario(
    "Two steps, called",
    intents={
        "buy": "{share: 0.25, goal: sales_queue}",
        "phone": "{share: 0.5, goal: phones_queue}",
        "bill": "{share: 0.25, goal: bills_told}",
    },
    behaviour=SURE,
    talk="{exponential: 3m}",
    patience="{exponential: 2m}",
    groups={
        "sellers": "{skills: [sales], agents: 3}",
        "helpers": "{skills: {phones: 1, sales: 2}, agents: [4, 4, 5, 4]}",
    },
)

QUEUE_CALLED = scenario(
    "One queue, called",
    horizon="10h",
    interval="1h",
    arrivals="{kind: constant, per_hour: 100}",
    intents="{talk: {share: 1, goal: wait}}",
    talk="{exponential: 3m}",
    groups="{agents: {skills: [calls], agents: 6}}",
)

# "For help, press 1." and "For sales, press 2." last longer than the callers listen: they all know the menu and press
# at once (decision 1 s, system 0.5 s), so every menu takes 1.5 s. Prompts have stated lengths.
FEATURES = """
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

FEATURES_CALLED = scenario(
    "Features, called",
    intents={"help": "{share: 0.75, goal: help_queue}", "urgent": "{share: 0.25, goal: urgent_queue}"},
    behaviour=SURE | {"key_ahead": "1", "leave_message": "1", "message": "{constant: 10s}"},
    talk="{constant: 3m}",
    patience="{constant: 100s}",
    groups={"first": "{skills: [help], agents: 3}", "tier2": "{skills: [second], agents: 2}"},
)


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


def features(folder: Path, *settings: str, flow: str = FEATURES, scenario: str = FEATURES_CALLED) -> LoadedScenario:
    """A line on which every feature of queues can be switched on, with settings."""
    return load_scenario(write(folder, flow, scenario), settings=settings)
