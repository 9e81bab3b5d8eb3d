"""What call scripts of a flow should try between them."""

from __future__ import annotations

from flows.model.flow import Flow
from ivr.coverage.coverage import Thing, there
from ivr.paths.said_again import reprompts

__all__ = ["wanted"]


def wanted(flow: Flow) -> frozenset[tuple[str, Thing]]:
    """All that calls can come to, as (family, thing), and every text that is said after a failed attempt.

    Examples
    --------
    >>> from flows.model.load import load
    >>> ("last attempts", ("main", "otherwise")) in wanted(load("northwind").flow)
    True
    """
    every = there(flow)
    return reprompts(flow) | {(family, thing) for family, things in every.items() for thing in things}
