"""The flow: what a flow file says, typed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from operator import or_
from functools import reduce
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator, model_validator

from flows.hours import Hours
from flows.languages import supported
from flows.nodes import node_types
from flows.nodes.base import Node
from flows.prompt import Prompt, placeholders
from flows.scalars import KEY_NAMES, TARGET_WORDS, Key
from flows.written import as_written

__all__ = ["Flow", "GlobalKey", "Queue", "json_schema"]

_AnyNode = Annotated[reduce(or_, node_types().values()), Field(discriminator="type")]
_Threshold = Annotated[float, Field(ge=0, lt=1e9, allow_inf_nan=False)]
_FORBIDDEN_NAME = set("!>/ \t")


class GlobalKey(BaseModel):
    """A key that works in every menu; announced at the end of each when it has a label.

    Written ``0: operator``, or ``0: {next: operator, label: the operator}``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    then: str = Field(alias="next", description="node, back or repeat")
    label: Prompt | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"next": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(core)]}


class Queue(BaseModel):
    """What agents answer.

    Parameters
    ----------
    skills : list of str
        Skills an agent needs; default: the queue's own name.
    priority : int
        Higher is served first.
    label : str
        Name for people.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    skills: tuple[str, ...] = ()
    priority: int = Field(default=0, ge=-1000, le=1000)
    label: str = ""


class Lint(BaseModel):
    """How this flow wants to be checked; codes and options are looked up by `flows.settings`.

    Parameters
    ----------
    severity : dict of code to severity
    options : dict of code to option name to number
    ignore : list of str
        Codes, or beginnings of codes.
    profile : str
        default, accessible or es.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: dict[str, Literal["error", "warning", "info"]] = {}
    options: dict[str, dict[str, _Threshold]] = {}
    ignore: tuple[str, ...] = ()
    profile: str = ""


class Flow(BaseModel):
    """One phone line: what callers hear and press.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}}})
    >>> flow.languages, flow.fallback_node
    (('en-US',), None)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ivr: Literal["1"] = Field(description="version of the flow language")
    name: str = Field(min_length=1)
    description: str = ""
    languages: tuple[str, ...] = ("en-US",)
    start: str
    hours: dict[str, Hours] = {}
    keys: dict[Key, GlobalKey] = Field(default={}, json_schema_extra={"propertyNames": KEY_NAMES})
    fallback: str | None = None
    nodes: dict[str, _AnyNode]  # type: ignore[valid-type]
    queues: dict[str, Queue] = {}
    lint: Lint = Lint()

    @field_validator("languages")
    @classmethod
    def _known_languages(cls, tags: tuple[str, ...]) -> tuple[str, ...]:
        if not tags:
            raise ValueError("a flow speaks at least one language; write languages: [en-US]")
        for tag in tags:
            if tag.partition("-")[0].lower() not in supported():
                raise ValueError(f"{tag!r} has no phrases yet; supported: {', '.join(supported())}, each with a region")
        if len(set(tags)) < len(tags):
            raise ValueError("a language is named twice; name each once")
        return tags

    @field_validator("nodes")
    @classmethod
    def _node_names(cls, nodes: dict[str, Node]) -> dict[str, Node]:
        if not nodes:
            raise ValueError("a flow has at least one node; add one under nodes:")
        for name in nodes:
            if name in TARGET_WORDS or not name or set(name) & _FORBIDDEN_NAME or len(name) > 64:
                raise ValueError(f"{name!r} cannot name a node; use letters, digits and _ (not {', '.join(TARGET_WORDS)})")
        return nodes

    @property
    def fallback_node(self) -> str | None:
        """Where a call goes that cannot go on: `fallback`, else the node on key 0, else None (apology and goodbye)."""
        if self.fallback is not None:
            return self.fallback if self.fallback in self.nodes else None
        zero = self.keys.get("0")
        return zero.then if zero and zero.then in self.nodes else None

    @cached_property
    def secrets(self) -> frozenset[str]:
        """Names of values that are never shown, logged or said in full: collected as such, or made of one that was."""
        found = {name for node in self.nodes.values() for name in node.secrets()}
        made = [(name, set(placeholders(text))) for node in self.nodes.values() for name, text in node.copies().items()]
        while more := {name for name, parts in made if parts & found} - found:
            found |= more
        return frozenset(found)

    @cached_property
    def composed(self) -> dict[Any, Any]:
        """What `flows.spoken_menu` has composed for this flow so far: a memory, no part of what the flow says."""
        return {}

    @cached_property
    def digest(self) -> str:
        """Content hash: the same meaning gives the same 16 hexadecimal digits."""
        data = self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"lint"})
        return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def json_schema() -> Mapping[str, Any]:
    """The JSON Schema (2020-12) of a flow file, for editors.

    Examples
    --------
    >>> json_schema()["title"]
    'Flow'
    """
    schema = as_written(TypeAdapter(Flow).json_schema(by_alias=True))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
