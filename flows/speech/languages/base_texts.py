"""What each text of a language must hold: the places that are filled in when it is said."""

from __future__ import annotations

import string
from collections.abc import Mapping

__all__ = ["SLOTS", "VALUE_SLOTS", "holds", "slots"]

SLOTS: Mapping[str, tuple[str, ...]] = {
    "option": ("label", "key"),
    "option_to_do": ("label", "key"),
    "option_key_first": ("label", "key"),
    "confirm": ("value",),
    "position": ("position",),
    "expected_wait": ("minutes",),
    "callback_offer": ("number",),
    "called_back": ("name",),
    "did_you_mean": ("label",),
    "polite": ("label",),
    "whisper_new": ("queue",),
    "whisper": ("queue", "minutes"),
}
"""By the name of the text in `flows.speech.languages.base.Language`; all other texts hold none."""
VALUE_SLOTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "date": (("day", "month", "year"), ()),
    "time": (("hour",), ("hours", "minute", "mm", "half")),
    "full_hour": (("hour",), ("hours", "half")),
    "money": (("whole", "part"), ()),
    "amount": (("number", "noun"), ()),
    "ending": (("digits",), ()),
}
"""By the name of the text in `flows.speech.languages.base.Values`: what it must hold, and what it may hold."""
_SINGULAR = {"minutes"}
"""What a text for one may leave out: "one minute"."""


def slots(text: str) -> set[str]:
    """The names in braces.

    Raises
    ------
    ValueError
        If a brace is not closed.

    Examples
    --------
    >>> sorted(slots("For {label}, press {key}."))
    ['key', 'label']
    """
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def holds(text: str, must: tuple[str, ...], may: tuple[str, ...] = (), *, one: bool = False) -> str:
    """What is wrong with the names in braces of a text; empty if nothing is.

    Parameters
    ----------
    text : str
    must, may : tuple of str
    one : bool
        True for the text of a single thing, which need not say the number.

    Examples
    --------
    >>> holds("Press {key}.", ("label", "key")), holds("Press {kee}.", ("key",))
    ('{label} is missing', '{kee} is nothing that is said here; write {key}')
    """
    try:
        found = slots(text)
    except ValueError:
        return "a brace is opened and not closed"
    allowed = "{" + "}, {".join((*must, *may)) + "}" if must or may else "no braces"
    for name in sorted(found - {*must, *may}):
        return f"{{{name}}} is nothing that is said here; write {allowed}"
    missing = [name for name in must if name not in found and not (one and name in _SINGULAR)]
    return f"{{{missing[0]}}} is missing" if missing else ""
