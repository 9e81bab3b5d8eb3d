"""Findings in the requested report format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flows.lint.formats.github import github
from flows.lint.formats.json_list import json_list
from flows.lint.formats.sarif import sarif
from flows.lint.formats.text import text
from flows.source.finding import Finding

__all__ = ["FORMATS", "render"]

FORMATS: Mapping[str, Callable[[Sequence[Finding], Mapping[str, str]], str]] = {
    "text": text,
    "json": json_list,
    "github": github,
    "sarif": sarif,
}
"""Report formats by name: functions from findings and the texts of their files to a report."""


def render(findings: Sequence[Finding], form: str, *, sources: Mapping[str, str] | None = None) -> str:
    """Return findings in one of `FORMATS`.

    Parameters
    ----------
    findings : sequence of Finding
    form : {"text", "json", "github", "sarif"}
    sources : mapping of file to text, optional
        Used to show the line of a finding (``text``), and for the regions and fixes of ``sarif``.

    Examples
    --------
    >>> print(render([Finding(code="S001", severity="error", message="no start", file="a.yaml", line=3)], "github"))
    ::error file=a.yaml,line=3,col=0,title=S001::no start
    """
    return FORMATS[form](findings, sources or {})
