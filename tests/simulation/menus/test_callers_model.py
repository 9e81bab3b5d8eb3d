"""Callers in menus: the simulation and the exact chain against a model written from the documents alone.

`tests/support/models` has the model: docs/callers.md, docs/seconds.md, docs/reference/nodes.md and docs/engines.md in
plain Python. It walks callers one by one; they are compared by intent, where they end, how long they are in the menus
and how often they press.

The bounds hold for any seed, not only for these (several were tried). All scores of a scenario together must have a
root mean square of at most 1.2 (3 standard deviations of the mean of k squares where that is more: 2/k is their
variance for normal scores), and none for more than 4: about 750 shares and 400 means are compared in all, and of 1150
normal scores one is beyond 4 in 7 of 100 runs.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ivr.records.schema import OUTCOMES
from simulation.loading.load import load_scenario
from simulation.menus import sampled_walk as walk
from simulation.menus.exact_solution import menu_answer
from simulation.menus.sampled_walk import Callers
from simulation.sampling.streams import Streams
from simulation.tables.call_table import OFFERED
from simulation.workload.build_call_table import Prepared, prepare
from tests.support.library import LIBRARY
from tests.support.models import callers as model
from tests.support.paths import DATA
from tests.support.shown_scenarios import SCENARIOS, SHOWN_SCENARIOS, shown

SEED = 0
NUMBER = 6_000
"""Callers of a scenario, as many of each intent."""
RARE = 10
"""Places where fewer are expected are combined into one cell, because so few are not normal."""
CLUMSY = {
    "wrong_key": "20%",
    "no_input": "15%",
    "zero_out": "2%",
    "hang_up_per_minute": "0.2",
    "wrong_entry": "20%",
    "no_entry": "20%",
}
"""Callers who do the rare things often, so that what follows them counts."""
BEYOND = {"credit_union": "a list, yes or no, typed entries"}
"""Shipped lines with what the model does not know. `sign_on`, in the data, is such a line without it: every scenario
here has what the documents of the model are about."""
STORED = DATA / "callers"
ALL = [*(name for name in SCENARIOS if name not in BEYOND), "sign_on", *SHOWN_SCENARIOS]

Who = list[tuple[str, str, float]]
Tally = dict[str, list[model.End]]


def files(name: str | tuple[str, str], folder: Path) -> tuple[Path, Path]:
    """A scenario, shipped or shown in the documents, and its flow."""
    here = STORED if (STORED / f"{name}.yaml").exists() else LIBRARY
    path = here / f"{name}.scenario.yaml" if isinstance(name, str) else shown(folder, *name)
    flow = model.read(path)["flow"]
    beside = path.parent / flow
    return path, beside if beside.is_file() else LIBRARY / f"{flow}.yaml"


def both(name: str | tuple[str, str], folder: Path, behaviour: dict[str, str]) -> tuple[model.Callers, Prepared]:
    """The model's callers and the simulation's."""
    path, flow = files(name, folder)
    scenario = model.with_calls(model.read(path), path.parent)
    scenario["behaviour"] = scenario.get("behaviour", {}) | behaviour
    settings = [f"behaviour.{field}={value}" for field, value in behaviour.items()]
    return model.Callers(scenario, model.read(flow)), prepare(load_scenario(path, settings=settings))


def people(callers: model.Callers, seed: int, moments: Iterable[float] = ()) -> Who:
    """Intent, language and moment of arrival of all callers; as the scenario has them, or at certain moments."""
    rng, moments = random.Random(seed), list(moments)
    each = NUMBER // len(callers.intents)
    return [
        (
            intent,
            model.pick(rng, callers.languages),
            moments[i % len(moments)] if moments else callers.moment(rng, intent),
        )
        for intent in callers.intents
        for i in range(each)
    ]


def modelled(callers: model.Callers, who: Who, seed: int) -> Tally:
    """The model's callers, by intent."""
    rng = random.Random(seed)
    found: Tally = {intent: [] for intent in callers.intents}
    for intent, language, moment in who:
        found[intent].append(callers.walk(rng, intent, language, moment))
    return found


def simulated(prepared: Prepared, who: Who, seed: int) -> Tally:
    """The simulation's walk of just such callers, by intent."""
    rules, rng = prepared.model, np.random.default_rng(seed)
    moments, intents, languages = zip(
        *((round(t * 1e6), rules.intents.index(i), rules.languages.index(spoken)) for i, spoken, t in who), strict=True
    )
    callers = Callers(
        np.array(moments),
        np.array(intents, dtype="i2"),
        np.array(languages, dtype="i2"),
        rng.random(len(who)),
        rng.exponential(size=len(who)),
    )
    ends = walk.walk(rules, callers, Streams(seed, 0), record=True)
    at_node = [state.node for state in rules.chain.states]
    serves = np.array([getattr(prepared.loaded.flow.nodes[node], "serves", False) for node in at_node])
    served = np.full(len(who), -1)
    for row, at, edge, _ in ends.steps:
        heard = (edge >= 0) & serves[at]
        served[row[heard]] = at[heard]
    found: Tally = {intent: [] for intent in prepared.scenario.intents}
    for i, (intent, *_) in enumerate(who):
        outcome = "queue" if ends.ending[i] == OFFERED else OUTCOMES[ends.ending[i]]
        last = ends.position[i] if outcome == "queue" else served[i] if outcome == "contained" else -1
        place = at_node[last] if last >= 0 else "-"
        found[intent].append(model.End(outcome, place, ends.menu_us[i] / 1e6, int(ends.key_presses[i])))
    return found


