"""Callers and what answers from outside: lookups, messages, callbacks, surveys and splits by shares, worked out by
hand.
"""

from __future__ import annotations

import numpy as np
import pytest

from flows.source.finding import ScenarioError
from flows.speech.languages import language
from flows.speech.timing import speech_s
from ivr.records.schema import OUTCOMES
from simulation.experiment.assumptions import assumptions
from simulation.loading.load import load_scenario
from simulation.menus.exact_solution import menu_answer
from simulation.menus.sampled_walk import walk
from simulation.sampling.streams import Streams
from simulation.tables.checks import OFFERED
from simulation.workload.build_call_table import Prepared, prepare
from tests.support.menu_callers import crowd
from tests.support.small_scenarios import write
from tests.support.texts import SURE, scenario

FLOW = """
ivr: 1
name: Services
start: which
nodes:
  which: {type: split, shares: {a: 0.25, b: 0.75}, cases: {a: find, b: text}}
  find:
    type: lookup
    url: https://api.example.com/x
    timeout: 2s
    on: {found: opinion, not_found: promise, timeout: late}
    failure: desk
  text: {type: message, text: Thank you., on: {no_mobile: desk}, next: bye}
  opinion: {type: survey, questions: [{kind: csat, say: {text: Well?, seconds: 2}}], next: bye}
  promise: {type: callback, on: {failed: desk}, attempts: 1, otherwise: desk}
  desk: {type: queue, queue: desk}
  late: {type: hangup, outcome: failed}
  bye: {type: hangup}
"""
CALLED = scenario(
    "Services, called",
    intents="{anything: {share: 1, goal: [bye, promise]}}",
    behaviour=SURE
    | {
        "lookups": "",
        "  find": "{found: 0.5, not_found: 0.2, failure: 0.2, timeout: 0.1}",
        "  text": "{sent: 0.9, no_mobile: 0.1}",
    },
    talk="{exponential: 3m}",
    groups="{all: {skills: [desk], agents: 5}}",
)


def ready(tmp_path, scenario: str = CALLED, *settings: str) -> Prepared:
    return prepare(load_scenario(write(tmp_path, FLOW, scenario), settings=settings))


def test_shares_and_times_by_hand(tmp_path) -> None:
    answer = menu_answer(ready(tmp_path).model)
    assert answer.queue == pytest.approx({"desk": 0.25 * 0.2 + 0.75 * 0.1}, abs=1e-12)
    assert answer.outcome == pytest.approx(
        {"callback": 0.25 * 0.2, "failed": 0.25 * 0.1, "contained": 0.25 * 0.5 + 0.75 * 0.9}, abs=1e-12
    )
    # An answer: 2 s of question, 1 s of reaction, 0.5 s of the system; none (3 %): 2 s and 5 s of silence.
    survey_s = 0.97 * 3.5 + 0.03 * 7
    # The offer of a callback is heard to its end, with a number of eleven digits at 0.4 s each.
    offer_s = speech_s(language("en-US").callback_offer.format(number="…"), "en-US") + 11 * 0.4 + 1.5
    # A lookup takes a second, and its whole time-out when it is too late.
    assert answer.menu_s == pytest.approx(0.25 * (0.9 * 1 + 0.1 * 2 + 0.5 * survey_s + 0.2 * offer_s), abs=1e-9)


def test_the_sampled_walk_is_the_exact_one(tmp_path) -> None:
    prepared, n = ready(tmp_path), 40_000
    menus, exact = walk(prepared.model, crowd(prepared, n), Streams(3)), menu_answer(prepared.model)
    for code, name in [*enumerate(OUTCOMES), (OFFERED, "")]:
        share = exact.offered if code == OFFERED else exact.outcome.get(name, 0.0)
        assert abs((menus.ending == code).mean() - share) <= 4 * np.sqrt(share * (1 - share) / n)
    spread = menus.menu_us.std() / 1e6 / np.sqrt(n)
    assert abs(menus.menu_us.mean() / 1e6 - exact.menu_s) <= 4 * spread


def test_shares_of_the_scenario_come_before_those_of_the_flow(tmp_path) -> None:
    stated = CALLED.replace(
        "  lookups:", "  splits: {which: {a: 1}}\n  nodes: {opinion: {shares: {csat 1: 0.2, csat 5: 0.8}}}\n  lookups:"
    )
    prepared = ready(tmp_path, stated)
    answer = menu_answer(prepared.model)
    assert answer.queue["desk"] == pytest.approx(0.2, abs=1e-12)
    found = prepared.model.chain
    [at] = [
        i
        for i, state in enumerate(found.states)
        if state.node == "opinion" and not state.session.phase and state.session.attempt == 1
    ]
    drawn = np.diff(prepared.model.chance[0, at], prepend=0.0)
    assert {label: pytest.approx(share) for label, share in zip(found.label[at], drawn, strict=True) if share > 0} == {
        "csat 1": 0.2,
        "csat 5": 0.8,
    }


def test_what_is_not_stated_is_said_to_be_assumed(tmp_path) -> None:
    plain = CALLED.partition("  lookups:")[0] + "talk: {exponential: 3m}\ngroups: {all: {skills: [desk], agents: 5}}\n"
    loaded = load_scenario(write(tmp_path, FLOW, plain))
    said = assumptions(loaded.scenario, prepare(loaded).model.chain)
    assert "'find' always ends in 'found' (no shares are stated)" in said
    assert "'text' always ends in 'sent' (no shares are stated)" in said
    assert "every answer is as likely as the next at opinion (no shares are stated)" in said
    assert "time until a lookup answers: 1 s" in said


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    find: {found: 0.5,", "    fnd: {found: 0.5,", "there is no lookup, message or callback node 'fnd'"),
        ("    find: {found: 0.5,", "    find: {fnd: 0.5,", "there is no outcome of 'find' 'fnd'"),
        ("    find: {found: 0.5,", "    find: {found: 0.4,", "the shares of 'find' sum to 0.9, not to 1"),
        (
            "  lookups:",
            "  nodes: {opinion: {shares: {csat 1: 0.2, csat 5: 0.7}}}\n  lookups:",
            "the shares of 'opinion' sum to 0.9, not to 1",
        ),
        ("  lookups:", "  lookup: never\n  lookups:", "'never' is not a distribution"),
    ],
)
def test_wrong_shares_are_findings(old: str, new: str, message: str, tmp_path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write(tmp_path, FLOW, CALLED.replace(old, new, 1)))
    assert caught.value.findings[0].message.startswith(message)
