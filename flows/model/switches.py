"""Switches of a line: what people may turn on while calls come, and what that does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from flows.nodes.base import Node
from flows.nodes.switch import Switch as SwitchNode
from flows.source.document import nearest
from flows.speech.prompt import Prompt
from flows.values.scalars import PlacedError, Target

__all__ = ["FOLDER", "Switch", "check_names", "closing", "node_of", "switch_nodes", "unknown_switch"]

FOLDER = "switches/"
"""Before the name of a switch, the name of the node that asks for it at the start of a call."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")


class Switch(BaseModel):
    """A switch of the line, off unless somebody turns it on.

    With `say` or `next` it is asked for at the start of every call; in any case by nodes of type switch.

    Parameters
    ----------
    say
        What callers hear first while it is on; a message given when it is turned on is said instead.
    closes
        Opening hours that are closed while it is on, by name, or all.
    note
        For people; never spoken.

    Examples
    --------
    >>> Switch.model_validate({"closes": "all"}).closes_hours("office"), Switch().closes_hours("office")
    (True, False)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    say: Prompt | None = None
    then: Target | None = Field(
        default=None, alias="next", description="where every call goes while it is on; default: as usual"
    )
    closes: Literal["all"] | tuple[str, ...] = Field(default=(), description="opening hours that it closes, or all")
    note: str = ""

    @property
    def at_start(self) -> bool:
        """Whether it is asked for at the start of every call."""
        return self.say is not None or self.then is not None

    def closes_hours(self, name: str) -> bool:
        """Whether opening hours are closed while it is on."""
        return self.closes == "all" or name in self.closes


def check_names(names: Iterable[str]) -> None:
    """Refuse names of switches that cannot be typed as one word."""
    for name in names:
        if not _NAME.fullmatch(name):
            message = f"{name!r} cannot name a switch; use letters, digits and _, at most 40"
            raise PlacedError(message, (name,), of_key=True)


def node_of(name: str) -> str:
    """The node that asks for a switch at the start of a call.

    Examples
    --------
    >>> node_of("emergency")
    'switches/emergency'
    """
    return f"{FOLDER}{name}"


def switch_nodes(switches: Mapping[str, Switch], start: str) -> dict[str, Node]:
    """The nodes that ask for switches at the start of a call, one after the other, before the node `start`.

    Examples
    --------
    >>> storm = Switch.model_validate({"say": "We are closed.", "next": "bye"})
    >>> {name: [wire.target for wire in node.wires()] for name, node in switch_nodes({"storm": storm}, "main").items()}
    {'switches/storm': ['bye', 'main']}
    """
    asked = [(name, switch) for name, switch in switches.items() if switch.at_start]
    after = [*(node_of(name) for name, _ in asked[1:]), start][: len(asked)]
    return {
        node_of(name): SwitchNode.model_construct(
            type="switch",
            switch=name,
            say=switch.say,
            on={"on": switch.then} if switch.then is not None else {},
            then=following,
        )
        for (name, switch), following in zip(asked, after, strict=True)
    }


def closing(switches: Mapping[str, Switch], on: Iterable[str], hours: str) -> bool:
    """Whether one of the switches that are on closes opening hours.

    Examples
    --------
    >>> closing({"storm": Switch(closes=("office",))}, ["storm"], "office")
    True
    """
    return any(name in switches and switches[name].closes_hours(hours) for name in on)


def unknown_switch(switches: Mapping[str, Switch], name: str) -> tuple[str, str] | None:
    """What is wrong with the name of a switch, and what is allowed; None for one that the line has.

    Examples
    --------
    >>> unknown_switch({"emergency": Switch()}, "emergncy")
    ("the line has no switch 'emergncy'", "did you mean 'emergency'?")
    """
    if name in switches:
        return None
    near = nearest(name, list(switches))
    hint = f"its switches: {', '.join(switches)}" if switches else f"declare it: switches: {{{name}: {{say: ...}}}}"
    return f"the line has no switch {name!r}", f"did you mean {near!r}?" if near else hint
