"""How calls may begin: the moment, the numbers, what is known of the caller, switches, and what chance picks."""

from __future__ import annotations

from collections.abc import Iterator

from flows.model.flow import Flow
from flows.nodes.hours import Hours
from flows.nodes.lookup import Lookup
from flows.nodes.split import Split
from ivr.phone.call_time import DEFAULT_AT, zone_of
from ivr.phone.hours_answers import first_moments

__all__ = ["beginnings", "whole"]

_NUMBERS = {"ani": "from", "dnis": "to"}
_MOBILE = "+14155550123"
"""Of a caller who can be sent a message."""


def beginnings(flow: Flow) -> Iterator[tuple[str, ...]]:
    """The settings at the top of call scripts, plainest first: none, then one for each thing that decides a branch.

    Examples
    --------
    >>> from flows.model.load import load
    >>> list(beginnings(load("northwind").flow))[:3]
    [(), ('at 2026-11-23 02:30',), ('to +18005550160',)]
    """
    yield ()
    yield from ((line,) for line in _moments(flow))
    if any(wire.outcome == "no_mobile" for node in flow.nodes.values() for wire in node.wires()):
        yield (f"from {_MOBILE}",)
    yield from ((f"switch {name} = on",) for name in flow.switches)
    looked_up = {value for node in flow.nodes.values() if isinstance(node, Lookup) for value in node.into}
    for name, node in flow.nodes.items():
        if isinstance(node, Split) and node.shares:
            yield from ((f"draw {name} = {case}",) for case in node.shares)
        elif isinstance(node, Split) and node.value in _NUMBERS:
            yield from ((f"{_NUMBERS[node.value]} {whole(case)}",) for case in node.cases)
        elif isinstance(node, Split) and node.value and node.value != "language" and node.value not in looked_up:
            yield from ((f"given {node.value} = {whole(case)}",) for case in node.cases)


def whole(case: str) -> str:
    """A value that fits a case: of ``7*``, eight digits that begin so."""
    return f"{case[:-1]:1<8}" if case.endswith("*") else case


def _moments(flow: Flow) -> Iterator[str]:
    """A moment for each answer of each opening hours that the usual moment does not give."""
    asked = {node.hours for node in flow.nodes.values() if isinstance(node, Hours)}
    found = (first_moments(flow, name).values() for name in flow.hours if name in asked)
    usual = DEFAULT_AT.replace(tzinfo=zone_of(flow))
    moments = dict.fromkeys(moment for some in found for moment in some if moment != usual)
    yield from (f"at {moment:%Y-%m-%d %H:%M}" for moment in moments)
