"""What cannot be taken from the test days of agents who chat: a log tells how long a chat lasted, not its work."""

from __future__ import annotations

from collections.abc import Collection

from flows.source.finding import IvrError
from simulation.backtesting.retimed import INPUTS
from simulation.scenario.loaded import LoadedScenario

__all__ = ["chatting", "inputs_tried"]

_OF_CHATS = ("talk", "agents")
"""A talk of a log lasted longer the more chats were in hand; nobody is seen to be ready again while they have one."""


def chatting(loaded: LoadedScenario) -> tuple[str, ...]:
    """The groups whose agents may have more than one chat in hand."""
    return tuple(name for name, group in loaded.scenario.groups.items() if group.chats and group.chats.at_once > 1)


def inputs_tried(loaded: LoadedScenario, used: Collection[str]) -> tuple[str, ...]:
    """The inputs that test days can lend to a scenario: all, or of agents who chat neither talk nor agents.

    Parameters
    ----------
    loaded : LoadedScenario
    used : collection of str
        Inputs asked for.

    Raises
    ------
    IvrError
        When one is asked for that the days cannot lend.
    """
    groups = chatting(loaded)
    if not groups:
        return INPUTS
    if wrong := [name for name in _OF_CHATS if name in used]:
        raise IvrError(
            loaded.document.finding(
                "X005",
                f"agents of {groups[0]} have several chats in hand, so {' and '.join(wrong)} cannot be taken from the"
                " test days: a log tells how long a chat lasted beside others, not how much work it was",
                ("groups", groups[0], "chats"),
                of_key=True,
                hint="leave them out of --use, state them in a second scenario, and set both side by side with"
                " `ivr compare`",
            )
        )
    return tuple(name for name in INPUTS if name not in _OF_CHATS)
