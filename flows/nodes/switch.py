"""switch: ask whether a switch of the line is on now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import Field

from flows.nodes.base import Here, Move, Node, Reading, Wire
from flows.protocol.actions import Action, Ask, Event, Outcome
from flows.speech.prompt import Prompt
from flows.values.scalars import NAMES_OF, Target

__all__ = ["MESSAGE", "SPOKEN_IN", "Switch"]

MESSAGE, SPOKEN_IN = "switch_message", "switch_language"
"""Values that hold what was written when a switch was turned on, until it has been said."""
_Label = Literal["on", "off"]
_LABELS: tuple[_Label, ...] = get_args(_Label)
_SAY, _SAID = "say", "said"


class Switch(Node):
    """Branch on a switch of the line, which people turn on and off while calls come.

    While it is on, callers hear the message that was given when it was turned on, else `say`.

    Parameters
    ----------
    switch
        Name of the switch, as declared under switches: in the flow.
    on
        Nodes by outcome: on, off.

    Examples
    --------
    >>> node = Switch.model_validate({"type": "switch", "switch": "storm", "on": {"on": "shut"}, "next": "main"})
    >>> [(wire.outcome, wire.target) for wire in node.wires()]
    [('on', 'shut'), ('off', 'main')]
    """

    type: Literal["switch"]
    switch: str = Field(json_schema_extra={NAMES_OF: "switches"})
    say: Prompt | None = Field(default=None, description="said while it is on, unless it was turned on with a message")
    on: dict[_Label, Target] = Field(default={})
    then: Target | None = Field(default=None, alias="next", description="node that follows, where on: names none")

    def wires(self) -> tuple[Wire, ...]:
        return tuple(
            Wire(label, self.on[label], ("on", label)) if label in self.on else Wire(label, self.then, ("next",))
            for label in _LABELS
        )

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return ((("say",), self.say),) if self.say else ()

    def phases(self) -> tuple[str, ...]:
        return ("", _SAY)

    def about(self) -> str:
        return self.switch

    def enter(self, here: Here) -> tuple[Action, ...]:
        if not here.phase:
            return (Ask("switch", self.switch, _LABELS),)
        if message := here.value(MESSAGE):
            return (here.speak(message, language=here.value(SPOKEN_IN) or here.language, barge_in=False),)
        return (here.say(self.say, barge_in=False),) if self.say else ()

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if here.phase:
            return Reading(_SAID, {MESSAGE: ""} if here.value(MESSAGE) else {}) if event is None else None
        if not isinstance(event, Outcome) or event.label not in _LABELS:
            return None
        return Reading(event.label, event.values if event.label == "on" else {})

    def outcomes(self, here: Here) -> tuple[str, ...]:
        return (_SAID,) if here.phase else _LABELS

    def next(self, here: Here, outcome: str) -> Move:
        if outcome == "on":
            return Move(here.name, phase=_SAY)
        return super().next(here, "on" if outcome == _SAID else outcome)

    def usual(self, here: Here) -> Mapping[str, float]:
        return {_SAID: 1.0} if here.phase else {"off": 1.0}
