"""The outcome of a lookup's HTTP answer; pure, so that every driver reads an answer the same way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flows.protocol.actions import Condition, Fetch, Outcome
from flows.protocol.wanted import MAX_LIST, ListOf

__all__ = ["FAILURE", "MAX_ANSWER", "TIMEOUT", "percent", "read_answer"]

FAILURE, TIMEOUT = "failure", "timeout"
MAX_ANSWER = 65_536
"""Most bytes read from an answer; a longer one is a failure."""
_COMPACT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def read_answer(fetch: Fetch, status: int, body: bytes) -> Outcome:
    """The outcome of an answer: the first condition that matches, with the requested values; else ``failure``.

    A 2xx answer without a requested value is a failure: a caller must not hear "Your balance is .".

    Parameters
    ----------
    fetch : Fetch
    status : int
        HTTP status.
    body : bytes
        At most `MAX_ANSWER`; UTF-8 JSON if a field or a value is requested.

    Examples
    --------
    >>> fetch = Fetch("case", "GET", "https://example.com", (), "", 3.0, (Condition("found", ("2xx",)),
    ...     Condition("not_found", ("404",))), (("fee", "case.fee"),), ("found", "not_found", "failure", "timeout"))
    >>> read_answer(fetch, 200, b'{"case": {"fee": 12.50}}')
    Outcome(label='found', values={'fee': '12.50'})
    >>> read_answer(fetch, 404, b"no such case").label, read_answer(fetch, 200, b"<html>").label
    ('not_found', 'failure')
    """
    data = _json(body) if len(body) <= MAX_ANSWER else None
    for condition in fetch.conditions:
        if _fits(condition, status, data):
            if not 200 <= status < 300:
                return Outcome(condition.label)
            values = {name: _text(_at(data, path)) for name, path in fetch.into}
            known = {name: text for name, text in values.items() if text is not None}
            lists = {of.name: _items(_at(data, of.path) if of.path else data, of) for of in fetch.lists}
            whole = len(known) == len(values) and None not in lists.values()
            return (
                Outcome(condition.label, known | {k: v for k, v in lists.items() if v}) if whole else Outcome(FAILURE)
            )
    return Outcome(FAILURE)


def _items(found: Any, of: ListOf) -> str | None:
    """A list as the text that a value holds: as many whole items as have room; None if it is no list."""
    if not isinstance(found, list):
        return None
    kept: list[dict[str, str]] = []
    for item in found[: of.most]:
        fields = {name: _text(_at(item, path) if path else item) or "" for name, path in of.fields}
        if len(_COMPACT.encode([*kept, fields])) > MAX_LIST:
            break
        kept.append(fields)
    return _COMPACT.encode(kept)


def percent(text: str) -> str:
    """`text`, percent-encoded for use in a URL (RFC 3986, section 2.1).

    Examples
    --------
    >>> percent("a/b ñ")
    'a%2Fb%20%C3%B1'
    """
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))


def _json(body: bytes) -> Any:
    """JSON with numbers as written, so that 12.50 does not become 12.5; None for anything else."""
    try:
        return json.loads(body.decode("utf-8"), parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None


def _fits(condition: Condition, status: int, data: Any) -> bool:
    if not any(wanted == str(status) or wanted == f"{status // 100}xx" for wanted in condition.statuses):
        return False
    if not condition.field:
        return True
    found = _text(_at(data, condition.field))
    return found is not None and (
        not condition.values or found.lower() in {value.lower() for value in condition.values}
    )


def _at(data: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        else:
            return None
    return data


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else None
