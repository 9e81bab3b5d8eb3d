"""Checks a scenario as ``ivr simulate`` does before it runs."""

from __future__ import annotations

from flows.kinds import Sample
from flows.lint.around import Around
from flows.model.load import load_text
from flows.source.finding import Finding, FlowError

__all__ = ["check"]


def check(sample: Sample, around: Around) -> tuple[Finding, ...]:
    """Everything that keeps a scenario from being simulated; without a simulation at hand, that it is not a flow."""
    if "scenario" in around.lent:
        return around.lent["scenario"](sample, None)
    try:
        load_text(sample.text, sample.file)
    except FlowError as error:
        return error.findings
    return ()
