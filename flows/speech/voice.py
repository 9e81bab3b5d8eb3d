"""Who speaks, and how fast: a carrier's voice for each language of a flow, or for one prompt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetJsonSchemaHandler, WithJsonSchema, model_validator
from pydantic_core import CoreSchema

__all__ = ["NORMAL", "SLOWEST_TO_FASTEST", "Pace", "Voice", "named", "pace_of"]

NORMAL = 1.0
"""As fast as `flows.speech.timing` takes the language to be spoken."""
SLOWEST_TO_FASTEST = 0.2, 2.0
"""What voices can do (docs.aws.amazon.com/polly, prosody)."""
_PER_CENT = re.compile(r"\s*([0-9]{1,3}(?:\.[0-9]+)?)\s*%\s*")
_WORDS_A_MINUTE = re.compile(r"\s*([0-9]{2,3})\s*(?:wpm)?\s*")
_NORMAL_WORDS = 150


def pace_of(value: Any) -> float:
    """How fast, as a share of normal, from ``90%`` or from English words a minute: ``135``, of which 150 are normal.

    Raises
    ------
    ValueError
        If it is no rate, or one that no voice can speak at.

    Examples
    --------
    >>> pace_of("90%"), pace_of("135"), pace_of("180 wpm")
    (0.9, 0.9, 1.2)
    """
    if isinstance(value, float):
        return value
    share, words = _PER_CENT.fullmatch(str(value)), _WORDS_A_MINUTE.fullmatch(str(value))
    if not share and not words:
        raise ValueError(f"{value!r} is not a rate of speaking; write 90%, or words a minute like 135")
    pace = round(float(share[1]) / 100, 4) if share else round(float(words[1]) / _NORMAL_WORDS, 4) if words else NORMAL
    slowest, fastest = SLOWEST_TO_FASTEST
    if not slowest <= pace <= fastest:
        raise ValueError(
            f"no voice speaks at {value!r}; write 20% to 200%, or {slowest * _NORMAL_WORDS:g} to"
            f" {fastest * _NORMAL_WORDS:g} words a minute"
        )
    return pace


Pace = Annotated[
    float,
    BeforeValidator(pace_of),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 30, "maximum": 300},
                {"type": "string", "pattern": f"^({_PER_CENT.pattern}|{_WORDS_A_MINUTE.pattern})$"},
            ],
            "description": "a rate of speaking: 90%, or words a minute like 135",
        }
    ),
]
"""How fast, as a share of normal."""


class Voice(BaseModel):
    """The voice of one language. Written ``Polly.Joanna-Neural``, or ``{name: Polly.Joanna-Neural, rate: 90%}``.

    Parameters
    ----------
    name
        A voice of the carrier; default: the carrier's own.
    rate
        How fast it speaks: 90 %, or words a minute (150 are normal).

    Examples
    --------
    >>> Voice.model_validate("Polly.Joanna-Neural").name, Voice.model_validate({"rate": "90%"}).rate
    ('Polly.Joanna-Neural', 0.9)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name: str = ""
    rate: Pace | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(core)]}


def named(voices: Mapping[str, str], language: str) -> str:
    """The name for a language among names by language tag; the name of the tag ``""`` is for every language.

    Examples
    --------
    >>> named({"": "Polly.Joanna"}, "es-US"), named({"en-US": "Polly.Joanna"}, "es-US")
    ('Polly.Joanna', '')
    """
    return voices.get(language) or voices.get("", "")
