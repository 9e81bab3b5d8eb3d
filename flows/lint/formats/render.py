"""Findings in the report format that was asked for."""

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
"""Report formats by name: findings and the texts of their files in, a report out."""


def render(findings: Sequence[Finding], form: str, *, sources: Mapping[str, str] | None = None) -> str:
    """Findings in one of `FORMATS`.

    Parameters
    ----------
    findings : sequence of Finding
    form : {"text", "json", "github", "sarif"}
    sources : mapping of file to text, optional
        To show the line a finding stands on (``text``), and for the regions and fixes of ``sarif``.

    Examples
    --------
    >>> print(render([Finding(code="S001", severity="error", message="no start", file="a.yaml", line=3)], "github"))
    ::error file=a.yaml,line=3,col=0,title=S001::no start
    """
    return FORMATS[form](findings, sources or {})
