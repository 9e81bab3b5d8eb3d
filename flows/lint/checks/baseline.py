"""Checks that a baseline can be read."""

from __future__ import annotations

from flows.kinds import Sample
from flows.lint.around import Around
from flows.lint.baseline import baseline_entries
from flows.source.finding import Finding, UsageError

__all__ = ["check"]


def check(sample: Sample, around: Around) -> tuple[Finding, ...]:
    """Why a baseline cannot be read."""
    try:
        baseline_entries(sample.text, sample.file)
    except UsageError as error:
        return error.findings
    return ()
