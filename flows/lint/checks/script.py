"""Checks call scripts: their lines, and that the flow has what they name."""

from __future__ import annotations

from flows.kinds import Sample
from flows.lint.around import Around
from flows.lint.checks._flow_beside import flow_beside
from flows.source.finding import Finding

__all__ = ["check"]


def check(sample: Sample, around: Around) -> tuple[Finding, ...]:
    """Everything that is wrong with a file of call scripts."""
    if "script" not in around.lent:
        return ()
    return around.lent["script"](sample, flow_beside(sample, around, "the form of its lines"))
