"""Checks an agents file: its people, and that they answer every queue of the flow beside it."""

from __future__ import annotations

from flows.kinds import Sample
from flows.lint.around import Around
from flows.lint.checks._flow_beside import flow_beside
from flows.source.finding import Finding

__all__ = ["check"]


def check(sample: Sample, around: Around) -> tuple[Finding, ...]:
    """Everything that is wrong with an agents file."""
    if "agents" not in around.lent:
        return ()
    return around.lent["agents"](sample, flow_beside(sample, around, "what it says by itself"))
