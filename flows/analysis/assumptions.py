"""What `flows.analysis.expected_visits` assumes when a flow does not say, in words, to print with its numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from flows.analysis.expected_visits import SHARE_CLOSED, SHARE_LEAVES, some_hang_up, visits_per_call
from flows.display.numbers import share
from flows.model.flow import Flow
from flows.nodes.hours import Hours
from flows.nodes.lookup import Lookup
from flows.nodes.menu import Menu
from flows.nodes.split import Split

__all__ = ["assumed"]

_MOST_NAMED = 6


def assumed(flow: Flow, *, leaves: float = SHARE_LEAVES, visits: Mapping[str, float] | None = None) -> tuple[str, ...]:
    """Every assumption behind a flow's expected visits that the flow does not state, for nodes that calls reach.

    Parameters
    ----------
    flow : Flow
    leaves : float
        As in `flows.analysis.expected_visits.visits_per_call`.
    visits : mapping of node to float, optional
        Result of `flows.analysis.expected_visits.visits_per_call`, if already computed.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> split = "{type: split, value: ani, cases: {'1*': b}, otherwise: b}"
    >>> text = f"{{ivr: 1, name: L, start: tier, nodes: {{tier: {split}, b: {{type: hangup}}}}}}"
    >>> assumed(load_text(text).flow)
    ("every case alike at 'tier'",)
    """
    visits = visits_per_call(flow, leaves=leaves) if visits is None else visits
    met = {name: node for name, node in flow.nodes.items() if visits.get(name)}
    found = []
    if any(isinstance(node, Hours) for node in met.values()):
        found.append(f"{share(SHARE_CLOSED)} of calls in closed hours")
    if some_hang_up(flow, met):
        found.append(f"{share(leaves)} of callers hang up once they were served or are led back to a menu")
    stated = {name: [choice.share for choice in node.choices] for name, node in met.items() if isinstance(node, Menu)}
    partly = [
        name
        for name, shares in stated.items()
        if any(shares) and shares.count(None) > 1 and sum(filter(None, shares)) < 1.0
    ]
    alike = (
        ("choice", "in", [name for name, shares in stated.items() if not any(shares) and len(shares) > 1]),
        ("choice without a share", "in", partly),
        ("case", "at", [name for name, node in met.items() if isinstance(node, Split) and not node.shares]),
        (
            "answer",
            "at",
            [name for name, node in met.items() if isinstance(node, Lookup) and len(node.named_answers) > 1],
        ),
    )
    uneven = [
        name
        for name, shares in stated.items()
        if any(shares) and None not in shares and abs(math.fsum(filter(None, shares)) - 1.0) > 1e-6
    ]
    if uneven:
        found.append(f"shares made to sum to 100 % in {_named(uneven)}")
    found += [f"every {what} alike {where} {_named(names)}" for what, where, names in alike if names]
    if any(isinstance(node, Lookup) for node in met.values()):
        found.append("no lookup fails")
    return tuple(found)


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(map(repr, names[:_MOST_NAMED])) + more
