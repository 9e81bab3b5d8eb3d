"""What a page tells of a call: what has happened, and how many seconds after the last answer."""

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
CHOICES = ("answered", "busy", "no_answer", "failed", "full", "timeout", "over", "speak", "done", "empty")
"""What the other side, a queue or time may do, and what a caller does at a recording."""
_WHAT = ("key", "words", "choice", "answer", "spoken", "time", "skip", "hangup", "here")


@dataclass(frozen=True)
class Report:
    """One thing that happened.

    Parameters
    ----------
    what : {"key", "words", "choice", "answer", "spoken", "time", "skip", "hangup", "here"}
        ``answer``: what a lookup comes to that could not be made; ``spoken``: the prompt has been heard to its end;
        ``time``: the line goes on by itself; ``here``: nothing happened, and the page is still there.
    value : str
        The key, the words, the choice, the outcome of the lookup; else empty.
    after_s : float
        Seconds since the last answer.
    turn : int
        The answer that ``spoken``, ``time`` and ``skip`` belong to.
    values : mapping of str to str
        What an ``answer`` brings.
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
    "value 'A' is no key; keys are 0 to 9, * and #"
    """
    if not isinstance(data, dict):
        return "a report is an object: {what, value, after_s, turn}"
    what, value, after_s, turn = (
        data.get(name, default) for name, default in (("what", ""), ("value", ""), ("after_s", 0), ("turn", 0))
    )
    if what not in _WHAT:
        return f"what {_shown(what)} is not known; it is one of {', '.join(_WHAT)}"
    if not isinstance(value, str):
        return f"value {_shown(value)} is no text"
    if not _is_unicode(value):
        return f"value {_shown(value)} is no Unicode text: half a character stands alone (a surrogate)"
    if isinstance(after_s, bool) or not isinstance(after_s, int | float) or not 0 <= after_s <= _MAX_AFTER_S:
        return f"after_s {_shown(after_s)} is no number of seconds from 0 to {_MAX_AFTER_S:,.0f}"
    if isinstance(turn, bool) or not isinstance(turn, int) or not 0 <= turn < 2**53:
        return f"turn {_shown(turn)} is no number of an answer"
    if what == "key" and value not in _KEYS:
        return f"value {_shown(value)} is no key; keys are 0 to 9, * and #"
    if what == "words" and not 0 < len(value.strip()) <= MAX_WORDS:
        return f"value has {len(value):,} characters; what is said has 1 to {MAX_WORDS:,}"
    if what == "choice" and value not in CHOICES:
        return f"value {_shown(value)} is no choice; choices are {', '.join(CHOICES)}"
    values = data.get("values", {})
    if not isinstance(values, dict) or not all(
        isinstance(text, str) and len(text) <= _MAX_VALUE and _is_unicode(text) for text in values.values()
    ):
        return f"values {_shown(values)} are no texts by name, of at most {_MAX_VALUE} characters each"
    return Report(
        what, value.strip(), float(after_s), turn, {name: text.strip() for name, text in values.items() if text.strip()}
    )


def numbers_in(data: object) -> tuple[str, str, str] | str:
    """Who calls, which number is called and when (empty: now), or what is wrong with them.

    Examples
    --------
    >>> numbers_in({"from": "+14155550123", "to": "", "at": "2026-11-24T10:00"}), numbers_in([])
    (('+14155550123', '', '2026-11-24T10:00'), 'a call is an object: {from, to, at}')
    """
    if not isinstance(data, Mapping):
        return "a call is an object: {from, to, at}"
    given = {name: data.get(name, "") for name in ("from", "to", "at")}
    for name, text in given.items():
        if not isinstance(text, str) or len(text) > _MAX_NUMBER or not text.isprintable():
            return f"{name} {_shown(text)} is no text of at most {_MAX_NUMBER} printable characters"
    for name in ("from", "to"):
        if wrong := not_a_number(given[name]):
            return f"{name}: {'; '.join(wrong)}"
    return given["from"].strip(), given["to"].strip(), given["at"].strip()


def _is_unicode(text: str) -> bool:
    """Whether a text can be sent on: JSON may name half a character, which no encoding has."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(value: object) -> str:
    """A value for a message, cut short."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