def against_callers(ours: Tally, theirs: Tally) -> tuple[dict, dict]:
    """Scores of shares and of means, by intent, of two samples."""
    shares, means = {}, {}
    for intent, tally in ours.items():
        other, n, m = theirs[intent], len(tally), len(theirs[intent])
        left, right = (Counter((end.outcome, end.place) for end in of) for of in (tally, other))
        cells: dict[tuple, tuple[int, int]] = {}
        for place in {*left, *right}:
            cell = place if left[place] + right[place] >= 2 * RARE else ("rare", "-")
            a, b = cells.get(cell, (0, 0))
            cells[cell] = a + left[place], b + right[place]
        for cell, (a, b) in cells.items():
            share = (a + b) / (n + m)
            if a + b >= 2 * RARE and share < 1:
                shares[intent, *cell] = (a / n - b / m) / math.sqrt(share * (1 - share) * (1 / n + 1 / m))
        for what in ("seconds", "presses"):
            x, y = (np.array([getattr(end, what) for end in of], dtype=float) for of in (tally, other))
            means[intent, what] = (x.mean() - y.mean()) / math.sqrt(x.var() / n + y.var() / m + 1e-12)
    return shares, means


def against_chain(ours: Tally, prepared: Prepared, clock: int) -> tuple[dict, dict]:
    """Scores of shares (outcomes, queues) and of means, by intent, of a sample against the exact chain."""
    rules, shares, means = prepared.model, {}, {}
    for intent, tally in ours.items():
        alone = replace(rules, intent_share=np.eye(len(rules.intents))[rules.intents.index(intent)])
        answer, n = menu_answer(alone, clock=clock), len(tally)
        queue = {name: node.queue for name, node in prepared.loaded.flow.nodes.items() if node.type == "queue"}
        counts = Counter(("queue", queue[end.place]) if end.outcome == "queue" else (end.outcome, "-") for end in tally)
        exact = {(outcome, "-"): share for outcome, share in answer.outcome.items()}
        exact |= {("queue", name): share for name, share in answer.queue.items()}
        assert not {*counts} - {place for place, share in exact.items() if share > 0}, (
            "the model comes to where the chain never does"
        )
        rare = {place for place, share in exact.items() if n * share < RARE}
        cells = {place: (counts[place], exact[place]) for place in exact if place not in rare}
        cells["rare", "-"] = sum(counts[place] for place in rare), sum(exact[place] for place in rare)
        for cell, (count, share) in cells.items():
            if RARE <= n * share < n * (1 - 1e-9):
                shares[intent, *cell] = (count / n - share) / math.sqrt(share * (1 - share) / n)
        for what, mean in (("seconds", answer.menu_s), ("presses", answer.key_presses)):
            values = np.array([getattr(end, what) for end in tally], dtype=float)
            means[intent, what] = (values.mean() - mean) / math.sqrt(values.var() / n + 1e-12)
    return shares, means


def check(shares: dict, means: dict) -> None:
    """Check the scores against the bounds."""
    worst = sorted((shares | means).items(), key=lambda score: -abs(score[1]))[:5]
    assert not worst or abs(worst[0][1]) <= 4, worst
    if shares:
        square = sum(z * z for z in shares.values()) / len(shares)
        assert math.sqrt(square) <= max(1.2, math.sqrt(1 + 3 * math.sqrt(2 / len(shares)))), (
            len(shares),
            math.sqrt(square),
            worst,
        )


@pytest.mark.parametrize("name", ALL, ids=str)
def test_the_simulation_walks_as_the_documents_say(name, tmp_path) -> None:
    callers, prepared = both(name, tmp_path, {})
    who = people(callers, SEED + 1)
    check(*against_callers(modelled(callers, who, SEED + 2), simulated(prepared, who, SEED + 3)))


@pytest.mark.parametrize(
    ("name", "behaviour"),
    [
        *(pytest.param(name, {}, id=f"{name}-as stated") for name in ALL),
        # The largest line takes longest, and its callers do nothing that others do not.
        *(pytest.param(name, CLUMSY, id=f"{name}-clumsy callers") for name in ALL if name != "city_services"),
    ],
)
def test_the_exact_chain_is_what_the_documents_say(name, behaviour, tmp_path) -> None:
    """At every state of the opening hours that a scenario meets, from the moment of the change on; clumsy callers at
    the start only.
    """
    callers, prepared = both(name, tmp_path, behaviour)
    openings = prepared.model.opening_states
    shares, means = {}, {}
    changes = [] if behaviour else [us / 1e6 for us in openings.changes_us.tolist() if us <= prepared.horizon_us]
    for moment in [0.0, *changes]:
        clock = int(openings.at(np.array([round(moment * 1e6)]))[0])
        found = against_chain(modelled(callers, people(callers, SEED + 4, [moment]), SEED + 5), prepared, clock)
        shares |= {(clock, *cell): score for cell, score in found[0].items()}
        means |= {(clock, *cell): score for cell, score in found[1].items()}
    check(shares, means)


@pytest.mark.parametrize(
    "fault", [{"no_input": "5%"}, {"zero_out": "4%"}, {"wrong_key": "4%"}, {"key_ahead": "20%"}], ids=str
)
def test_a_fault_is_seen(fault, tmp_path) -> None:
    """Callers who stay silent, press 0, slip or key ahead a little more often than stated are distinguished from those
    who do not.
    """
    callers, prepared = both(("planning.md", "monday.yaml"), tmp_path, {})
    other, _ = both(("planning.md", "monday.yaml"), tmp_path, fault)
    with pytest.raises(AssertionError):
        check(*against_chain(modelled(other, people(callers, SEED + 4, [0.0]), SEED + 5), prepared, 0))
