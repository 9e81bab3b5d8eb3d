"""What a flow states about callers who speak: whether menus listen, how sure they must be, and phrases by language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema

from flows.values.scalars import PlacedError, Share

__all__ = ["Phrases", "SpeechInput", "every_phrase", "phrases_in"]

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_BOOLEANS = {"type": "boolean"}


class SpeechInput(BaseModel):
    """Whether callers may speak, and how sure the recogniser must be.

    Written ``speech: true``, or ``speech: {confidence: 0.6}``.

    Parameters
    ----------
    listen
        Whether callers may say what they want as well as press its key.
    confidence
        Below this confidence of the recogniser, and where what was said fits two options, callers are asked back: "Did
        you mean billing?" Without it, they never are.

    Examples
    --------
    >>> SpeechInput.model_validate("true"), SpeechInput.model_validate({"confidence": "60%"}).confidence
    (SpeechInput(listen=True, confidence=None), 0.6)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    listen: bool = True
    confidence: Share | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"listen": value} if isinstance(value, str | bool) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [_BOOLEANS, handler(core)]}


def _by_language(value: Any) -> Any:
    """Phrases as a list, or as lists by language tag; the list of the tag ``""`` is for every language."""
    if not isinstance(value, Mapping):
        return {"": value}
    for tag in value:
        if not isinstance(tag, str) or (tag and not _TAG.fullmatch(tag)):
            raise PlacedError(f"{tag!r} is not a language; write phrases by language tag: {{en-US: [...]}}", (tag,))
    return value


def _as_written(phrases: Mapping[str, tuple[str, ...]]) -> Any:
    return list(phrases[""]) if set(phrases) == {""} else {tag: list(listed) for tag, listed in phrases.items()}


_LIST = {"type": "array", "items": {"type": "string"}}
Phrases = Annotated[
    dict[str, tuple[Annotated[str, Field(min_length=1)], ...]],
    BeforeValidator(_by_language),
    PlainSerializer(_as_written),
    WithJsonSchema(
        {
            "anyOf": [
                _LIST,
                {"type": "object", "propertyNames": {"pattern": f"^{_TAG.pattern}$"}, "additionalProperties": _LIST},
            ],
            "description": "phrases: [bill, invoice], or by language: {en-US: [bill], es-US: [cuenta]}",
        }
    ),
]
"""What callers may say: a list, or a list for each language; keyed by language tag, ``""`` for every language."""


def phrases_in(phrases: Mapping[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    """The phrases that count in a language: its own, and those without a language.

    Examples
    --------
    >>> phrases_in({"": ("bill",), "es-US": ("cuenta",)}, "es-US"), phrases_in({"es-US": ("cuenta",)}, "en-US")
    (('bill', 'cuenta'), ())
    """
    return (*phrases.get("", ()), *phrases.get(language, ()))


def every_phrase(phrases: Mapping[str, tuple[str, ...]]) -> tuple[tuple[tuple[str | int, ...], str, str], ...]:
    """Every phrase with its path from where phrases are written, and its language (empty: every language).

    Examples
    --------
    >>> every_phrase({"": ("bill",)}), every_phrase({"es-US": ("cuenta",)})
    ((((0,), '', 'bill'),), ((('es-US', 0), 'es-US', 'cuenta'),))
    """
    return tuple(
        ((*((tag,) if tag else ()), place), tag, phrase)
        for tag, listed in phrases.items()
        for place, phrase in enumerate(listed)
    )
