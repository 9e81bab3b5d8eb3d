"""What a flow declares beside its nodes: keys that work everywhere, queues, checks and parts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from flows.speech.listening import Phrases
from flows.speech.prompt import Prompt
from flows.values.scalars import Target

__all__ = ["GlobalKey", "Lint", "PartUse", "Queue"]

_Threshold = Annotated[float, Field(ge=0, lt=1e9, allow_inf_nan=False)]


class GlobalKey(BaseModel):
    """A key that works in every menu; if it has a label, every menu announces it at the end.

    Written ``0: operator``, or ``0: {next: operator, label: the operator}``.

    Parameters
    ----------
    label
        What it is for, by language; a key with a label is announced at the end of every menu.
    phrases
        What else callers may say for it; a list, or lists by language.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    then: Target = Field(alias="next", description="node, back or repeat")
    label: Prompt | None = None
    phrases: Phrases = {}

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"next": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(core)]}


class Queue(BaseModel):
    """A queue of callers waiting for an agent.

    Parameters
    ----------
    skills : list of str
        Skills an agent needs; default: the queue's own name.
    priority : int
        Higher is served first.
    label : str
        Display name.
    max_calls : int or None
        How many callers may wait; for any more, the queue is full.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    skills: tuple[str, ...] = ()
    priority: int = Field(default=0, ge=-1000, le=1000)
    label: str = ""
    max_calls: int | None = Field(default=None, ge=0, le=1_000_000)


class Lint(BaseModel):
    """How this flow is checked; `flows.lint.settings` looks up codes and options.

    Parameters
    ----------
    severity : dict of code to severity
    options : dict of code to option name to number
    ignore : list of str
        Codes or code prefixes.
    profile : str
        default, accessible or es.
    severity
        Overrides a rule's severity: `M105: warning`.
    options
        A rule's thresholds, as listed by `ivr explain CODE`: `M101: {warn_s: 40}`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    severity: dict[str, Literal["error", "warning", "info"]] = {}
    options: dict[str, dict[str, _Threshold]] = {}
    ignore: tuple[str, ...] = ()
    profile: str = ""


class PartUse(BaseModel):
    """A part of the flow in its own file: ``identify: parts/identify.yaml``, or with the targets of its exits.

    Parameters
    ----------
    file : str
        Path relative to the file that names it, within the flow's folder.
    exits : dict of str to str
        Target node for each of the part's `exits`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    file: str = Field(min_length=1)
    exits: dict[str, Target] = {}

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"file": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(core)]}
