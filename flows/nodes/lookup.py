"""lookup: ask another service over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from flows.nodes.base import Here, Node, Reading, Wire
from flows.protocol.actions import Action, Condition, Event, Fetch, Outcome
from flows.protocol.http_answer import FAILURE, TIMEOUT, percent
from flows.protocol.wanted import ListOf
from flows.speech.prompt import Prompt, fill
from flows.values.addresses import web_fault
from flows.values.scalars import Duration, PlacedError, Target

_USUAL = {"found": "2xx", "not_found": "404"}
"""Default status for these outcomes."""
_IDEMPOTENT = ("GET", "PUT")
"""Methods that may be sent again if no answer arrives (RFC 9110, 9.2.2)."""
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
_PATH = re.compile(r"[\w-]+(\.[\w-]+)*")
_LABEL = re.compile(r"[a-z][a-z0-9_]{0,31}")


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | int) else value


def _status(text: str) -> str:
    if not re.fullmatch(r"[1-5](?:[0-9]{2}|xx)", text):
        raise ValueError(f"{text!r} is not an HTTP status; write 404, or 4xx for all of them")
    return text


def _path(text: str) -> str:
    if not _PATH.fullmatch(text):
        raise ValueError(f"{text!r} is not a path into a JSON answer; write it like case.items.0.name")
    return text


_Texts = WithJsonSchema(
    {
        "anyOf": [
            {"type": ["string", "number", "boolean"]},
            {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
        ]
    }
)
_STATUS = {
    "anyOf": [
        {"type": "string", "pattern": "^[1-5]([0-9]{2}|xx)$"},
        {"type": "integer", "minimum": 100, "maximum": 599},
    ]
}
_Statuses = WithJsonSchema({"anyOf": [*_STATUS["anyOf"], {"type": "array", "items": _STATUS}]})
_JsonPath = Annotated[str, AfterValidator(_path)]


class Answer(BaseModel):
    """When the answer means this outcome, and where the call goes next; for `found` and `not_found`, a node is enough.

    Parameters
    ----------
    next : str
    status : str or list of str
        HTTP status such as 404, or 2xx; default: 2xx (404 for `not_found`).
    field : str
        Path that must exist in the JSON, such as ``case.state``.
    is : str or list of str
        Value or values the field may have.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    then: Target = Field(alias="next", description="node that follows")
    status: Annotated[tuple[Annotated[str, AfterValidator(_status)], ...], BeforeValidator(_listed), _Statuses] = ()
    field: _JsonPath | None = None
    wanted: Annotated[tuple[str, ...], BeforeValidator(_listed), _Texts] = Field(default=(), alias="is")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"next": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _is_of_a_field(self) -> Answer:
        if self.wanted and not self.field:
            raise ValueError("'is' says what a field holds, and no field is named; add 'field: ...'")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(core)]}


