"""A language pack: a language in a YAML file, for one that has no file of its own here, or for a region's own words.

What Unicode's CLDR knows (months, the order of a date, plural rules, currencies, names) and what the num2words package
knows (number words, ordinals) need not be written; whatever is written counts before them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from dataclasses import Field as Declared
from functools import cache
from typing import Any, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, create_model, field_validator, model_validator

from flows.speech.languages.base import Hearing, Language, Values
from flows.speech.languages.base_texts import SLOTS, VALUE_SLOTS, holds
from flows.speech.languages.cldr_defaults import defaults
from flows.speech.plurals import forms_of
from flows.values.scalars import PlacedError

__all__ = ["LanguagePack", "as_language"]

_COUNTED = ("expected_wait", "whisper", "digit", "hours")
"""Texts and nouns that have a form for each plural."""
_RULES = ("plurals", "one_below")
"""Fields of values that a pack need not say: CLDR has the plural rules."""
_PATTERNS = ("any_key", "stay", "banned_phrases")


def _made_of(of: type, *, left_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of a dataclass as those of a model: the same names, types and defaults."""
    types = get_type_hints(of)
    return {field.name: (types[field.name], _default(field)) for field in fields(of) if field.name not in left_out}


def _default(field: Declared[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return ... if field.default is MISSING else field.default


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @field_validator("*")
    @classmethod
    def _texts(cls, value: Any, info: ValidationInfo) -> Any:
        _check(value, str(info.field_name), of_values=issubclass(cls, _Values))
        return value


def _check(value: Any, name: str, *, of_values: bool) -> None:
    """Refuse a text without what is said in it, and a pattern that is none."""
    if name == "ordinal" or name in _PATTERNS:
        for text in [value] if isinstance(value, str) else value:
            pattern = text[0] if name == "ordinal" else text
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is not a regular expression: {error}") from None
    must, may = VALUE_SLOTS.get(name, ((), ())) if of_values else (SLOTS.get(name, ()), ())
    if not (must or may) and (not isinstance(value, str) or name in _PATTERNS):
        return
    many = isinstance(value, tuple)
    for index, text in enumerate(value if many else (value,)):
        fault = holds(text, must, may, one=many and index < len(value) - 1)
        if fault:
            raise PlacedError(f"{text!r}: {fault}", (index,) if many else ())


_OWN = ("code", "values", "hearing")
"""Fields of a language that are not one text, or several."""
_Hearing: type[BaseModel] = create_model("PackHearing", __base__=_Checked, __doc__=Hearing.__doc__, **_made_of(Hearing))
_Values: type[BaseModel] = create_model(
    "PackValues", __base__=_Checked, __doc__=Values.__doc__, **_made_of(Values, left_out=_RULES)
)
_Texts: type[BaseModel] = create_model(
    "PackTexts", __base__=_Checked, __doc__=Language.__doc__, **_made_of(Language, left_out=_OWN)
)


class LanguagePack(_Texts):  # type: ignore[misc, valid-type]
    """A language pack: the phrases of one language, and how it says numbers, amounts, dates and times.

    Parameters
    ----------
    language : str
        The language, ``pl``, or one region's, ``en-GB``.
    like : str
        A language whose phrases count for all that is not written here.
    ivr
        Version of the flow language: 1.
    """

    ivr: Literal["1"]
    language: str = Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2}|-[0-9]{3})?$", description="a language tag, like pl or en-GB")
    like: str = ""
    values: _Values  # type: ignore[valid-type]
    hearing: _Hearing = _Hearing()  # type: ignore[valid-type]

    @model_validator(mode="before")
    @classmethod
    def _filled_in(cls, written: Any, info: ValidationInfo) -> Any:
        if not isinstance(written, dict) or not isinstance(written.get("language"), str):
            return written
        known = _like(written, info.context or {}) or defaults(written["language"].partition("-")[0])
        values = written.get("values", {})
        if not isinstance(values, dict):
            return {**known, **written}
        filled = {**known, **written, "values": {**known.get("values", {}), **values}}
        heard = written.get("hearing", {})
        return {**filled, "hearing": {**known.get("hearing", {}), **heard}} if isinstance(heard, dict) else filled

    @model_validator(mode="after")
    def _all_forms(self) -> LanguagePack:
        code = self.language.partition("-")[0]
        names = forms_of(code)
        for within in _COUNTED:
            of_values = within in ("digit", "hours")
            given = getattr(self.values if of_values else self, within)
            if len(given) not in (1, 2, len(names)):
                message = f"{len(given)} forms, but {code} has {len(names)}: {', '.join(names)}"
                raise PlacedError(message, ("values", within) if of_values else (within,))
        values: Any = self.values
        for currency, nouns in values.currencies.items():
            if len(nouns) not in {2, 4, 2 * len(names)}:
                message = (
                    f"{len(nouns)} nouns; write {len(names)} of the unit ({', '.join(names)}), then as many of its "
                    "hundredth"
                )
                raise PlacedError(message, ("values", "currencies", currency))
        if len(self.number_words) != 10:
            message = f"number_words has {len(self.number_words)} words; write ten, zero to nine"
            raise PlacedError(message, ("number_words",) if self.number_words else ())
        return self


def _like(written: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """What the language named by ``like`` says, as it would be written."""
    if not (like := written.get("like")):
        return {}
    known = context["supported"]
    if not isinstance(like, str) or like.partition("-")[0].lower() not in known:
        raise PlacedError(f"{like!r} is no language that has phrases; one of: {', '.join(known)}", ("like",))
    spoken = context["language"](like)
    texts = {field.name: getattr(spoken, field.name) for field in fields(Language) if field.name not in _OWN}
    heard = {name: getattr(spoken.hearing, name) for name in _HEARING_NAMES}
    return texts | {"values": {name: getattr(spoken.values, name) for name in _VALUE_NAMES}, "hearing": heard}


_HEARING_NAMES = tuple(field.name for field in fields(Hearing))
_VALUE_NAMES = tuple(field.name for field in fields(Values) if field.name not in _RULES)


def as_language(pack: LanguagePack) -> Language:
    """The language that a pack describes.

    Examples
    --------
    >>> from flows.speech.languages import language, supported
    >>> words = {"ivr": "1", "language": "en-GB", "like": "en", "pound": "hash"}
    >>> context = {"language": language, "supported": supported()}
    >>> british = as_language(LanguagePack.model_validate(words, context=context))
    >>> british.say_option("sales", "#"), british.values.form(2, ("day", "days"))
    ('For sales, press hash.', 'days')
    """
    code = pack.language.partition("-")[0]
    values = {name: getattr(pack.values, name) for name in _VALUE_NAMES}
    texts = {name: getattr(pack, name) for name in _names()}
    hearing = Hearing(**{name: getattr(pack.hearing, name) for name in _HEARING_NAMES})
    return Language(code=code, values=Values(**values, plurals=code), hearing=hearing, **texts)


@cache
def _names() -> tuple[str, ...]:
    return tuple(field.name for field in fields(Language) if field.name not in _OWN)
