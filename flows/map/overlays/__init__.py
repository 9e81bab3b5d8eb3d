"""What can be laid over a map, one file each: a mark on every card that it concerns.

Each member has a function ``overlay`` from `flows.map.overlays.base.Facts` to an `Overlay`, or None if it has nothing
to say.
"""

from __future__ import annotations

import sys

from flows.map.overlays.base import Facts, Mark, Overlay
from flows.registry import members

__all__ = ["Facts", "Mark", "Overlay", "overlays"]


def overlays(facts: Facts) -> tuple[Overlay, ...]:
    """Every overlay that has something to say of a flow.

    Examples
    --------
    >>> from flows.map.cards import flow_map
    >>> from flows.model.load import load
    >>> [one.name for one in overlays(Facts(flow_map(load("northwind").flow), ()))]
    ['findings', 'levels', 'seconds']

    With a scenario there are ``callers`` too, and with call scripts ``tried``.
    """
    found = (module.overlay(facts) for module in members(sys.modules[__name__]).values())
    return tuple(one for one in found if one is not None)
