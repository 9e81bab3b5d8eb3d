"""Callers in menus: the simulation and the exact chain against a model that was written from the documents alone."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import LIBRARY
from models import callers as model
from test_intents_arrive import SHOWN_SCENARIOS, shown

from ivr.record_schema import OUTCOMES
from simulation import walk
from simulation.callers import Prepared, prepare
from simulation.menu_exact import menu_answer
from simulation.call_table import OFFERED
from simulation.scenario_file import load_scenario
from simulation.streams import Streams
from simulation.walk import Callers

NUMBER = 20_000
RARE = 10

Tally = dict[str, list[model.End]]


def modelled(people: model.Callers, who: list[tuple[str, str, float]], seed: int) -> Tally:
    """The model's callers, by intent."""
    rng, found = random.Random(seed), defaultdict(list)
    for intent, language, moment in who:
        found[intent].append(people.walk(rng, intent, language, moment))
    return found


def simulated(prepared: Prepared, who: list[tuple[str, str, float]], seed: int) -> Tally:
    """The simulation's walk of just such callers, by intent."""
    rules, rng = prepared.rules, np.random.default_rng(seed)
    intents, languages = list(prepared.scenario.intents), list(rules.languages)
    callers = Callers(
        np.array([round(moment * 1e6) for *_, moment in who]), np.array([intents.index(i) for i, *_ in who], dtype="i2"),
        np.array([languages.index(spoken) for _, spoken, _ in who], dtype="i2"), rng.random(len(who)), rng.exponential(size=len(who)))
    ends = walk.walk(rules, callers, Streams(seed, 0), record=True)
    nodes, states = prepared.loaded.flow.nodes, rules.chain.states
    served = ["-"] * len(who)
    for row, at, edge in ends.steps:
        for caller, position in zip(row[edge >= 0].tolist(), at[edge >= 0].tolist(), strict=True):
            if getattr(nodes[states[position].node], "serves", False):
                served[caller] = states[position].node
    found = defaultdict(list)
    for number, (intent, *_) in enumerate(who):
        outcome = "queue" if ends.ending[number] == OFFERED else OUTCOMES[ends.ending[number]]
        place = states[ends.position[number]].node if outcome == "queue" else served[number] if outcome == "contained" else "-"
        found[intent].append(model.End(outcome, place, ends.menu_us[number] / 1e6, int(ends.key_presses[number])))
    return found


def places(tally: list[model.End]) -> dict[tuple[str, str], int]:
    """How many of an intent end at each place."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for end in tally:
        counts[end.outcome, end.place] += 1
    return counts


def share_scores(ours: Tally, theirs: Tally) -> dict[tuple, float]:
    """z of each share by intent; rare places are one cell together."""
    scores = {}
    for intent, tally in ours.items():
        left, right = places(tally), places(theirs[intent])
        n, m = len(tally), len(theirs[intent])
        cells: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])
        for place in sorted({*left, *right}):
            rare = left[place] + right[place] < 2 * RARE
            cell = cells[("rare", "-") if rare else place]
            cell[0] += left[place]
            cell[1] += right[place]
        for place, (a, b) in cells.items():
            pooled = (a + b) / (n + m)
            if a + b >= RARE and pooled < 1:
                scores[intent, *place] = (a / n - b / m) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return scores


def mean_scores(ours: Tally, theirs: Tally, what: str) -> dict[str, float]:
    """Difference of means by intent, in standard errors."""
    scores = {}
    for intent, tally in ours.items():
        a, b = (np.array([getattr(end, what) for end in of], dtype=float) for of in (tally, theirs[intent]))
        scores[intent] = (a.mean() - b.mean()) / math.sqrt(a.var() / len(a) + b.var() / len(b) + 1e-12)
    return scores


def exact_scores(ours: Tally, prepared: Prepared, clock: int) -> dict[tuple, float]:
    """The model against the exact chain: z of the shares of outcomes and queues, of seconds and of keys, by intent."""
    rules, scores, flow = prepared.rules, {}, prepared.loaded.flow
    for intent, tally in ours.items():
        alone = replace(rules, intent_share=np.eye(len(rules.intents))[rules.intents.index(intent)])
        answer, n = menu_answer(alone, clock=clock), len(tally)
        counts: dict[tuple[str, str], int] = defaultdict(int)
        for end in tally:
            counts[("queue", flow.nodes[end.place].queue) if end.outcome == "queue" else (end.outcome, "-")] += 1
        shares = {(outcome, "-"): share for outcome, share in answer.outcome.items()}
        shares |= {("queue", queue): share for queue, share in answer.queue.items()}
        for place in {*counts, *shares}:
            share = shares.get(place, 0.0)
            if n * share >= RARE or counts[place] >= RARE:
                scores[intent, *place] = (counts[place] / n - share) / math.sqrt(max(share, 1e-9) * (1 - share) / n + 1e-12)
        for what, mean in (("seconds", answer.menu_s), ("presses", answer.key_presses)):
            values = np.array([getattr(end, what) for end in tally], dtype=float)
            scores[intent, what, "mean"] = (values.mean() - mean) / math.sqrt(values.var() / n + 1e-12)
    return scores
