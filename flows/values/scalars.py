"""Types of single values as people write them: keys, durations, numbers of digits, shares, telephone numbers."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, StringConstraints, ValidationInfo, WithJsonSchema

from flows.values.addresses import SIP, sip_fault

__all__ = [
    "DURATION_PATTERN",
    "GLOBAL_WORDS",
    "KEY_NAMES",
    "NAMES_OF",
    "TARGET_WORDS",
    "Digits",
    "Duration",
    "Figure",
    "Key",
    "KeypadError",
    "Party",
    "PlacedError",
    "Share",
    "Target",
    "Telephone",
    "digit_range",
    "key_range",
    "phone_key",
    "seconds_of",
    "share_of",
]

_NUMBER = r"([0-9]+(?:\.[0-9]+)?)\s*"
_UNITS = {"d": 86400.0, "h": 3600.0, "(?:min|m(?!s))": 60.0, "s": 1.0, "ms": 0.001}
"""Seconds in each unit, longest first, in the order they are written."""
_DURATION = re.compile(
    "^(?:" + _NUMBER + r"|(?=[0-9])" + r"\s*".join(f"(?:{_NUMBER}{unit})?" for unit in _UNITS) + ")$"
)
DURATION_PATTERN = _DURATION.pattern
"""What a duration looks like in a JSON Schema."""
_SHARE = re.compile(r"^\s*([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*%\s*$")
_SPELT_OUT = re.compile(r"^(\d+(?:\.\d+)?)\s*-?(s|m|h|d)(?:ec(?:ond)?s?|in(?:ute)?s?|(?:ou)?rs?|ays?)\.?$")
_PERCENT = 2
"""A share of at least this number is taken to be a percentage."""
_SINGLE_KEYS = tuple("1234567890")
_KEY_WORDS = {"star": "*", "asterisk": "*", "pound": "#", "hash": "#"}

KEY_NAMES: dict[str, Any] = {"pattern": r"^([0-9*#]{1,4}|star|asterisk|pound|hash)$"}
"""JSON Schema for a key used as an entry's name."""
NAMES_OF = "x-names-of"
"""In a JSON Schema: the part of the flow whose names are meant, such as `nodes`."""
GLOBAL_WORDS = ("back", "repeat")
"""Targets that are places in the conversation, not nodes."""
TARGET_WORDS = (*GLOBAL_WORDS, "return")
"""Words allowed in place of a node's name; no node may have one of these names."""


def seconds_of(value: Any) -> Any:
    """Seconds in ``15m``, ``90s``, ``1.5h``, ``1h30m``, ``250ms`` or plain ``30``.

    Raises
    ------
    ValueError
        If it is not a duration.

    Examples
    --------
    >>> seconds_of("15m"), seconds_of("0.5s"), seconds_of("30"), seconds_of("1h30m"), seconds_of("2min 5s")
    (900.0, 0.5, 30.0, 5400.0, 125.0)
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{value!r} is not a duration; write 30s, 15m or 1h")
    if not isinstance(value, str):
        seconds = float(value)
    else:
        match = _DURATION.match(value.strip())
        if not match:
            raise ValueError(f"{value!r} is not a duration; {_duration_advice(value)}")
        plain, *parts = match.groups()
        seconds = (
            float(plain)
            if plain
            else sum(float(part) * unit for part, unit in zip(parts, _UNITS.values(), strict=True) if part)
        )
    if not 0 <= seconds <= 100 * 365 * 86400:
        raise ValueError(f"{value!r} is not a sensible duration; write 30s, 15m or 1h")
    return seconds


def _duration_advice(text: str) -> str:
    """Suggest ``15m`` for ``15 minutes``; do not guess at anything else."""
    match = _SPELT_OUT.match(text.strip().lower())
    return f"did you mean '{match[1]}{match[2]}'?" if match else "write 30s, 15m or 1h"


class KeypadError(ValueError):
    """A value that is not a telephone key; `code` is the code of the resulting finding."""

    code = "M002"


class PlacedError(ValueError):
    """An error at one place inside a value that is validated as a whole.

    Parameters
    ----------
    message : str
    within : tuple of str or int
        Keys and indices that lead to it in the model.
    of_key : bool
        True if the last key itself is wrong, not its value.
    offset : int or None
        The first wrong character in the text, from 0.

    Examples
    --------
    >>> PlacedError("'good bye' cannot name a node", ("good bye",), of_key=True).within
    ('good bye',)
    """

    def __init__(
        self, message: str, within: tuple[str | int, ...], *, of_key: bool = False, offset: int | None = None
    ) -> None:
        super().__init__(message)
        self.within, self.of_key, self.offset = within, of_key, offset


def phone_key(value: Any) -> Any:
    """A key or a short sequence of keys; ``star`` and ``pound`` by name.

    Raises
    ------
    KeypadError
        If it is not a telephone key.

    Examples
    --------
    >>> phone_key("pound"), phone_key("12")
    ('#', '12')
    """
    if value in _SINGLE_KEYS:  # nearly all are
        return value
    text = _KEY_WORDS.get(str(value).strip().lower(), str(value).strip())
    if not re.fullmatch(r"[0-9*#]{1,4}", text):
        raise KeypadError(f"{value!r} is not a phone key; write 0 to 9, star or pound (up to 4 keys)")
    return text


def key_range(value: Any) -> tuple[str, ...]:
    """Several keys: ``3-5``, or a list of keys and ranges.

    Raises
    ------
    KeypadError
        If one of them is not a telephone key, or a range runs backwards.

    Examples
    --------
    >>> key_range("3-5"), key_range(["1", "7-8", "star"])
    (('3', '4', '5'), ('1', '7', '8', '*'))
    """
    if isinstance(value, list | tuple):
        return tuple(dict.fromkeys(key for one in value for key in key_range(one)))
    match = re.fullmatch(r"\s*([0-9])\s*-\s*([0-9])\s*", str(value))
    if not match:
        return (phone_key(value),)
    first, last = int(match[1]), int(match[2])
    if first >= last:
        raise KeypadError(f"{value!r} is not a range of keys; write the lower key first, like 3-5")
    return tuple(str(key) for key in range(first, last + 1))


def digit_range(value: Any) -> Any:
    """``6`` -> (6, 6), ``6-10`` -> (6, 10).

    Raises
    ------
    ValueError
        If it is not a number of digits.

    Examples
    --------
    >>> digit_range("6"), digit_range("6-10")
    ((6, 6), (6, 10))
    """
    if isinstance(value, list | tuple):
        return tuple(value)
    match = re.fullmatch(r"\s*(\d{1,3})\s*(?:-\s*(\d{1,3})\s*)?", str(value))
    if not match:
        raise ValueError(f'{value!r} is not a number of digits; write "6", or a range like "6-10"')
    least, most = int(match[1]), int(match[2] or match[1])
    if not 1 <= least <= most <= 64:
        raise ValueError(f"{value!r}: digits go from 1 to 64, the smaller first")
    return least, most


def share_of(value: Any) -> float:
    """A share 0..1 from ``0.7``, ``70%`` or ``70 %``.

    Raises
    ------
    ValueError
        If it is not a share.

    Examples
    --------
    >>> share_of("0.7"), share_of("70%"), share_of(1)
    (0.7, 0.7, 1.0)
    """
    percent = _SHARE.match(value) if isinstance(value, str) else None
    try:
        number = float(percent[1]) / 100 if percent else float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is not a share; write 0.8 or 80%") from None
    if isinstance(value, bool) or not 0 <= number <= 1:
        meant = (
            f"did you mean '{number:g}%'?"
            if percent is None and _PERCENT <= number <= 100
            else "write a number from 0 to 1, or from 0% to 100%"
        )
        raise ValueError(f"{value!r} is not a share; {meant}")
    return number


def _telephone(value: Any) -> Any:
    """Report where a SIP address goes wrong; the field's pattern refuses everything else."""
    fault = sip_fault(value) if isinstance(value, str) and value.lower().startswith("sip:") else None
    if fault:
        raise PlacedError(f"{value!r} is not a valid address: {fault.message}; {fault.hint}", (), offset=fault.offset)
    return value


