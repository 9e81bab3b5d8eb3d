"""Findings as a JSON list."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from flows.source.finding import Finding

__all__ = ["json_list"]


def json_list(findings: Sequence[Finding], sources: Mapping[str, str]) -> str:
    """Return every field of every finding as JSON.

    Examples
    --------
    >>> json_list([], {})
    '[]'
    """
    return json.dumps([finding.as_dict() for finding in findings], indent=2, ensure_ascii=False)
