"""A scenario that has been read and checked, with the flow it calls."""

from __future__ import annotations

from dataclasses import dataclass

from flows.model.flow import Flow
from flows.source.document import Document
from flows.source.finding import Finding
from simulation.scenario.model import Scenario

__all__ = ["LoadedScenario"]


@dataclass(frozen=True)
class LoadedScenario:
    """A scenario, the flow its callers call, and the document it was read from.

    Parameters
    ----------
    scenario : Scenario
    flow : Flow
    document : Document
        To locate findings, and the folder of the files it names.
    notes : tuple of Finding
        Warnings about the scenario, to be read before its results are trusted.
    """

    scenario: Scenario
    flow: Flow
    document: Document
    notes: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        return f"<LoadedScenario {self.scenario.name!r} of {self.document.file}>"