def _in_scope(target: str, info: ValidationInfo) -> str:
    """The node's full name in the flow, resolved with the scope that `flows.model.compose` passes in for each file."""
    if not target:
        raise ValueError("nothing is written here; the name of a node belongs here")
    scope = info.context.get("scope") if info.context else None
    return scope(target) if scope else target


Target = Annotated[str, AfterValidator(_in_scope), WithJsonSchema({"type": "string", NAMES_OF: "nodes"})]
"""Where an exit leads: a node, a part, or one of `TARGET_WORDS`. Every field that holds a target has this type."""
Telephone = Annotated[str, StringConstraints(pattern=rf"^(\+[1-9][0-9]{{6,14}}|{SIP})$"), BeforeValidator(_telephone)]
"""A number in E.164 form, or a SIP address."""
_CLIENT = r"client:[A-Za-z0-9_]{1,121}"
Party = Annotated[
    str, StringConstraints(pattern=rf"^(\+[1-9][0-9]{{6,14}}|{SIP}|{_CLIENT})$"), BeforeValidator(_telephone)
]
"""Who can be dialled: a number in E.164 form, a SIP address, or a client of the carrier's softphone."""
Duration = Annotated[
    float,
    BeforeValidator(seconds_of),
    WithJsonSchema(
        {
            "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": DURATION_PATTERN}],
            "description": "a duration: 30s, 15m, 1h",
        }
    ),
]
Key = Annotated[
    str,
    BeforeValidator(phone_key),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": KEY_NAMES["pattern"]},
                {"type": "integer", "minimum": 0, "maximum": 9999},
            ],
            "description": "a phone key: 0 to 9, star or pound",
        }
    ),
]
Digits = Annotated[
    tuple[int, int],
    BeforeValidator(digit_range),
    WithJsonSchema(
        {
            "description": 'how many: "6", or a range "6-10"',
            "anyOf": [
                {"type": "string", "pattern": "^ *[0-9]+ *(- *[0-9]+ *)?$"},
                {"type": "integer", "minimum": 1, "maximum": 64},
            ],
        }
    ),
]
Figure = Annotated[str, WithJsonSchema({"type": ["number", "string"]})]
"""A number as it is written, or a text that becomes one."""
Share = Annotated[
    float,
    BeforeValidator(share_of),
    WithJsonSchema(
        {
            "anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": _SHARE.pattern}],
            "description": "a share: 0.8 or 80%",
        }
    ),
]
"""A share 0..1, also written as ``80%``."""
