"""Checks a language pack by itself: all its phrases, and what is said in them."""

from __future__ import annotations

from flows.kinds import Sample
from flows.lint.around import Around
from flows.source.finding import Finding, FlowError
from flows.source.yaml_reader import parse
from flows.speech.languages import language_of_pack

__all__ = ["check"]


def check(sample: Sample, around: Around) -> tuple[Finding, ...]:
    """Everything that is wrong with a language pack."""
    try:
        language_of_pack(parse(sample.text, sample.file))
    except FlowError as error:
        return error.findings
    return ()
