"""Checks a catalogue of prompts: with the flows that say them, or its form alone."""

from __future__ import annotations

import json

from flows.kinds import Sample
from flows.lint.around import Around
from flows.lint.checks._included import alone, included
from flows.source.finding import Finding

__all__ = ["check"]


def check(sample: Sample, around: Around) -> tuple[Finding, ...]:
    """Everything that is wrong with a catalogue."""
    found = included(sample, around)
    if found is not None:
        return found
    around.remarks.append(f"{sample.file}: no flow here names this catalogue, so only its form was checked")
    nodes = {"bye": {"type": "hangup", "say": "Goodbye."}}
    whole = {"ivr": 1, "name": "Around a catalogue", "start": "bye", "catalogue": sample.name, "nodes": nodes}
    return alone(sample, json.dumps(whole))
