"""Reports of a page about its call: what happened, and how many seconds after the last answer it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.values.caller_numbers import not_a_number

__all__ = ["CHOICES", "MAX_WORDS", "Report", "numbers_in", "read_report"]

MAX_WORDS = 1_000
_MAX_VALUE = 640
_MAX_NUMBER = 64
_MAX_AFTER_S = 86_400.0
_KEYS = frozenset("0123456789*#")
CHOICES = ("answered", "busy", "no_answer", "declined", "failed", "full", "timeout", "over", "speak", "done", "empty")
"""What the other party, a queue or the time limit may do, and what a caller does at a recording."""
_WHAT = ("key", "words", "choice", "answer", "spoken", "time", "skip", "hangup", "here", "news")


@dataclass(frozen=True)
class Report:
    """One thing that happened.

    Parameters
    ----------
    what : {"key", "words", "choice", "answer", "spoken", "time", "skip", "hangup", "here", "news"}
        ``answer``: the outcome chosen for a lookup that failed; ``spoken``: the prompt has ended; ``time``: the wait is
        over; ``here``: a sign of life; ``news``: the page asks whether the call has moved without it.
    value : str
        The key, words, choice or lookup outcome; else empty.
    after_s : float
        Seconds since the last answer.
    turn : int
        The answer that ``spoken``, ``time`` and ``skip`` refer to.
    values : mapping of str to str
        Values that come with an ``answer``.
    """

    what: str
    value: str = ""
    after_s: float = 0.0
    turn: int = 0
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


def read_report(data: object) -> Report | str:
    """A report, or what is wrong with it.

    Examples
    --------
    >>> read_report({"what": "key", "value": "5", "after_s": 1.5})
    Report(what='key', value='5', after_s=1.5, turn=0)
    >>> read_report({"what": "key", "value": "A"})
    "value 'A' is not a key; keys are 0 to 9, * and #"
    """
    if not isinstance(data, dict):
        return "a report must be an object: {what, value, after_s, turn}"
    what, value, after_s, turn = (
        data.get(name, default) for name, default in (("what", ""), ("value", ""), ("after_s", 0), ("turn", 0))
    )
    if what not in _WHAT:
        return f"what {_shown(what)} is unknown; use one of {', '.join(_WHAT)}"
    if not isinstance(value, str):
        return f"value {_shown(value)} is not a string"
    if not _is_unicode(value):
        return f"value {_shown(value)} is not valid Unicode: it has a lone surrogate"
    if isinstance(after_s, bool) or not isinstance(after_s, int | float) or not 0 <= after_s <= _MAX_AFTER_S:
        return f"after_s {_shown(after_s)} is not a number of seconds from 0 to {_MAX_AFTER_S:,.0f}"
    if isinstance(turn, bool) or not isinstance(turn, int) or not 0 <= turn < 2**53:
        return f"turn {_shown(turn)} is not the number of an answer"
    if what == "key" and value not in _KEYS:
        return f"value {_shown(value)} is not a key; keys are 0 to 9, * and #"
    if what == "words" and not 0 < len(value.strip()) <= MAX_WORDS:
        return f"value has {len(value):,} characters; words may have 1 to {MAX_WORDS:,}"
    if what == "choice" and value not in CHOICES:
        return f"value {_shown(value)} is not a choice; choices are {', '.join(CHOICES)}"
    values = data.get("values", {})
    if not isinstance(values, dict) or not all(
        isinstance(text, str) and len(text) <= _MAX_VALUE and _is_unicode(text) for text in values.values()
    ):
        return f"values {_shown(values)} must be strings by name, of at most {_MAX_VALUE} characters each"
    return Report(
        what, value.strip(), float(after_s), turn, {name: text.strip() for name, text in values.items() if text.strip()}
    )


def numbers_in(data: object) -> tuple[str, str, str] | str:
    """The caller's number, the number called and the time (empty: now), or what is wrong with them.

    Examples
    --------
    >>> numbers_in({"from": "+14155550123", "to": "", "at": "2026-11-24T10:00"}), numbers_in([])
    (('+14155550123', '', '2026-11-24T10:00'), 'a call must be an object: {from, to, at}')
    """
    if not isinstance(data, Mapping):
        return "a call must be an object: {from, to, at}"
    given = {name: data.get(name, "") for name in ("from", "to", "at")}
    for name, text in given.items():
        if not isinstance(text, str) or len(text) > _MAX_NUMBER or not text.isprintable():
            return f"{name} {_shown(text)} is not a string of at most {_MAX_NUMBER} printable characters"
    for name in ("from", "to"):
        if wrong := not_a_number(given[name]):
            return f"{name}: {'; '.join(wrong)}"
    return given["from"].strip(), given["to"].strip(), given["at"].strip()


def _is_unicode(text: str) -> bool:
    """Whether a text can be encoded: JSON may hold a lone surrogate, which no encoding has."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(value: object) -> str:
    """A value as shown in a message, cut short."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
