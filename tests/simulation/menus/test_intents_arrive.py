"""Callers of every shipped scenario, and of those in the documents, reach what they call for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ivr.records.schema import OUTCOMES
from simulation.loading.load import load_scenario
from simulation.menus.exact_solution import menu_answer
from simulation.menus.sampled_walk import walk
from simulation.menus.traffic import menu_traffic
from simulation.sampling.streams import Streams
from simulation.tables.checks import OFFERED
from simulation.workload.build_call_table import Prepared, prepare
from tests.support.shown_scenarios import SCENARIOS, SHOWN_SCENARIOS, shown

MET_DRAWS = {
    ("northwind", "slow internet, phone or television"): 0.92 * 0.90,  # businesses are led to the second tier
    ("northwind_busy", "slow internet, phone or television"): 0.92 * 0.90,
    ("power_outage", "when is it back"): 0.85,  # in 15 % of ZIP codes no outage is known
    ("credit_union", "stop a transfer"): 0.98 * 0.98,  # the list is found, and the transfer stopped
    ("city_services", "state of a request"): (
        0.82 * 1.12
    ),  # found or finished, at the second attempt too if not found at first
    ("city_services", "report a problem"): 0.96,
    ("city_services", "trash collection"): 0.93,
}
"""The share of an intent that all draws on the path lead to the goal: the stated chances, multiplied; 1 where there
are none.
"""
LEAST = 0.9
"""The least share of those that reaches the goal when nobody hangs up or presses 0 unasked. At most six prompts are on
a path. At each at most 1 % press a wrong key that leads elsewhere, and 0.03^3 are silent three times; and an entry
fails twice for at most (0.06 + 0.08)^2 = 2 %: 1 - 6 x 1 % - 2 x 2 % = 0.9."""


def arrives(file: str | Path) -> Iterator[tuple[str, float]]:
    """By intent, the share whose call comes to a goal, of those who neither hang up nor press 0 unasked."""
    made = prepare(load_scenario(file, settings=["behaviour.zero_out=0", "behaviour.hang_up_per_minute=0"]))
    rules = made.model
    now = np.eye(len(rules.opening_states.states))[rules.opening_states.state_at[0]].tolist()
    for number, (name, intent) in enumerate(made.scenario.intents.items()):
        alone = replace(rules, intent_share=np.eye(len(rules.intents))[number])
        yield name, sum(ending.share for ending in menu_traffic(alone, intent.goal, now).endings.values())


@pytest.mark.parametrize("name", SCENARIOS)
def test_intents_of_shipped_scenarios_arrive(name: str) -> None:
    for intent, share in arrives(name):
        drawn = MET_DRAWS.get((name, intent), 1.0)
        assert LEAST * drawn <= share <= drawn + 0.03, (
            intent,
            share,
        )  # and few that a draw turned away find another path


@pytest.mark.parametrize(("page", "name"), SHOWN_SCENARIOS)
def test_intents_of_the_documents_arrive(page: str, name: str, tmp_path: Path) -> None:
    for intent, share in arrives(shown(tmp_path, page, name)):
        assert share >= LEAST, (intent, share)


def scores(made: Prepared, replications: int) -> np.ndarray:
    """z of every cell (intent and where its callers end) of a sampled walk against the exact chain, all callers at the
    beginning.
    """
    rules, counted = made.model, np.zeros((len(made.model.intents), len(OUTCOMES) + len(made.model.queues)))
    for replication in range(replications):
        streams = Streams(12, replication)
        callers = made.draw_callers(streams)
        callers = replace(callers, arrived_us=np.zeros_like(callers.arrived_us))
        walked = walk(rules, callers, streams)
        np.add.at(
            counted,
            (callers.intent, np.where(walked.ending == OFFERED, len(OUTCOMES) + walked.queue, walked.ending)),
            1,
        )
    found = []
    for number, row in enumerate(counted):
        answer = menu_answer(
            replace(rules, intent_share=np.eye(len(rules.intents))[number]), clock=int(rules.opening_states.state_at[0])
        )
        share = np.array(
            [answer.outcome.get(name, 0.0) for name in OUTCOMES] + [answer.queue[name] for name in rules.queues]
        )
        expected, spread = row.sum() * share, np.sqrt(row.sum() * share * (1 - share))
        assert share.sum() == pytest.approx(1, abs=1e-9)
        assert not row[share < 1e-12].any()
        found += ((row - expected) / np.maximum(spread, 1e-9))[np.minimum(expected, row.sum() - expected) >= 5].tolist()
    return np.array(found)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_walk_meets_the_chain_by_intent(name: str) -> None:
    """Within sampling error: with k cells the mean square of z is 1 with a standard deviation of sqrt(2 / k)."""
    z = scores(prepare(load_scenario(name)), 20 if name != "city_services" else 8)
    assert len(z) > 10
    assert np.sqrt((z**2).mean()) <= max(1.2, np.sqrt(1 + 3 * np.sqrt(2 / len(z))))
    assert np.abs(z).max() < 4
