"""queue: wait for an agent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from flows.nodes.base import END, Here, Move, Node, Reading, Wire, unanswered
from flows.nodes.base_calling import Recording, off
from flows.protocol.actions import Action, Enqueue, Event, Outcome
from flows.speech.prompt import Prompt
from flows.speech.values import masked
from flows.values.scalars import KEY_NAMES, NAMES_OF, Duration, Key, Target

_End = Literal["answered", "timeout", "full", "closed"]
_ENDS: tuple[_End, ...] = get_args(_End)


class Announce(BaseModel):
    """What a waiting caller is told, and how often.

    Parameters
    ----------
    expected_wait
        True to announce the expected wait.
    position
        True to announce the caller's place in the queue.
    say
        Said before the position and expected wait.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    say: Prompt | None = None
    position: bool = False
    expected_wait: bool = False
    every: Duration = Field(default=60.0, ge=10, le=3600)


class Music(BaseModel):
    """What is played between announcements.

    Parameters
    ----------
    audio
        A recording: a file next to the flow, or an address.
    seconds
        Its length. It plays as often as fits before the next announcement, at least once. A telephone service cannot
        stop a recording once it starts, so about a minute keeps announcements and max_wait on time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    audio: str = Field(min_length=1, max_length=2000)
    seconds: Duration = Field(ge=1, le=3600)


class ByData(BaseModel):
    """What is added to the priority of callers, by a value: ``{value: tier, gold: 10, default: 0}``.

    Parameters
    ----------
    value
        Name of the value, which was collected, set or looked up before.
    default
        For every other text of the value.
    levels
        By the text of the value, whatever its capitals; written beside `value` and `default`.

    Examples
    --------
    >>> by_tier = ByData.model_validate({"value": "tier", "gold": 10})
    >>> by_tier.of({"tier": "Gold"}), by_tier.of({"tier": "silver"}), by_tier.of({})
    (10, 0, 0)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    value: str = Field(min_length=1)
    default: int = Field(default=0, ge=-1000, le=1000)
    levels: dict[str, Annotated[int, Field(ge=-1000, le=1000)]] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _beside(cls, written: Any) -> Any:
        if not isinstance(written, Mapping) or "levels" in written:
            return written
        own = {key: written[key] for key in ("value", "default") if key in written}
        return {**own, "levels": {str(key): level for key, level in written.items() if key not in own}}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        level = {"type": ["integer", "string"]}
        return {
            "title": "ByData",
            "type": "object",
            "properties": {
                "value": {"type": "string", "description": "name of the value"},
                "default": {**level, "description": "for every other text of the value"},
            },
            "required": ["value"],
            "additionalProperties": level,
        }

    def of(self, values: Mapping[str, str]) -> int:
        """What is added for a caller with these values."""
        text = values.get(self.value, "").strip().lower()
        return next((level for name, level in self.levels.items() if name.lower() == text), self.default)


