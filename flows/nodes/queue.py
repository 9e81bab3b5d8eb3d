"""queue: wait for an agent."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from flows.nodes.base import END, Here, Move, Node, Reading, Wire, unanswered
from flows.protocol.actions import Action, Enqueue, Event, Outcome
from flows.speech.prompt import Prompt
from flows.values.scalars import KEY_NAMES, Duration, Key, Target

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
    while_waiting
        Nodes by key, for keys callers may press while they wait.

    Examples
    --------
    >>> node = Queue.model_validate({"type": "queue", "queue": "tech", "while_waiting": {"pound": "voicemail"}})
    >>> [wire.outcome for wire in node.wires()]
    ['answered', 'timeout', 'full', 'closed', 'key #']
    """

    type: Literal["queue"]
    queue: str
    say: Prompt | None = None
    urgency: int = Field(
        default=0, ge=-1000, le=1000, description="added to the queue's priority for callers who come this way"
    )
    max_wait: Duration | None = None
    announce: Announce = Announce()
    music: Music | None = None
    while_waiting: dict[Key, Target] = Field(default={}, json_schema_extra={"propertyNames": KEY_NAMES})
    on: dict[_End, Target] = Field(default={})

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
        spoken = (("say",), self.say), (("announce", "say"), self.announce.say)
        return tuple((path, prompt) for path, prompt in spoken if prompt)

    def recordings(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        return (*super().recordings(), *(((("music", "audio"), self.music.audio),) if self.music else ()))

    def enter(self, here: Here) -> tuple[Action, ...]:
        spoken = (here.say(self.say, barge_in=False),) if self.say else ()
        queue = here.flow.queues.get(self.queue)
        wait = here.say(self.announce.say, barge_in=True) if self.announce.say else None
        return (
            *spoken,
            Enqueue(
                self.queue,
                (queue.priority if queue else 0) + self.urgency,
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
            ),
        )

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        return Reading(event.label) if isinstance(event, Outcome) and event.label in self._labels else None

    def next(self, here: Here, outcome: str) -> Move:
        if outcome == "answered":
            return Move(self.on.get("answered", END), outcome="handled")
        move = super().next(here, outcome)
        return Move(move.to, outcome="closed") if outcome == "closed" else unanswered(move, here)
