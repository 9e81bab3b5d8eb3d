"""Choices that set values, or are offered under a condition: in the exact solution and in the sampled walk."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.loading.load import load_scenario
from simulation.menus.exact_solution import menu_answer
from simulation.menus.sampled_walk import walk
from simulation.sampling.streams import Streams
from simulation.workload.build_call_table import Prepared, prepare
from tests.support.menu_callers import crowd
from tests.support.small_scenarios import write
from tests.support.texts import SURE, scenario

FLOW = """
ivr: 1
name: What was said before
start: who
nodes:
  who:
    type: menu
    attempts: 1
    otherwise: lost
    choices:
      - {key: 1, label: homes, set: {of: home}, next: what}
      - {key: 2, label: firms, set: {of: firm}, next: what}
  what:
    type: menu
    attempts: 1
    otherwise: lost
    choices:
      - {key: 1, label: moving, when: {value: of, is: home}, next: moving}
      - {key: 2, label: contracts, when: {value: of, is: firm}, next: contracts}
      - {key: 3, label: faults, next: faults}
  moving: {type: queue, queue: moving}
  contracts: {type: queue, queue: contracts}
  faults: {type: queue, queue: faults}
  lost: {type: queue, queue: lost}
queues: {moving: {}, contracts: {}, faults: {}, lost: {}}
"""


def ready(folder: Path, *settings: str, goal: str = "contracts") -> Prepared:
    called = scenario(
        intents={"it": f"{{share: 1, goal: {goal}}}"},
        behaviour=SURE,
        talk="{exponential: 3m}",
        groups="{agents: {skills: [moving, contracts, faults, lost], agents: 6}}",
    )
    return prepare(load_scenario(write(folder, FLOW, called), settings=list(settings)))


def test_callers_say_what_they_are_where_that_is_what_leads_to_their_goal(tmp_path: Path) -> None:
    """Only firms are offered contracts. Each label is three words and a digit, 1.6 s: key 2 of the first menu is heard
    after 1.6 + 0.6 + 1.6 = 3.8 s, and contracts, the first that a firm hears, after 1.6 s. A key takes 1.5 s."""
    made = ready(tmp_path)
    answer = menu_answer(made.model)
    assert answer.queue == pytest.approx({"moving": 0, "contracts": 1, "faults": 0, "lost": 0}, abs=1e-12)
    assert answer.menu_s == pytest.approx(3.8 + 1.5 + 1.6 + 1.5, abs=1e-9)
    assert set(walk(made.model, crowd(made, 30), Streams(7)).menu_us.tolist()) == {8_400_000}


def test_a_key_that_is_not_offered_is_a_wrong_key(tmp_path: Path) -> None:
    """A press goes wrong with 0.11, and hits each of 11 other keys with 0.01. Of those who meant 2 in the first menu,
    0.89 press it, 0.01 press 1 and are taken for a home, the rest are lost. Firms: 0.89 press 2; 0.01 press 3. Who is
    taken for a home is not offered contracts: they choose evenly among moving and faults, 0.89 as meant and 0.01 the
    other, and 2 leads nowhere."""
    answer = menu_answer(ready(tmp_path, "behaviour.wrong_key=0.11").model)
    either = 0.5 * 0.89 + 0.5 * 0.01
    expected = {
        "contracts": 0.89 * 0.89,
        "moving": 0.01 * either,
        "faults": 0.89 * 0.01 + 0.01 * either,
    }
    expected["lost"] = 1 - sum(expected.values())
    assert answer.queue == pytest.approx(expected, abs=1e-12)


def test_what_is_offered_to_few_is_not_said_to_others(tmp_path: Path) -> None:
    """Faults is the second option for everybody: 1.6 s for the first menu's key 1, then 3.8 s."""
    answer = menu_answer(ready(tmp_path, goal="faults").model)
    assert answer.menu_s == pytest.approx(1.6 + 1.5 + 3.8 + 1.5, abs=1e-9)
