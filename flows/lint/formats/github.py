"""Findings as GitHub annotations, which Actions shows next to the lines of a pull request.

See GitHub's "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flows.source.finding import Finding

__all__ = ["github"]


def github(findings: Sequence[Finding], sources: Mapping[str, str]) -> str:
    """Return a workflow command for each finding.

    Examples
    --------
    >>> print(github([Finding(code="S001", severity="error", message="no start", file="a.yaml", line=3, column=8)], {}))
    ::error file=a.yaml,line=3,col=8,title=S001::no start
    """
    return "\n".join(map(_annotation, findings))


def _annotation(finding: Finding) -> str:
    def value(text: str) -> str:
        return (
            text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A").replace(":", "%3A").replace(",", "%2C")
        )

    level = {"error": "error", "warning": "warning", "info": "notice"}[finding.severity]
    place = [f"file={value(finding.file)}"] if finding.file else []
    if finding.line:
        place += [f"line={finding.line}", f"col={finding.column}"]
    text = f"{finding.message} ({finding.hint})" if finding.hint else finding.message
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} {','.join([*place, f'title={finding.code}'])}::{text}"
