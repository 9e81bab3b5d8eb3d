"""Shared by node types that ask the caller something: asking again, and giving up."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from flows.nodes.base import FALLBACK, Here, Move, Node, Wire
from flows.protocol.actions import Action, Say
from flows.speech.languages import language as language_of
from flows.speech.prompt import Prompt
from flows.values.scalars import Duration, Target

__all__ = ["NO_INPUT", "NO_MATCH", "Dialogue", "is_global"]

NO_INPUT = "no_input"
NO_MATCH = "no_match"


def is_global(here: Here, key: str) -> bool:
    """Whether `key` is one of the flow's keys that work in every menu."""
    return key in here.flow.keys


class Dialogue(Node):
    """A node that listens, asks again, and goes to `otherwise` after the last attempt.

    Parameters
    ----------
    no_input, no_match : list of Prompt
        Said before the prompt on attempt 2, 3, ...; the last one is used for any further attempts.
    attempts : int
        How many times the prompt is presented in all.
    otherwise : str or None
        Node after the last attempt.
    timeout, interdigit : seconds
        Silence that ends listening, and the pause allowed between digits.
    """

    taken_back: ClassVar[str] = ""
    """The outcome when callers reject their own answer and are asked again; empty if they cannot."""

    no_input: tuple[Prompt, ...] = ()
    no_match: tuple[Prompt, ...] = ()
    attempts: int = Field(default=3, ge=1, le=10)
    otherwise: Target | None = None
    timeout: Duration = Field(default=5.0, ge=1, le=60)
    interdigit: Duration = Field(default=3.0, ge=1, le=60)

    def retry_wires(self) -> tuple[Wire, ...]:
        """The exit after the last attempt; rule M110 reports a missing one, so it is not required here."""
        return (Wire("otherwise", self.otherwise, ("otherwise",), required=False),)

    def retry_prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        """The reprompts with their paths."""
        return tuple(
            ((kind, i), prompt)
            for kind, prompts in ((NO_INPUT, self.no_input), (NO_MATCH, self.no_match))
            for i, prompt in enumerate(prompts)
        )

    def reprompt(self, here: Here) -> tuple[Action, ...]:
        """What to say before the prompt because the last attempt failed."""
        if here.reason not in (NO_INPUT, NO_MATCH):
            return ()
        written = self.no_input if here.reason == NO_INPUT else self.no_match
        if written:
            return (here.say(written[min(here.attempt - 2, len(written) - 1)], barge_in=True),)
        spoken = language_of(here.language)
        return (Say(spoken.no_input if here.reason == NO_INPUT else spoken.no_match, here.language, barge_in=True),)

    def retry(self, here: Here, reason: str, *, phase: str = "") -> Move:
        """Ask again, or give up after the last attempt."""
        if here.attempt < self.attempts:
            return Move(here.name, here.attempt + 1, reason, phase)
        return self.give_up()

    def give_up(self) -> Move:
        """Where the call goes after the last attempt."""
        return Move(FALLBACK if self.otherwise is None else self.otherwise)

    def next(self, here: Here, outcome: str) -> Move:
        if outcome in (NO_INPUT, NO_MATCH):
            return self.retry(here, outcome, phase=here.phase)
        if outcome in here.flow.keys and outcome not in self._targets:
            return Move(here.flow.keys[outcome].then, leave=True)
        return super().next(here, outcome)
