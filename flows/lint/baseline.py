"""Known findings: a baseline file hides them until they are fixed, so that only new ones are reported.

An entry has a code, a node and a message but no line, so it stays valid when lines move.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path as FilePath

from flows.source.finding import Finding, UsageError, usage_error

__all__ = ["GONE", "baseline_entries", "baseline_text", "known", "read_baseline"]

Entry = tuple[str, str, str, str]
"""File relative to the baseline, code, node, message."""
_FORMAT = 2
GONE = "L005"
"""Code of an entry that no longer occurs."""


def _entry(finding: Finding, baseline: str) -> Entry:
    """The entry of a finding. Files are relative to the baseline, so a project can be moved as a whole."""
    file = os.path.relpath(finding.file, FilePath(baseline).absolute().parent) if finding.file else ""
    return FilePath(file).as_posix() if file else "", finding.code, finding.node, finding.message


def baseline_text(findings: Iterable[Finding], file: str) -> str:
    """Return the baseline of these findings, sorted so that small flow changes make small diffs.

    Parameters
    ----------
    findings : iterable of Finding
    file : str
        Where the baseline will be written.

    Examples
    --------
    >>> found = Finding(code="R004", severity="warning", message="no hours", file="a/b.yaml", node="desk")
    >>> print(baseline_text([found], "base.json"), end="")
    {"ivr-lint-baseline": 2, "findings": [
      {"file": "a/b.yaml", "code": "R004", "node": "desk", "message": "no hours"}
    ]}
    """
    entries = [
        json.dumps(dict(zip(("file", "code", "node", "message"), entry, strict=True)), ensure_ascii=False)
        for entry in sorted(_entry(f, file) for f in findings)
    ]
    listed = "".join(f"\n  {entry}," for entry in entries).rstrip(",")
    return f'{{"ivr-lint-baseline": {_FORMAT}, "findings": [{listed}\n]}}\n'


def read_baseline(file: str) -> Counter[Entry]:
    """Return the entries of a baseline file with their counts.

    Raises
    ------
    UsageError
        L006, if the file cannot be read or is not a baseline.
    """
    try:
        text = FilePath(file).read_bytes()
    except OSError as error:
        raise _refused(f"the baseline cannot be read: {error.strerror or error}", file) from None
    return baseline_entries(text, file)


def baseline_entries(text: str | bytes, file: str) -> Counter[Entry]:
    """Return the entries in the text of a baseline, like `read_baseline`."""
    try:
        data = json.loads(text)
        if data["ivr-lint-baseline"] != _FORMAT:
            raise ValueError("written by another version")
        return Counter((str(e["file"]), str(e["code"]), str(e["node"]), str(e["message"])) for e in data["findings"])
    except RecursionError:
        why = "nested too deeply"
    except (json.JSONDecodeError, UnicodeDecodeError):
        why = "not JSON"
    except KeyError:
        why = "an entry is missing"
    except (ValueError, TypeError) as error:
        why = str(error)
    raise _refused(f"this is not a baseline: {why}", file)


def _refused(message: str, file: str) -> UsageError:
    return usage_error("L006", message, "write one with 'ivr lint FLOW --write-baseline FILE'", file=file)


def known(findings: Sequence[Finding], entries: Counter[Entry], file: str) -> tuple[Finding, ...]:
    """Return the findings that are not in the baseline, plus an info (L005) for each entry that no longer occurs.

    Parameters
    ----------
    findings : sequence of Finding
    entries : Counter of entries
    file : str
        The baseline file.
    """
    left = entries.copy()
    new = []
    for finding in findings:
        entry = _entry(finding, file)
        if left[entry] > 0:
            left[entry] -= 1
        else:
            new.append(finding)
    stale = Finding(
        code=GONE, severity="info", message="", file=file, hint="write the baseline again to drop the entry"
    )
    for (flow, code, node, message), number in left.items():
        if number > 0:
            where = f" of {node!r}" if node else ""
            again = f" ({number} times)" if number > 1 else ""
            new.append(replace(stale, message=f"{code}{where} in {flow} no longer occurs{again}: {message}"))
    return tuple(new)
