"""Checks a column map without its table."""

from __future__ import annotations

from flows.kinds import Sample
from flows.lint.around import Around
from flows.source.finding import Finding

__all__ = ["check"]


def check(sample: Sample, around: Around) -> tuple[Finding, ...]:
    """Every line that no column map has; whether the table has the columns is known when it is read."""
    return around.lent["column_map"](sample, None) if "column_map" in around.lent else ()
