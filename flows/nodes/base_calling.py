"""What nodes that connect callers with people have in common: whom they reach, recording, and acceptance.

Whom a value names is looked up in a list or held to patterns: callers can enter any digits, and a line that dials what
they enter pays for calls to numbers that earn strangers money (toll fraud).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from flows.speech.prompt import Prompt
from flows.values.caller_numbers import plain_number
from flows.values.scalars import Party

__all__ = ["Accept", "Called", "Extension", "Recording", "fits_pattern", "off", "or_single"]

_LEAST_FIXED = 4
"""Characters before the star of a pattern: with fewer, it would stand for half the world."""
_PATTERN = re.compile(r"\+?[0-9?]{1,15}\*?")
_INSERTED = "{value}"


def or_single(schema: dict[str, Any]) -> None:
    """Let the schema of a list take one entry alone too, as the field does.

    Examples
    --------
    >>> schema = {"type": "array", "items": {"type": "string"}}
    >>> or_single(schema)
    >>> schema
    {'anyOf': [{'type': 'array', 'items': {'type': 'string'}}, {'type': 'string'}]}
    """
    of_list = {key: schema.pop(key) for key in ("type", "items", "maxItems") if key in schema}
    schema["anyOf"] = [of_list, of_list["items"]]


def off(value: Any) -> Any:
    """None in place of ``false``, as a file says that something is not wanted.

    Examples
    --------
    >>> off("false"), off("true")
    (None, 'true')
    """
    return None if value is False or value == "false" else value


def fits_pattern(pattern: str, text: str) -> bool:
    """Whether a number fits a pattern: ``?`` is any digit, and a star at the end any digits.

    Examples
    --------
    >>> fits_pattern("2??", "217"), fits_pattern("2??", "2170"), fits_pattern("+1415*", "+14155550100")
    (True, False, True)
    """
    inside = re.escape(pattern.removesuffix("*")).replace(r"\?", "[0-9]")
    return re.fullmatch(inside + "[0-9]*" * pattern.endswith("*"), text, re.ASCII) is not None


class _Listed(BaseModel):
    """Something that a value names, from a list or within patterns."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    value: str = Field(default="", description="name of the value that says which")
    allow: tuple[str, ...] = Field(
        default=(),
        description="patterns of what is allowed: ? is any digit, * at the end any digits",
        json_schema_extra=or_single,
    )

    @field_validator("allow", mode="before")
    @classmethod
    def _single(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("allow")
    @classmethod
    def _narrow(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            if not _PATTERN.fullmatch(pattern):
                raise ValueError(
                    f"{pattern!r} is not a pattern; write digits, ? for any digit, * at the end: 2??, +1415*"
                )
            if pattern.endswith("*") and len(pattern) - 1 < _LEAST_FIXED:
                raise ValueError(
                    f"{pattern!r} allows nearly every number; write at least {_LEAST_FIXED} characters before the star,"
                    " such as +1415*"
                )
        return patterns

    def _named(self, given: str, known: Mapping[str, str]) -> str:
        text = plain_number(given)
        found = next((one for name, one in known.items() if name.lower() == text.lower()), "")
        return found or (text if any(fits_pattern(pattern, text) for pattern in self.allow) else "")


class Called(_Listed):
    """Somebody to dial: a number, a SIP address, a client; or the one that a value names.

    Parameters
    ----------
    number
        A number in E.164 form, a SIP address, or ``client:NAME``.
    numbers
        Whom to dial, by the text of `value`; nobody else is dialled.
    address
        The address to dial with an allowed value in it, such as ``sip:{value}@pbx.example.com``.

    Examples
    --------
    >>> Called.model_validate("client:anna").resolved({})
    'client:anna'
    >>> by_name = Called.model_validate({"value": "office", "numbers": {"north": "+14155550101"}})
    >>> by_name.resolved({"office": "North"}), by_name.resolved({"office": "+19005550100"})
    ('+14155550101', '')
    >>> pbx = {"value": "ext", "allow": "2??", "address": "sip:{value}@pbx.example.com"}
    >>> Called.model_validate(pbx).resolved({"ext": "217"})
    'sip:217@pbx.example.com'
    """

    number: Party | None = Field(
        default=None, description="a number like +14155550100, a SIP address like sip:desk@example.com, or client:anna"
    )
    numbers: dict[str, Party] = Field(default={}, description="whom to dial, by the text of the value")
    address: str = Field(
        default="",
        pattern=r"^$|^[^{}\s]*\{value\}[^{}\s]*$",
        description="the address to dial, with {value} in it: sip:{value}@pbx.example.com",
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"number": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_way(self) -> Called:
        if bool(self.number) == bool(self.value):
            raise ValueError("somebody to dial is a number or is named by a value; write one of the two")
        if self.value and bool(self.numbers) == bool(self.allow):
            raise ValueError(
                f"the value {self.value!r} could be any number; write numbers: {{TEXT: NUMBER}}, or allow: [PATTERN]"
            )
        if self.number and (self.numbers or self.allow or self.address):
            raise ValueError("a number needs neither a list nor patterns; write value: NAME with them")
        if self.address and not self.allow:
            raise ValueError("address goes with allow; write allow: [PATTERN]")
        if not self.address and any(not pattern.startswith("+") for pattern in self.allow):
            raise ValueError(
                "an allowed number begins with + and its country code; for extensions write"
                " address: sip:{value}@pbx.example.com"
            )
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        full = handler(core)
        number = handler.resolve_ref_schema(full)["properties"]["number"]
        return {"anyOf": [{key: number[key] for key in ("type", "pattern") if key in number}, full]}

    @property
    def known(self) -> Mapping[str, str]:
        """Everybody who is written down, by the text that names them; a fixed number under an empty text."""
        return {"": self.number} if self.number else self.numbers

    def resolved(self, values: Mapping[str, str]) -> str:
        """Whom to dial in a call with these values; empty when the value names nobody who may be dialled."""
        if self.number:
            return self.number
        found = self._named(values.get(self.value, ""), self.numbers)
        return self.address.replace(_INSERTED, found) if found and self.address else found

    def sample(self) -> str:
        """Whom to dial when no values are known: the first who is written down, or one that fits the first pattern."""
        if not self.allow:
            return next(iter(self.known.values()))
        first = self.allow[0].replace("?", "0").replace("*", "0000")
        return self.address.replace(_INSERTED, first) if self.address else first


class Extension(_Listed):
    """Digits that are sent after a number has answered, as a value says; only those that are allowed.

    Parameters
    ----------
    digits
        Which digits to send, by the text of `value`.

    Examples
    --------
    >>> Extension.model_validate({"value": "ext", "allow": ["2??"]}).resolved({"ext": "217"})
    '217'
    >>> Extension.model_validate({"value": "team", "digits": {"sales": "31"}}).resolved({"team": "9011"})
    ''
    """

    value: str = Field(min_length=1, description="name of the value that says which")
    digits: dict[str, str] = Field(default={}, description="digits to send, by the text of the value")

    @model_validator(mode="after")
    def _one_way(self) -> Extension:
        if bool(self.digits) == bool(self.allow):
            raise ValueError(
                f"the value {self.value!r} could be any digits; write digits: {{TEXT: DIGITS}}, or allow: [PATTERN]"
            )
        for name, digits in self.digits.items():
            if not re.fullmatch(r"[0-9*#wW]{1,32}", digits):
                raise ValueError(f"{digits!r} for {name!r} cannot be sent; write digits, *, #, and w for half a second")
        return self

    def resolved(self, values: Mapping[str, str]) -> str:
        """The digits to send in a call with these values; empty when they are not allowed."""
        return self._named(values.get(self.value, ""), self.digits)


class Recording(BaseModel):
    """The conversation is recorded, and callers are told so before it.

    Written ``record: {notice: This call is recorded.}``, or ``record: This call is recorded.``

    Parameters
    ----------
    notice
        Said to the caller before the conversation.

    Examples
    --------
    >>> Recording.model_validate("This call is recorded.").notice.text
    {'': 'This call is recorded.'}
    >>> Recording.model_validate("true").notice is None
    True
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    notice: Prompt | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return _in_full(value, "notice")

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": ["string", "boolean"]}, handler(core), {"type": "object"}]}


class Accept(BaseModel):
    """Whoever picks up is asked to press 1; a mailbox never does, and does not count as an answer.

    Written ``accept: true``, or with words of its own: ``accept: Press 1 for a customer of the shop.``

    Parameters
    ----------
    say
        Asks them to press 1; default: words of the language.

    Examples
    --------
    >>> Accept.model_validate(True).say is None, Accept.model_validate({"say": "Press 1."}).say.text
    (True, {'': 'Press 1.'})
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    say: Prompt | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return _in_full(value, "say")

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": ["string", "boolean"]}, handler(core), {"type": "object"}]}


def _in_full(value: Any, key: str) -> Any:
    """``true`` as an empty mapping, and words alone as a mapping of `key`."""
    if value is True or value == "true":
        return {}
    return (
        value if isinstance(value, BaseModel) or (isinstance(value, Mapping) and set(value) <= {key}) else {key: value}
    )
