"""Checks a part of a flow: with the flows that include it, or its structure alone."""

from __future__ import annotations

import json

from flows.kinds import Sample
from flows.lint.around import Around
from flows.lint.checks._included import alone, included
from flows.source.finding import Finding, FlowError
from flows.source.yaml_reader import parse

__all__ = ["check"]

_STRUCTURE = ("S",)
"""Dead ends and unknown targets are wrong whatever flow includes the part; its queues and languages are the flow's."""


def check(sample: Sample, around: Around) -> tuple[Finding, ...]:
    """Everything that is wrong with a part."""
    found = included(sample, around)
    if found is not None:
        return found
    around.remarks.append(f"{sample.file}: no flow here includes this part, so only its structure was checked")
    try:
        exits = parse(sample.text, sample.file).data.get("exits")
    except FlowError as error:
        return error.findings
    names = [name for name in exits if isinstance(name, str)] if isinstance(exits, list) else []
    use = {"file": sample.name, "exits": dict.fromkeys(names, "bye")}
    nodes = {"enter": {"type": "subflow", "start": "it", "next": "bye"}, "bye": {"type": "hangup", "say": "Goodbye."}}
    whole = {"ivr": 1, "name": "Around a part", "start": "enter", "parts": {"it": use}, "nodes": nodes}
    return alone(sample, json.dumps(whole), select=_STRUCTURE)