class ListFrom(BaseModel):
    """A list in the JSON of a 2xx answer, held as a JSON text of the fields that are named.

    Parameters
    ----------
    fields
        Fields to keep, each from a place in an item; of a list of plain texts, leave them out: the field is `item`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    path: _JsonPath | None = Field(default=None, alias="from", description="where it is; default: the whole answer")
    fields: dict[str, _JsonPath] = {}
    most: int = Field(default=20, ge=1, le=40, description="items that are kept at most")


class Lookup(Node):
    """Ask another service over HTTP; the answer's status, or a field in its JSON, decides where the call goes.

    Outcomes in `on` are tried in order. ``failure`` takes everything else: no connection, another status, an answer
    that is not JSON, a 2xx answer without a value that `into` names, and an answer that arrives too late, unless `on`
    has a ``timeout``. Values in the address are percent-encoded; values in the body are JSON strings.

    Parameters
    ----------
    failure
        Node if there is no answer, or the answer matches no outcome.
    method
        HTTP method.
    on
        Nodes by outcome, tried in order.
    say
        Said while the caller waits for the answer.
    url
        Address, with `{values}` after the host.

    Examples
    --------
    >>> written = {"type": "lookup", "url": "https://example.com/cases/{case}", "into": {"state": "state"},
    ...     "on": {"found": "tell", "not_found": "sorry"}, "failure": "desk"}
    >>> [(wire.outcome, wire.target) for wire in Lookup.model_validate(written).wires()]
    [('found', 'tell'), ('not_found', 'sorry'), ('failure', 'desk'), ('timeout', 'desk')]
    """

    type: Literal["lookup"]
    url: str = Field(max_length=1_000)
    method: Literal["GET", "POST", "PUT"] = "GET"
    headers: dict[str, str] = Field(
        default={}, description="$IVR_SECRET_NAME stands for a variable of the service's environment"
    )
    body: dict[str, str] = Field(default={}, description="sent as a JSON object")
    repeatable: bool = Field(
        default=False, description="a POST may be sent again when no answer came: the service knows its Idempotency-Key"
    )
    timeout: Duration = Field(default=3.0, ge=0.5, le=8)
    say: Prompt | None = None
    into: dict[str, _JsonPath] = Field(
        default={}, description="values to set, each from a place in the JSON of a 2xx answer"
    )
    lists: dict[str, ListFrom] = Field(default={}, description="lists to set, for a `list` node to read")
    sensitive: tuple[str, ...] = Field(default=(), description="values of `into` that are never shown or said in full")
    on: dict[str, Answer] = Field(min_length=1)
    failure: Target | None = None

    @model_validator(mode="after")
    def _can_be_asked(self) -> Lookup:
        if fault := web_fault(self.url, values=True):
            raise PlacedError(
                f"{self.url!r} is not a valid address: {fault.message}; {fault.hint}", ("url",), offset=fault.offset
            )
        for name, text in self.headers.items():
            if not _HEADER.fullmatch(name) or not text.isprintable() or not text.isascii():
                raise ValueError(f"{name!r} cannot be sent as a header; write NAME: TEXT in plain letters")
        for name in (*self.into, *self.lists):
            if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
                raise ValueError(f"{name!r} cannot name a value; use letters, digits and _")
        for name in set(self.sensitive) - set(self.into):
            raise ValueError(f"{name!r} is said to be sensitive and is not among the values of into")
        if set(self.on) == {TIMEOUT}:
            raise ValueError("on names nothing but a timeout; add what the answer may mean, such as found: NODE")
        for label, answer in self.on.items():
            if not _LABEL.fullmatch(label) or label == FAILURE:
                raise ValueError(
                    f"{label!r} cannot name an outcome; use small letters, digits and _ (failure stands beside on)"
                )
            if label == TIMEOUT and (answer.status or answer.field):
                raise ValueError("timeout has no conditions; write timeout: NODE")
            if label not in (*_USUAL, TIMEOUT) and not answer.status and not answer.field:
                raise ValueError(
                    f"nothing says when the answer means {label!r}; write {label}: {{status: 409, next: ...}}"
                )
        return self

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The named outcomes in order, with their conditions."""
        return tuple(
            Condition(label, answer.status or (_USUAL.get(label, "2xx"),), answer.field or "", answer.wanted)
            for label, answer in self.on.items()
            if label != TIMEOUT
        )

    def wires(self) -> tuple[Wire, ...]:
        named = tuple(Wire(c.label, self.on[c.label].then, ("on", c.label, "next")) for c in self.conditions)
        late = self.on.get(TIMEOUT)
        timeout = (
            Wire(TIMEOUT, late.then, ("on", TIMEOUT)) if late else Wire(TIMEOUT, self.failure, ("failure",), False)
        )
        return (*named, Wire(FAILURE, self.failure, ("failure",)), timeout)

    @property
    def named_answers(self) -> tuple[str, ...]:
        """The outcomes that `on` names, except failures, in file order."""
        return tuple(label for label in self.on if label not in (FAILURE, TIMEOUT))

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return ((("say",), self.say),) if self.say else ()

    def inserts(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        parts = (("headers", self.headers), ("body", self.body))
        return ((("url",), self.url), *(((part, key), text) for part, texts in parts for key, text in texts.items()))

    def writes(self) -> tuple[str, ...]:
        return (*self.into, *self.lists)

    def writes_on(self, outcome: str) -> tuple[str, ...]:
        condition = next((c for c in self.conditions if c.label == outcome), None)
        succeeded = condition is not None and all(status.startswith("2") for status in condition.statuses)
        return self.writes() if succeeded else ()

    def secrets(self) -> tuple[str, ...]:
        return self.sensitive

    def about(self) -> str:
        return f"{self.method} {self.url.partition('://')[2]}"

    def enter(self, here: Here) -> tuple[Action, ...]:
        said = (here.say(self.say, barge_in=False),) if self.say else ()
        values = here.values or {}
        url = fill(self.url, {name: percent(text) for name, text in values.items()})
        headers = tuple((name, _one_line(fill(text, values))) for name, text in self.headers.items())
        body = {name: fill(text, values) for name, text in self.body.items()}
        sent = json.dumps(body, ensure_ascii=False) if body else ""
        labels = tuple(wire.outcome for wire in self.wires())
        repeatable = self.repeatable or self.method in _IDEMPOTENT
        return (
            *said,
            Fetch(
                here.name,
                self.method,
                url,
                headers,
                sent,
                self.timeout,
                self.conditions,
                tuple(self.into.items()),
                labels,
                repeatable,
                tuple(
                    ListOf(name, of.path or "", tuple(of.fields.items()) or (("item", ""),), of.most)
                    for name, of in self.lists.items()
                ),
            ),
        )

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if not isinstance(event, Outcome) or event.label not in {wire.outcome for wire in self.wires()}:
            return None
        return Reading(event.label, {name: text for name, text in event.values.items() if name in self.writes()})

    def usual(self, here: Here) -> Mapping[str, float]:
        return {self.wires()[0].outcome: 1.0}


def _one_line(text: str) -> str:
    return "".join(c for c in text if c.isprintable())
