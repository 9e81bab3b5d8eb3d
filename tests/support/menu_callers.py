"""Callers for menus: crowds that call at one moment, and callers of whom everything is certain."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simulation.loading.load import load_scenario
from simulation.menus.sampled_walk import Callers
from simulation.sampling.streams import Streams
from simulation.workload.build_call_table import Prepared, prepare
from tests.support.small_scenarios import write


def crowd(ready: Prepared, n: int, *, at_us: int = 0, seed: int = 7) -> Callers:
    """Callers who all call at one moment."""
    streams, rules = Streams(seed), ready.rules
    pick = lambda name, shares: np.minimum(  # noqa: E731
        np.searchsorted(np.cumsum(shares), streams.generator(name).random(n), side="right"), len(shares) - 1
    ).astype(np.int16)
    return Callers(
        np.full(n, at_us),
        pick("intent", rules.intent_share),
        pick("language", rules.language_share),
        streams.generator("listening").random(n),
        streams.generator("staying").standard_exponential(n),
    )


CERTAIN = """
name: Certain callers
flow: flow.yaml
start: 2026-11-24 08:00
horizon: 1h
arrivals: {kind: constant, per_hour: 60}
intents: {it: {share: 1, goal: GOAL}}
behaviour: {hear_all: 0, key_ahead: 0, wrong_key: 0, no_input: 0, zero_out: 0, no_entry: 0, wrong_entry: 0,
  hang_up_per_minute: 0, reaction: {constant: 1s}}
talk: {constant: 1s}
groups: {all: {skills: [desk], agents: 1}}
"""


def certain(folder: Path, flow: str, goal: str, *settings: str) -> Prepared:
    """Callers of whom all want the same, hear what they want and press it after a second."""
    return prepare(load_scenario(write(folder, flow, CERTAIN.replace("GOAL", goal)), settings=list(settings)))
