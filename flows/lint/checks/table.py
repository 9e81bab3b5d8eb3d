"""Checks a table of calls with the scenarios that name it."""

from __future__ import annotations

from flows.kinds import Sample
from flows.lint.around import Around, in_file
from flows.source.finding import Finding

__all__ = ["check"]


def check(sample: Sample, around: Around) -> tuple[Finding, ...]:
    """What the scenarios that name a table find in it; that none does is a finding too."""
    name = sample.name
    scenarios = [one for one in around.beside(sample.file, "scenario") if name in one.text]
    if not scenarios or "scenario" not in around.lent:
        message = "no scenario here names this table, so there is nothing to check it against"
        hint = f"write 'arrivals: {{kind: csv, file: {name}}}' in a scenario beside it"
        return (Finding(code="Y011", severity="error", message=message, file=sample.file, hint=hint),)
    return in_file([found for one in scenarios for found in around.lent["scenario"](one, None)], sample.file)
