"""What a kind of mistake is: for a node, the edits that make it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flows.model.flow import Flow
from flows.nodes.base import Wire
from flows.source.document import Path, value_at
from ivr.phone.hours_answers import can_happen

__all__ = ["Edit", "Mistake", "written_wires"]

_ANY, _FEW = "every exit", 3


@dataclass(frozen=True)
class Edit:
    """One mistake at one place.

    Parameters
    ----------
    words : str
        What is wrong, as people say it.
    values : tuple of (path, value)
        What to write where, by paths within the node; None takes away what is written there.
    """

    words: str
    values: tuple[tuple[Path, Any], ...]


@dataclass(frozen=True)
class Mistake:
    """A kind of mistake.

    Parameters
    ----------
    name, title : str
    edits : callable
        From a flow, a node's name, and the node as written, to every way to make this mistake there.
    """

    name: str
    title: str
    edits: Callable[[Flow, str, Mapping[str, Any]], Iterator[Edit]]


def written_wires(flow: Flow, name: str, written: Mapping[str, Any]) -> Iterator[Wire]:
    """The exits of a node that are written in it and can be taken; what several share is one."""
    by_path: dict[Path, list[Wire]] = {}
    for wire in flow.nodes[name].wires():
        if (
            wire.target is not None
            and value_at(written, wire.path) == wire.target
            and can_happen(flow, name, wire.outcome)
        ):
            by_path.setdefault(wire.path, []).append(wire)
    for wires in by_path.values():
        few = " or ".join(dict.fromkeys(wire.outcome for wire in wires))
        yield wires[0]._replace(outcome=few if len(wires) <= _FEW else _ANY)
