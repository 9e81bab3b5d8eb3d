"""Puts in place what a scenario takes from tables: volumes by intent or queue, times and agents by interval."""

from __future__ import annotations

from collections.abc import Callable

from flows.model.flow import Flow
from flows.source.document import Document
from flows.source.finding import Finding, ScenarioError
from simulation.loading.expand_profile import expand_profile
from simulation.loading.expand_times import expand_agents, expand_times
from simulation.loading.expand_volumes import expand_volumes
from simulation.loading.expansion import Expansion

__all__ = ["with_tables"]


def with_tables(document: Document, flow_of: Callable[[], Flow | None]) -> tuple[Document, tuple[Finding, ...]]:
    """Return a scenario in which lists stand in place of columns of files, and shares in place of volumes by intent.

    Parameters
    ----------
    document : Document
        The scenario as read, with its settings.
    flow_of : callable
        The flow, if a volume is that of a queue; None if it cannot be read, which is told elsewhere.

    Returns
    -------
    document : Document
        Findings about a value from a file are located in that file.
    notes : tuple of Finding
        What is worth knowing before the results are trusted.

    Raises
    ------
    ScenarioError
        With every mistake in tables and volumes.
    """
    of = Expansion(document)
    expand_times(of)
    expand_agents(of)
    expand_profile(of)
    expand_volumes(of, flow_of)
    if any(finding.severity == "error" for finding in of.found):
        raise ScenarioError(of.found)
    return of.expanded, tuple(of.found)
