"""Scenarios as commands read them: who simulates a flow with errors is told so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from flows.display.terminal import note

if TYPE_CHECKING:
    from simulation.scenario.loaded import LoadedScenario

__all__ = ["read_scenario", "tell_of_errors"]


def read_scenario(file: str, *, settings: Sequence[str] = ()) -> LoadedScenario:
    """Read a scenario (`simulation.loading.load.load_scenario`), and tell of errors in its flow."""
    from simulation.loading.load import load_scenario

    loaded = load_scenario(file, settings=settings)
    tell_of_errors([loaded])
    return loaded


def tell_of_errors(scenarios: Iterable[LoadedScenario]) -> None:
    """Say on stderr which flows have errors, one line for each flow; shipped flows have none."""
    from pathlib import Path

    from flows.lint.errors_in import errors_in
    from flows.model.load import LIBRARY, library, load
    from flows.source.counted import counted
    from simulation.loading.load import flow_file

    for name in dict.fromkeys(flow_file(one.scenario.flow, one.document) for one in scenarios):
        if library(Path(name)).parent == LIBRARY:
            continue
        if errors := errors_in(load(name)):
            them = "it like real ones" if len(errors) == 1 else "them like real ones; the first"
            told = f"{errors[0].where}: {errors[0].code} {errors[0].message}"
            note(f"'ivr lint {name}' finds {counted(len(errors), 'error')}, and simulated callers meet {them}: {told}")
