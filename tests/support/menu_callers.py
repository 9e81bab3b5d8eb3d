"""Callers for menus: crowds that call at one moment, and callers without any chance in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simulation.loading.load import load_scenario
from simulation.menus.sampled_walk import Callers
from simulation.sampling.streams import Streams
from simulation.workload.build_call_table import Prepared, prepare
from tests.support.small_scenarios import write
from tests.support.texts import SURE, scenario


def crowd(ready: Prepared, n: int, *, at_us: int = 0, seed: int = 7) -> Callers:
    """Callers who all arrive at one moment."""
    streams, rules = Streams(seed), ready.model

    def pick(name: str, shares: np.ndarray) -> np.ndarray:
        drawn = np.searchsorted(np.cumsum(shares), streams.generator(name).random(n), side="right")
        return np.minimum(drawn, len(shares) - 1).astype(np.int16)

    return Callers(
        np.full(n, at_us),
        pick("intent", rules.intent_share),
        pick("language", rules.language_share),
        streams.generator("listening").random(n),
        streams.generator("staying").standard_exponential(n),
    )


CERTAIN = scenario(
    "Certain callers",
    horizon="1h",
    interval="",
    arrivals="{kind: constant, per_hour: 60}",
    intents="{it: {share: 1, goal: GOAL}}",
    behaviour=SURE | {"no_entry": "0", "wrong_entry": "0"},
    talk="{constant: 1s}",
    groups="{all: {skills: [desk], agents: 1}}",
)


def certain(folder: Path, flow: str, goal: str, *settings: str) -> Prepared:
    """Callers who all want the same, hear the option and press it after a second."""
    return prepare(load_scenario(write(folder, flow, CERTAIN.replace("GOAL", goal)), settings=list(settings)))
