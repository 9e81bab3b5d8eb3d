"""The errors in a flow: what keeps it from answering calls, and what who simulates it should know."""

from __future__ import annotations

from flows.lint.engine import lint
from flows.lint.project_settings import project_settings
from flows.model.load import Loaded
from flows.source.finding import Finding

__all__ = ["errors_in"]


def errors_in(loaded: Loaded) -> tuple[Finding, ...]:
    """The errors that ``ivr lint`` finds in a flow, with the settings of its project.

    Rules that look at the calendar are left out, so that a line that worked yesterday starts today.

    Examples
    --------
    >>> from flows.model.load import load, load_text
    >>> errors_in(load("northwind"))
    ()
    >>> flow = load_text("{ivr: 1, name: L, start: hi, nodes: {hi: {type: play, say: Hi., next: hello}}}")
    >>> [error.code for error in errors_in(flow)]
    ['S002']
    """
    settings, _ = project_settings(loaded.document.file)
    return tuple(finding for finding in lint(loaded, settings=settings) if finding.severity == "error")
