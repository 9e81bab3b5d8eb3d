"""Explains why no announced options lead to a goal."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from flows.protocol.actions import Dial, Enqueue, Listen, Pay
from simulation.menus.announced_paths import announced_edges
from simulation.menus.chain import MenuChain

__all__ = ["unreachable_goal"]

_SAID = {
    "no_input": "silence",
    "no_match": "a wrong key",
    "timeout": "waiting too long",
    "full": "a full queue",
    "answered": "the end of a talk",
}


def unreachable_goal(chain: MenuChain, goal: Sequence[str], intent: str) -> tuple[str, str]:
    """Explain why announced options do not lead to a goal.

    Parameters
    ----------
    chain : MenuChain
    goal : sequence of str
        Nodes; any of them will do.
    intent : str
        Name of the intent.

    Returns
    -------
    tuple of (message, hint)
    """
    names = " or ".join(map(repr, goal))
    message = f"no announced options lead to {names}, the goal of the intent {intent!r}"
    found = _untold(chain, goal)
    if found is None:
        return f"{message}; nothing leads there", "check the splits' shares and the way there in the flow"
    if not found:
        return (
            f"{message}; the shares stated on the way leave it out",
            "state a share for the way there, or give these callers another goal",
        )
    at, label = found
    return (
        f"{message}; only {_by(chain, at, label)} leads there",
        "announce an option that leads there in the flow, or name as goal what these callers choose",
    )


def _by(chain: MenuChain, at: int, label: str) -> str:
    node, waits = chain.node(at), chain.states[at].waits
    if isinstance(waits, Listen) and label not in _SAID:
        return f"the key {label} at {node!r}, which is not announced,"
    if isinstance(waits, Enqueue | Dial | Listen | Pay):
        return f"{_SAID.get(label, label)} at {node!r}"
    return f"{label!r} of {node!r}"


def _untold(chain: MenuChain, goal: Sequence[str]) -> tuple[int, str] | tuple[()] | None:
    """The first unannounced step on a path to the goal with the fewest such steps.

    () if every step is announced, None if no path leads there.
    """
    promises, dialogue = announced_edges(chain), chain.dialogue.tolist()
    before: dict[int, tuple[int, int, bool]] = {chain.start: (-1, -1, True)}
    done: set[int] = set()
    todo = deque([chain.start])
    while todo:
        at = todo.popleft()
        if at in done:
            continue
        done.add(at)
        if chain.node(at) in goal:
            return _first(chain, before, at)
        for k in range(len(chain.label[at])):
            to, told = int(chain.to[at, k]), k in promises[dialogue[at]]
            if to >= 0 and to not in done and (to not in before or told):
                before[to] = at, k, told
                (todo.appendleft if told else todo.append)(to)
    return None


def _first(chain: MenuChain, before: dict[int, tuple[int, int, bool]], at: int) -> tuple[int, str] | tuple[()]:
    untold: tuple[int, str] | tuple[()] = ()
    while at >= 0:
        at, k, told = before[at]
        if at >= 0 and not told:
            untold = at, chain.label[at][k]
    return untold
