"""Checks a flow by every rule, with the parts and catalogues that it names."""

from __future__ import annotations

from flows.kinds import Sample
from flows.lint.around import Around
from flows.source.finding import Finding

__all__ = ["check"]


def check(sample: Sample, around: Around) -> tuple[Finding, ...]:
    """Everything that is wrong with a flow."""
    return around.flows.check(sample.file, sample.text)
