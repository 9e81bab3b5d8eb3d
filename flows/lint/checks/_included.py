"""Checks a file that flows include: with every flow that includes it, or alone if none does."""

from __future__ import annotations

from collections.abc import Sequence

from flows.kinds import Sample
from flows.lint.around import Around, in_file
from flows.lint.engine import lint
from flows.model.load import load_text
from flows.source.finding import Finding, FlowError

__all__ = ["alone", "included"]


def included(sample: Sample, around: Around) -> tuple[Finding, ...] | None:
    """What the flows that include a file find in it; None if no flow does."""
    users = around.users(sample.file)
    if not users:
        return None
    found = in_file([finding for user in users for finding in around.flows.look_at(user)[1]], sample.file)
    if around.flows.fix and any(finding.fix for finding in found) and not any(map(around.flows.is_checked, users)):
        around.remarks.append(f"{sample.file}: fixed together with its flow: ivr lint {users[0]} --fix")
    return found


def alone(sample: Sample, flow: str, *, select: Sequence[str] = ()) -> tuple[Finding, ...]:
    """What can be said of a file by itself, in the smallest flow that includes it.

    Parameters
    ----------
    sample : Sample
    flow : str
        Text of that flow.
    select : sequence of str
        Rules that hold whatever flow includes the file.
    """
    try:
        loaded = load_text(flow, f"{sample.file}.flow", texts={sample.file: sample.text})
    except FlowError as error:
        return in_file(error.findings, sample.file)
    return in_file(lint(loaded, select=select), sample.file) if select else ()
