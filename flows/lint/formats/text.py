"""Findings as text for people, each with its line, a caret and a hint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flows.display.console import render_text
from flows.source.finding import Finding

__all__ = ["text"]


def text(findings: Sequence[Finding], sources: Mapping[str, str]) -> str:
    """Return findings as shown in a pipe, without colours.

    Examples
    --------
    >>> print(text([Finding(code="S001", severity="error", message="no start", file="a.yaml", line=3, column=8)], {}))
    a.yaml:3:8: error S001 no start
    """
    return render_text(findings, sources=sources)
