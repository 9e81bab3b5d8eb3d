"""A line on which a sweep of many cells takes a second."""

from __future__ import annotations

from pathlib import Path

from simulation.loading.load import load_scenario
from simulation.scenario.loaded import LoadedScenario
from tests.support.small_scenarios import QUEUE_ONLY, write
from tests.support.texts import scenario

HALF_AN_HOUR = scenario(
    "Half an hour",
    horizon="30m",
    interval="30m",
    arrivals="{kind: csv, file: calls.csv}",
    intents="{talk: {share: 1, goal: wait}}",
    talk="{exponential: 3m}",
    patience="{exponential: 2m}",
    groups="{desk: {skills: [calls], agents: 2, cost_per_hour: 30}}",
    service_level="{threshold: 20s, target: 80%}",
    replications="2",
    seed="3",
)


def written(folder: Path) -> Path:
    """The scenario, its flow and its calls in a folder: 20 calls in half an hour."""
    (folder / "calls.csv").write_text("calls\n20\n", "utf-8")
    return write(folder, QUEUE_ONLY, HALF_AN_HOUR)


def half_an_hour(folder: Path, *settings: str) -> LoadedScenario:
    """The scenario, with settings."""
    return load_scenario(written(folder), settings=settings)