class Queue(Node):
    """Wait for an agent of a queue.

    ``answered`` without a target ends the call when the agent is done. Keys in ``while_waiting`` leave the queue. If
    ``queues`` sets ``max_calls`` for the queue, further callers take the ``full`` exit. Several nodes may lead to one
    queue: a split can send some callers through a node with more ``urgency``.

    Parameters
    ----------
    announce
        What callers hear while they wait, and how often.
    max_wait
        Longest wait; after it, the outcome is timeout.
    music
        Played between announcements; without it there is silence.
    on
        Nodes by outcome: answered, timeout, full, closed.
    queue
        Name of the queue.
    say
        Said before the wait.
    priority
        Added to the queue's priority by a value of the caller.
    record
        The conversation is recorded, with the notice that callers hear before the wait.
    tell
        Names of the values that agents see; default: all. Secrets are masked.
    whisper
        Said to the agent before they take the call.
    while_waiting
        Nodes by key, for keys callers may press while they wait.

    Examples
    --------
    >>> node = Queue.model_validate({"type": "queue", "queue": "tech", "while_waiting": {"pound": "voicemail"}})
    >>> [wire.outcome for wire in node.wires()]
    ['answered', 'timeout', 'full', 'closed', 'key #']
    """

    type: Literal["queue"]
    queue: str = Field(json_schema_extra={NAMES_OF: "queues"})
    say: Prompt | None = None
    urgency: int = Field(
        default=0, ge=-1000, le=1000, description="added to the queue's priority for callers who come this way"
    )
    priority: ByData | None = None
    whisper: Prompt | None = None
    tell: tuple[str, ...] | None = None
    record: Recording | None = None
    max_wait: Duration | None = None
    announce: Announce = Announce()
    music: Music | None = None
    while_waiting: dict[Key, Target] = Field(default={}, json_schema_extra={"propertyNames": KEY_NAMES})
    on: dict[_End, Target] = Field(default={})

    @field_validator("record", mode="before")
    @classmethod
    def _off(cls, value: Any) -> Any:
        return off(value)

    def urgency_of(self, values: Mapping[str, str]) -> int:
        """What is added to the queue's priority for a caller with these values."""
        return self.urgency + (self.priority.of(values) if self.priority else 0)

    def wires(self) -> tuple[Wire, ...]:
        limited = self.max_wait is not None
        ends = tuple(Wire(end, self.on.get(end), ("on", end), limited and end == "timeout") for end in _ENDS)
        keys = tuple(Wire(f"key {key}", to, ("while_waiting", key)) for key, to in self.while_waiting.items())
        return (*ends, *keys)

    @cached_property
    def _labels(self) -> tuple[str, ...]:
        """Every way in which the wait may end."""
        return tuple(wire.outcome for wire in self.wires())

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        notice = self.record.notice if self.record else None
        spoken = (("say",), self.say), (("record", "notice"), notice), (("announce", "say"), self.announce.say)
        return tuple((path, prompt) for path, prompt in spoken if prompt)

    def aside(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return ((("whisper",), self.whisper),) if self.whisper else ()

    def reads(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        priority = [(("priority", "value"), self.priority.value)] if self.priority else []
        return (*priority, *((("tell", at), name) for at, name in enumerate(self.tell or ())))

    def recordings(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        return (*super().recordings(), *(((("music", "audio"), self.music.audio),) if self.music else ()))

    def enter(self, here: Here) -> tuple[Action, ...]:
        notice = self.record.notice if self.record else None
        spoken = tuple(here.say(prompt, barge_in=False) for prompt in (self.say, notice) if prompt)
        queue = here.flow.queues.get(self.queue)
        wait = here.say(self.announce.say, barge_in=True) if self.announce.say else None
        return (
            *spoken,
            Enqueue(
                self.queue,
                (queue.priority if queue else 0) + self.urgency_of(here.values or {}),
                self.max_wait,
                wait,
                self.announce.every,
                tuple(self.while_waiting),
                here.language,
                self._labels,
                self.announce.position,
                self.announce.expected_wait,
                self.music.audio if self.music else "",
                self.music.seconds if self.music else 0.0,
                queue.max_calls if queue else None,
                here.say(self.whisper, barge_in=False) if self.whisper else None,
                self.record is not None,
                self._told(here),
            ),
        )

    def _told(self, here: Here) -> tuple[tuple[str, str], ...]:
        """The values that the node hands to agents, secrets masked."""
        found = ((name, here.value(name)) for name in self.tell or () if here.values is not None)
        secrets = here.flow.secrets
        return tuple((name, masked(text, here.language) if name in secrets else text) for name, text in found if text)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        return Reading(event.label) if isinstance(event, Outcome) and event.label in self._labels else None

    def next(self, here: Here, outcome: str) -> Move:
        if outcome == "answered":
            return Move(self.on.get("answered", END), outcome="handled")
        move = super().next(here, outcome)
        return Move(move.to, outcome="closed") if outcome == "closed" else unanswered(move, here)
