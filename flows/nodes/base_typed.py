"""The options of typed entries, as they are written in a ``collect`` node."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, WithJsonSchema, field_validator, model_validator

from flows.entries import Entry, Options, entry_type, entry_types
from flows.source.document import nearest
from flows.speech.prompt import Prompt
from flows.values.scalars import Digits, Figure, PlacedError

__all__ = ["Typed"]

_OPTIONS = {
    "order": "order",
    "year": "year",
    "must_be": "must_be",
    "within": "within",
    "clock": "clock",
    "decimals": "decimals",
    "currency": "currency",
    "least": "lower",
    "most": "upper",
    "country": "country",
    "pattern": "pattern",
}
"""The options of all types, and the fields that hold them."""
_FIXED = ("date", "time", "yes_no")
"""Types whose number of digits follows from their options alone."""


class Typed(BaseModel):
    """What is entered: plain digits, or a type with options of its own."""

    kind: str = Field(
        default="",
        alias="as",
        description="date, time, money, count, phone, card, yes_no or pattern; default: plain digits",
        json_schema_extra={"enum": ["", *entry_types()]},
    )
    span: Digits | None = Field(default=None, alias="digits", description="how many; a type knows it by itself")
    order: Literal["", "dmy", "mdy", "ymd"] = Field(
        default="", description="of a date's day, month and year; default: as in the country of the first language"
    )
    year: Literal["four", "two", "none"] = Field(default="four", description="digits of a date's year")
    must_be: Literal["", "past", "future"] = Field(default="", description="past or future: where a date lies")
    within: int | None = Field(default=None, ge=0, le=36_500, description="most days between a date and today")
    clock: Annotated[Literal["", "12", "24"], WithJsonSchema({"enum": ["", "12", "24", 12, 24]})] = Field(
        default="", description="of a time; default: as the language tells it"
    )
    decimals: Literal["star", "implied", "none"] = Field(
        default="star", description="how hundredths of an amount are keyed: after star, as its last two digits, or not"
    )
    currency: str = Field(default="", description="of an amount, ISO 4217; default: that of the line's country")
    lower: Figure = Field(default="", alias="least", description="least amount or number")
    upper: Figure = Field(default="", alias="most", description="greatest amount or number")
    country: str = Field(default="", description="of a telephone number, ISO 3166; default: that of the line")
    pattern: str = Field(default="", max_length=200, description="regular expression for the digits of a pattern")
    expects: Prompt | None = Field(default=None, description="said when an entry is not valid; default: what it takes")

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind and kind not in entry_types():
            near = nearest(kind, entry_types())
            hint = f"did you mean {near}?" if near else f"write one of {', '.join(entry_types())}"
            raise ValueError(f"there is no type {kind!r}; {hint}")
        return kind

    @model_validator(mode="after")
    def _fits_its_type(self) -> Typed:
        usual = type(self).model_fields
        stated = [name for name, field in _OPTIONS.items() if getattr(self, field) != usual[field].default]
        if not self.kind:
            if self.span is None:
                raise ValueError("nothing says what is entered; add 'digits: 6', or a type such as 'as: date'")
            if stated:
                name = stated[0]
                of = next((kind for kind in entry_types() if name in entry_type(kind).takes), "")
                raise PlacedError(f"{name!r} has a meaning only with 'as: {of}'; add it, or remove {name}", (name,))
            if self.expects:
                raise PlacedError("'expects' has a meaning only with a type; use no_match", ("expects",))
            return self
        assert self.form
        for name in stated:
            if name not in self.form.takes:
                takes = ", ".join(sorted(self.form.takes)) or "no options"
                raise PlacedError(f"'as: {self.kind}' does not take {name}; it takes {takes}", (name,))
        if self.span is not None and self.kind in _FIXED:
            raise PlacedError(f"'as: {self.kind}' knows how many digits there are; remove 'digits'", ("digits",))
        for name, message in self.form.faults():
            raise PlacedError(message, (name,))
        return self

    @cached_property
    def form(self) -> Entry | None:
        """The type of the entry with its options; None for plain digits."""
        if not self.kind:
            return None
        return entry_type(self.kind)(Options(**self._options, digits=self.span))

    @property
    def _options(self) -> dict[str, Any]:
        return {name: getattr(self, field) for name, field in _OPTIONS.items()}

    @property
    def digits(self) -> tuple[int, int]:
        """Fewest and most keys of an entry."""
        if self.form:
            return self.form.digits
        assert self.span
        return self.span
