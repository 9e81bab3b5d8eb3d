"""Silence and a wrong key that lead to different places: the shares that reach each, worked out by hand.

A prompt is answered by silence with the chance s, by a wrong key with e, and by the key that was meant with the rest.
"""

from __future__ import annotations

from math import comb
from pathlib import Path

import numpy as np
import pytest

from simulation.loading.load import load_scenario
from simulation.menus.exact_solution import menu_answer
from simulation.menus.sampled_walk import walk
from simulation.sampling.streams import Streams
from simulation.workload.build_call_table import Prepared, prepare
from tests.support.menu_callers import crowd
from tests.support.small_scenarios import write
from tests.support.texts import SURE, scenario

FOUR_STANDARD_ERRORS = 4
FLOW = """
ivr: 1
name: Two exits
start: main
nodes:
  main:
    type: menu
    choices: [{{key: 1, label: sales, next: sales}}]
    {again}
  sales: {{type: queue, queue: sales}}
  desk: {{type: queue, queue: desk}}
  lost: {{type: queue, queue: lost}}
queues: {{sales: {{}}, desk: {{}}, lost: {{}}}}
"""
BOTH = "no_input: {attempts: 2, next: desk}\n    no_match: {attempts: 3, next: lost}"


def ready(folder: Path, again: str, *settings: str, goal: str = "sales", flow: str = FLOW) -> Prepared:
    called = scenario(
        intents={"it": f"{{share: 1, goal: {goal}}}"},
        behaviour=SURE,
        talk="{exponential: 3m}",
        groups="{agents: {skills: [sales, desk, lost], agents: 6}}",
    )
    return prepare(load_scenario(write(folder, flow.format(again=again), called), settings=list(settings)))


@pytest.mark.parametrize("attempts", [1, 2, 3, 4])
def test_all_prompts_must_stay_unanswered_to_reach_the_exit_for_silence(tmp_path: Path, attempts: int) -> None:
    again = f"no_input: {{attempts: {attempts}, next: desk}}\n    otherwise: lost"
    answer = menu_answer(ready(tmp_path, again, "behaviour.no_input=0.3").model)
    assert answer.queue == pytest.approx({"sales": 1 - 0.3**attempts, "desk": 0.3**attempts, "lost": 0.0}, abs=1e-12)


def test_silences_and_wrong_keys_are_counted_apart(tmp_path: Path) -> None:
    """The second silence leads to the desk: k wrong keys, at most two, stand anywhere before it. The third wrong key is
    one too many: j silences, at most one, stand before it."""
    s, e = 0.2, 0.8 * 0.5
    made = ready(tmp_path, BOTH, "behaviour.no_input=0.2", "behaviour.wrong_key=0.5")
    desk = sum(comb(1 + k, k) * s**2 * e**k for k in range(3))
    lost = sum(comb(2 + j, j) * e**3 * s**j for j in range(2))
    expected = {"sales": 1 - desk - lost, "desk": desk, "lost": lost}
    assert menu_answer(made.model).queue == pytest.approx(expected, abs=1e-12)
    n = 20_000
    joined = walk(made.model, crowd(made, n), Streams(7)).queue
    for name, share in expected.items():
        error = np.sqrt(share * (1 - share) / n)
        found = np.mean(joined == made.model.queues.index(name))
        assert found == pytest.approx(share, abs=FOUR_STANDARD_ERRORS * error), name


def test_counted_together_unless_they_say_otherwise(tmp_path: Path) -> None:
    """Three failures of either kind, however they are mixed: (s + e) cubed."""
    again = "no_input: [Again.]\n    no_match: {say: No.}\n    otherwise: lost"
    answer = menu_answer(ready(tmp_path, again, "behaviour.no_input=0.2", "behaviour.wrong_key=0.5").model)
    assert answer.queue == pytest.approx({"sales": 1 - 0.6**3, "desk": 0.0, "lost": 0.6**3}, abs=1e-12)


def test_only_silence_has_an_exit_and_wrong_keys_count_alone(tmp_path: Path) -> None:
    """`attempts: 2` is the limit of both, each for itself: two silences with at most one wrong key before, and two
    wrong keys with at most one silence before."""
    s, e = 0.2, 0.8 * 0.5
    again = "no_input: {next: desk}\n    attempts: 2\n    otherwise: lost"
    answer = menu_answer(ready(tmp_path, again, "behaviour.no_input=0.2", "behaviour.wrong_key=0.5").model)
    desk, lost = s**2 * (1 + 2 * e), e**2 * (1 + 2 * s)
    assert answer.queue == pytest.approx({"sales": 1 - desk - lost, "desk": desk, "lost": lost}, abs=1e-12)


WAITING = """
ivr: 1
name: Stay on the line
start: main
nodes:
  main:
    type: menu
    prompt: {{text: "For sales, press 1, or stay on the line for the desk.", seconds: 4}}
    choices: [{{key: 1, next: sales}}]
    timeout: 5s
    {again}
  sales: {{type: queue, queue: sales}}
  desk: {{type: queue, queue: desk}}
  lost: {{type: queue, queue: lost}}
queues: {{sales: {{}}, desk: {{}}, lost: {{}}}}
"""
TO_THE_DESK = "no_input: {attempts: 1, next: desk}\n    otherwise: lost"


def test_callers_who_are_told_to_stay_on_the_line_do_so_without_slips(tmp_path: Path) -> None:
    """They hear 4 s and wait 5 s; nobody presses a wrong key who presses none."""
    made = ready(tmp_path, TO_THE_DESK, "behaviour.wrong_key=0.5", goal="desk", flow=WAITING)
    answer = menu_answer(made.model)
    assert answer.queue == pytest.approx({"sales": 0.0, "desk": 1.0, "lost": 0.0}, abs=1e-12)
    assert (answer.menu_s, answer.key_presses) == (pytest.approx(9.0), 0.0)
    assert set(walk(made.model, crowd(made, 50), Streams(7)).menu_us.tolist()) == {9_000_000}


def test_silence_is_no_option_where_nobody_is_told(tmp_path: Path) -> None:
    """No announced option leads to the desk, so the scenario is refused."""
    untold = WAITING.replace(", or stay on the line for the desk", "")
    with pytest.raises(Exception, match="no announced"):
        ready(tmp_path, TO_THE_DESK, goal="desk", flow=untold)
