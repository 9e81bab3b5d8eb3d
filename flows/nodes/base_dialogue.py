"""Shared by node types that ask the caller something: asking again, and giving up."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from flows.nodes.base import FALLBACK, Here, Move, Node, Wire
from flows.nodes.base_again import Again
from flows.protocol.actions import Action
from flows.speech.languages import language as language_of
from flows.speech.prompt import Prompt
from flows.values.scalars import NAMES_OF, Duration, Target

__all__ = ["NO_INPUT", "NO_MATCH", "Dialogue", "is_global"]

NO_INPUT = "no_input"
NO_MATCH = "no_match"


def is_global(here: Here, key: str) -> bool:
    """Whether `key` is one of the flow's keys that work in every menu."""
    return key in here.flow.keys


class Dialogue(Node):
    """A node that listens, asks again, and goes to `otherwise` after the last attempt.

    Silences and wrong keys are counted together, up to `attempts`, unless `no_input` or `no_match` has `attempts` or
    `next` of its own: then it counts by itself, and the rest are counted together.

    Parameters
    ----------
    no_input
        When callers are silent: what is said before the prompt, one text for each repetition, or
        `{say: ..., attempts: 2, next: node}`.
    no_match
        The same, when callers press a wrong key.
    attempts
        How many times the prompt is presented in all.
    otherwise
        Node after the last attempt.
    timeout, interdigit : seconds
        Silence that ends listening, and the pause allowed between digits.
    """

    taken_back: ClassVar[str] = ""
    """The outcome when callers reject their own answer and are asked again; empty if they cannot."""

    takes_defaults: ClassVar[bool] = False
    """Whether the flow's `menu:` holds here."""

    no_input: Again = Again()
    no_match: Again = Again()
    attempts: int = Field(default=3, ge=1, le=10)
    otherwise: Target | None = None
    attempts_of: str = Field(
        default="",
        description="name of the flow's attempts that this question shares",
        json_schema_extra={NAMES_OF: "attempts"},
    )
    timeout: Duration = Field(default=5.0, ge=1, le=60)
    interdigit: Duration = Field(default=3.0, ge=1, le=60)

    @property
    def counted_with(self) -> str:
        return self.attempts_of

    def on_failure(self, reason: str) -> Again:
        """What the node does after a silence or a wrong key."""
        return self.no_input if reason == NO_INPUT else self.no_match if reason == NO_MATCH else _PLAIN

    def retry_wires(self) -> tuple[Wire, ...]:
        """The exits after the last attempt; rule M110 reports missing ones, so they are not required here."""
        own = tuple(
            Wire(reason, again.then, (reason, "next"), required=False)
            for reason in (NO_INPUT, NO_MATCH)
            if (again := self.on_failure(reason)).then is not None
        )
        left = len(own) < 2 or self.taken_back or self.otherwise is not None
        return (*own, self.otherwise_wire()) if left else own

    def otherwise_wire(self) -> Wire:
        """The exit after the last attempt that has no exit of its own."""
        return Wire("otherwise", self.otherwise, ("otherwise",), required=False)

    def retry_exit(self, reason: str) -> str:
        """The outcome of the exit that failing for one reason leads to in the end."""
        return reason if self.on_failure(reason).then is not None else "otherwise"

    def retry_prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        """The reprompts with their paths."""
        return tuple(
            ((reason, *path), prompt)
            for reason in (NO_INPUT, NO_MATCH)
            for path, prompt in self.on_failure(reason).prompts()
        )

    def reprompt(self, here: Here) -> tuple[Action, ...]:
        """What to say before the prompt because the last attempt failed."""
        if here.reason not in (NO_INPUT, NO_MATCH):
            return ()
        written = self.on_failure(here.reason).say
        if written:
            failed = self.failed(here, here.reason)
            return (here.say(written[min(max(failed, 1), len(written)) - 1], barge_in=True),)
        spoken = language_of(here.language)
        return (here.speak(spoken.no_input if here.reason == NO_INPUT else spoken.no_match),)

    def failed(self, here: Here, reason: str) -> int:
        """How many attempts have failed so far, among those that are counted with `reason`."""
        if self.on_failure(reason).own:
            return here.silences if reason == NO_INPUT else here.wrong_keys
        return here.attempt - 1 - here.silences - here.wrong_keys

    def most(self, reason: str) -> int:
        """After how many failed attempts, counted with `reason`, the call leads on."""
        return self.on_failure(reason).attempts or self.attempts

    def asks_again(self, here: Here, reason: str) -> bool:
        """Whether callers who fail here are asked again."""
        return self.failed(here, reason) + 1 < self.most(reason)

    def after(self, here: Here, reason: str, times: int) -> Here:
        """The state after `times` failures for one reason, and none before."""
        own = self.on_failure(reason).own
        silences, wrong = (times if own and reason == kind else 0 for kind in (NO_INPUT, NO_MATCH))
        return here.asked(Move(here.name, times + 1, reason, here.phase, silences=silences, wrong_keys=wrong))

    def retry(self, here: Here, reason: str, *, phase: str = "") -> Move:
        """Ask again, or give up after the last attempt."""
        if not self.asks_again(here, reason):
            return self.give_up(reason)
        own = self.on_failure(reason).own
        return Move(
            here.name,
            here.attempt + 1,
            reason,
            phase,
            silences=here.silences + (own and reason == NO_INPUT),
            wrong_keys=here.wrong_keys + (own and reason == NO_MATCH),
        )

    def onward(self, here: Here, phase: str) -> Move:
        """To another part of the dialogue; what has failed before still counts."""
        return Move(here.name, here.attempt, "", phase, silences=here.silences, wrong_keys=here.wrong_keys)

    def give_up(self, reason: str = "") -> Move:
        """Where the call goes after the last attempt, which failed for `reason`."""
        own = self.on_failure(reason).then
        return self.give_up_otherwise() if own is None else Move(own)

    def give_up_otherwise(self) -> Move:
        """Where the call goes after the last attempt that has no exit of its own."""
        return Move(FALLBACK if self.otherwise is None else self.otherwise)

    def next(self, here: Here, outcome: str) -> Move:
        if outcome in (NO_INPUT, NO_MATCH):
            return self.retry(here, outcome, phase=here.phase)
        if outcome in here.flow.keys and outcome not in self._targets:
            return Move(here.flow.keys[outcome].then, leave=True)
        return super().next(here, outcome)


_PLAIN = Again()
"""What follows when callers take their own answer back: nothing is said, and nothing is counted apart."""
