"""Findings as SARIF 2.1.0 (OASIS Standard, 2020), the format code-scanning services and editors read."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path as FilePath
from urllib.parse import quote

from flows.distribution import home_page, version
from flows.lint.explain import family_of, options_text
from flows.lint.rules import Rule, rules
from flows.source.document import lines_of, mark_of, word_at
from flows.source.finding import Finding, FlowError, Severity
from flows.source.yaml_fixes import edits

__all__ = ["sarif"]

_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def sarif(findings: Sequence[Finding], sources: Mapping[str, str]) -> str:
    """Return a SARIF log of one run.

    Parameters
    ----------
    findings : sequence of Finding
    sources : mapping of file to text
        Used for the ends of regions and for fixes; regions in other files have no end.

    Examples
    --------
    >>> finding = Finding(code="S002", severity="error", message="no", file="a b.yaml", line=1, column=7)
    >>> log = json.loads(sarif([finding], {"a b.yaml": "next: by"}))
    >>> log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    {'artifactLocation': {'uri': 'a%20b.yaml'}, 'region': {'startLine': 1, 'startColumn': 7, 'endLine': 1, 'endColumn':
    9}}
    """
    used = sorted({finding.code for finding in findings})
    pages = rules()
    seen: Counter[str] = Counter()
    results = [_result(finding, used.index(finding.code), sources, seen) for finding in findings]
    driver = {
        "name": "ivr lint",
        **_about_us(),
        "rules": [_described(pages[code]) if code in pages else {"id": code} for code in used],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)


def _about_us() -> dict[str, str]:
    """What is known of this program; nothing if it runs without being installed."""
    known = {"version": version(), "informationUri": home_page()}
    return {name: value for name, value in known.items() if value}


def _described(rule: Rule) -> dict[str, object]:
    parts = (
        ("Why", rule.why),
        ("Example", f"```yaml\n{rule.example}\n```"),
        ("Better", f"```yaml\n{rule.better}\n```"),
        ("Options", options_text(rule)),
        ("Source", rule.source),
    )
    markdown = "\n\n".join([rule.what, *(f"**{title}**\n\n{text}" for title, text in parts)])
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.what},
        "help": {"text": f"{rule.what} {rule.why}", "markdown": markdown},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [family_of(rule.code)]},
    }


def _result(finding: Finding, index: int, sources: Mapping[str, str], seen: Counter[str]) -> dict[str, object]:
    out: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}. {finding.hint}" if finding.hint else finding.message},
        "partialFingerprints": {"findingHash/v1": _fingerprint(finding, seen)},
    }
    if finding.file:
        place: dict[str, object] = {"artifactLocation": {"uri": _uri(finding.file)}}
        if finding.line:
            place["region"] = _region_of(finding, sources.get(finding.file, ""))
        location: dict[str, object] = {"physicalLocation": place}
        if finding.node:
            location["logicalLocations"] = [{"name": finding.node, "kind": "member"}]
        out["locations"] = [location]
    if fixes := _fixes(finding, sources):
        out["fixes"] = fixes
    return out


def _fingerprint(finding: Finding, seen: Counter[str]) -> str:
    """A fingerprint that is stable when a finding moves to another line; identical ones in a file are numbered."""
    what = "\0".join((finding.file, finding.code, finding.node, finding.message))
    seen[what] += 1
    return hashlib.sha256(f"{what}\0{seen[what]}".encode("utf-8", "replace")).hexdigest()[:32]


def _uri(file: str) -> str:
    path = FilePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _region_of(finding: Finding, text: str) -> dict[str, int]:
    region = {"startLine": finding.line, "startColumn": max(1, finding.column)}
    lines = lines_of(text)
    if finding.line <= len(lines):
        word = word_at(lines[finding.line - 1], region["startColumn"] - 1)
        if word:
            region |= {"endLine": finding.line, "endColumn": region["startColumn"] + len(word)}
    return region


def _fixes(finding: Finding, sources: Mapping[str, str]) -> list[dict[str, object]]:
    if finding.fix is None:
        return []
    file = finding.fix.file or finding.file
    text = sources.get(file)
    if text is None:
        return []
    try:
        made, _ = edits(text, [finding.fix], file)
    except FlowError:
        return []  # the text has changed since it was read: report the finding without its fix
    if not made:
        return []
    replacements = [
        {"deletedRegion": _between(text, edit.start, edit.end), "insertedContent": {"text": edit.text}} for edit in made
    ]
    about = "Safe" if finding.fix.safe else "Review it afterwards"
    return [
        {
            "description": {"text": f"{about}: {finding.hint or finding.message}"},
            "artifactChanges": [{"artifactLocation": {"uri": _uri(file)}, "replacements": replacements}],
        }
    ]


def _between(text: str, start: int, end: int) -> dict[str, int]:
    (line, column), (end_line, end_column) = mark_of(text, start), mark_of(text, end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
