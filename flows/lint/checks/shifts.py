"""Checks a file of shifts as ``ivr staff --shifts`` does before it searches."""

from __future__ import annotations

from flows.kinds import Sample
from flows.lint.around import Around
from flows.source.finding import Finding

__all__ = ["check"]


def check(sample: Sample, around: Around) -> tuple[Finding, ...]:
    """Everything that is wrong with the kinds of shifts; the groups that they name are those of a scenario."""
    return around.lent["shifts"](sample, None) if "shifts" in around.lent else ()
