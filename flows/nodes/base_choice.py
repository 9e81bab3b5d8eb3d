"""One choice of a menu: its keys, its words, what it sets, and when it is offered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, field_validator, model_validator
from pydantic_core import CoreSchema

from flows.nodes.base import Here
from flows.speech.prompt import Prompt
from flows.values.scalars import Key, Share, Target, key_range, phone_key

__all__ = ["KEY", "OTHER", "Choice", "Condition"]

OTHER = "other"
"""The key of a choice that stands for every key not named."""
KEY = "key"
"""What `set` inserts for the key that was pressed."""
_NAME = r"^[A-Za-z_][A-Za-z0-9_]*$"


class Condition(BaseModel):
    """When a choice is offered: a value is, or is not, one of some texts.

    Parameters
    ----------
    value
        Name of a value that was collected, set or looked up; `ani`, `dnis` and `language` are always known.
    is, not
        A text or several; capitals do not matter, and `7*` is anything that begins with 7. A value that is not set is
        an empty text.

    Examples
    --------
    >>> Condition.model_validate({"value": "day", "is": ["monday", "tue*"]}).fits("Tuesday")
    True
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    value: str = Field(pattern=_NAME, description="a name of letters, digits and _, like account_number")
    one_of: tuple[str, ...] = Field(default=(), alias="is", max_length=100)
    none_of: tuple[str, ...] = Field(default=(), alias="not", max_length=100)

    @field_validator("one_of", "none_of", mode="before")
    @classmethod
    def _one(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _is_or_not(self) -> Condition:
        if bool(self.one_of) == bool(self.none_of):
            raise ValueError("a condition says what the value is, or what it is not; write is: TEXT, or not: TEXT")
        return self

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that it names."""
        return self.one_of or self.none_of

    def fits(self, value: str) -> bool:
        """Whether the condition holds for a value."""
        value = value.strip().lower()
        found = any(
            value == text.lower() or (text.endswith("*") and value.startswith(text[:-1].lower())) for text in self.texts
        )
        return found == bool(self.one_of)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler(core)
        inner = handler.resolve_ref_schema(schema)
        for key in ("is", "not"):
            several = inner["properties"][key]
            inner["properties"][key] = {"anyOf": [{"type": "string"}, several]}
        return schema


class Choice(BaseModel):
    """One option of a menu.

    Parameters
    ----------
    key
        A key, up to four of them in a row (``*1``, ``12#``), or ``other`` for any key that is not named.
    keys
        Instead of `key`, several: ``3-5`` or ``[1, 4]``. Whatever is pressed, the outcome is the first of them.
    label
        What it is for, by language; announced as "For LABEL, press KEY." With `audio`, the recording is played instead.
    verb
        Instead of `label`, what callers do; announced as "To VERB, press KEY."
    phrases : list of str
        What callers may say instead of the key.
    set
        Values to set when it is chosen; `{key}` inserts the key that was pressed.
    when
        A condition, or several that must all hold; else the choice is neither announced nor taken.
    next : str
        Node, or ``back``, ``repeat``, ``return``.
    share : float or None
        Share of callers in this menu who want this option, 0..1.
    pinned : bool
        True to keep its place when the order is optimised.

    Examples
    --------
    >>> floors = Choice.model_validate({"keys": "3-5", "label": "the upper floors", "next": "upper"})
    >>> floors.key, floors.all_keys
    ('3', ('3', '4', '5'))
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    key: str
    keys: tuple[Key, ...] = ()
    label: Prompt | None = None
    verb: Prompt | None = None
    phrases: tuple[str, ...] = ()
    sets: dict[str, str] = Field(default={}, alias="set")
    when: tuple[Condition, ...] = Field(default=(), max_length=10)
    then: Target = Field(alias="next", description="node that follows")
    share: Share | None = None
    pinned: bool = False

    @model_validator(mode="before")
    @classmethod
    def _one_form(cls, value: Any) -> Any:
        """The first of several keys, and the words of a verb, where everything looks for them."""
        if not isinstance(value, Mapping):
            return value
        full = dict(value)
        if full.get("keys"):
            try:
                first = key_range(full["keys"])[0]
            except ValueError:
                first = "1"  # what is wrong with the keys is reported where they stand
            if full.setdefault("key", first) != first:
                raise ValueError("a choice has a key or several; write key: 1, or keys: 3-5")
        if "verb" in full and "label" not in full:
            full["label"] = full["verb"]
        elif "verb" in full and full["verb"] != full["label"]:
            raise ValueError("a choice has a label or a verb; write label: the balance, or verb: hear the balance")
        return full

    @field_validator("key", mode="before")
    @classmethod
    def _phone_key(cls, value: Any) -> Any:
        return OTHER if str(value).strip().lower() == OTHER else phone_key(value)

    @field_validator("keys", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        return key_range(value)

    @field_validator("when", mode="before")
    @classmethod
    def _one_condition(cls, value: Any) -> Any:
        return (value,) if isinstance(value, Mapping | Condition) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler(core)
        inner = handler.resolve_ref_schema(schema)
        key, ranged = handler.resolve_ref_schema(inner["properties"]["keys"])["items"], r"^ *[0-9] *- *[0-9] *$"
        inner["properties"]["key"] = {
            "anyOf": [key, {"const": OTHER}],
            "description": inner["properties"]["key"].get("description", ""),
        }
        several = {"type": "array", "minItems": 1, "items": {"anyOf": [key, {"type": "string", "pattern": ranged}]}}
        inner["properties"]["keys"] = {"anyOf": [{"type": "string", "pattern": ranged}, several]}
        when = inner["properties"]["when"]
        inner["properties"]["when"] = {"anyOf": [when["items"], when]}
        inner["required"] = ["next"]
        inner["anyOf"] = [{"required": ["key"]}, {"required": ["keys"]}]
        return schema

    @property
    def all_keys(self) -> tuple[str, ...]:
        """Every key that chooses it; none for `OTHER`."""
        return self.keys or (() if self.key == OTHER else (self.key,))

    @property
    def words_key(self) -> str:
        """Where its words are written: label or verb."""
        return "label" if self.verb is None else "verb"

    def is_offered(self, here: Here) -> bool:
        """Whether every condition holds."""
        return all(one.fits(here.language if one.value == "language" else here.value(one.value)) for one in self.when)
