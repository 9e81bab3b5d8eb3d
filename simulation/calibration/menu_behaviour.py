"""Estimates what callers do at each node, from the steps of their calls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.model.flow import Flow
from ivr.records.schema import NONE
from ivr.records.tables import Records
from simulation.arrays import Floats
from simulation.calibration.estimated import Estimated, mean_of, share_of

__all__ = ["NodeEstimate", "estimate_nodes", "silent", "wrong_keys"]

_LEAST = 30
_MEASURED = ("menu", "language")
"""Node types whose outcomes callers choose; all others follow from the flow or from outside."""


@dataclass(frozen=True)
class NodeEstimate:
    """One node.

    Shares are of attempts: a silent caller who then presses 1 counts once for each.

    Parameters
    ----------
    shares : dict of str to Estimated
        By outcome; ``hung_up`` among them.
    seconds : Estimated
        Time of one visit.
    times_s : numpy.ndarray
        f8[visits].
    """

    shares: dict[str, Estimated]
    seconds: Estimated
    times_s: Floats

    @property
    def visits(self) -> int:
        """How often callers came here."""
        return max((share.count for share in self.shares.values()), default=0)


def estimate_nodes(records: Records, flow: Flow | None = None, *, confidence: float = 0.95) -> dict[str, NodeEstimate]:
    """Shares of outcomes and times, by node.

    Parameters
    ----------
    records : Records
        With steps.
    flow : Flow, optional
        With it, only nodes at which callers choose, and only outcomes that they have.
    """
    steps = records.steps
    if not len(steps["node"]):
        return {}
    order = np.lexsort((steps["seq"], steps["call_id"]))
    call, node, outcome, at = (steps[name][order] for name in ("call_id", "node", "outcome", "at_us"))
    position = {int(one): row for row, one in enumerate(records.calls["call_id"].tolist())}
    rows = np.array([position[int(one)] for one in call.tolist()], dtype=np.int64)
    menu_end = records.calls["arrived_us"] + records.calls["menu_us"]
    same = np.append(call[1:] == call[:-1], False)
    after = np.where(same, np.append(at[1:], 0), np.maximum(menu_end[rows], at))
    # A visit may take several attempts, each with a row: it lasts from the first to what follows the last.
    again = np.append(False, (call[1:] == call[:-1]) & (node[1:] == node[:-1]))
    begins = at[np.maximum.accumulate(np.where(again, 0, np.arange(len(at))))]
    ends = np.append(~again[1:], True)
    seconds = (after - begins) / 1e6
    found = {}
    labels = records.names["step_outcome"]
    for code, name in enumerate(records.names["node"]):
        here = (node == code) & (outcome != NONE)
        if np.count_nonzero(here) < _LEAST:
            continue
        known = _outcomes(flow, name)
        if known is not None and not known:
            continue
        counts = np.bincount(outcome[here], minlength=len(labels))
        kept = {labels[i]: int(n) for i, n in enumerate(counts.tolist()) if n and (known is None or labels[i] in known)}
        total, times = sum(kept.values()), np.maximum(seconds[here & ends], 0.0)
        if not total:
            continue
        shares = {label: share_of(n, total, confidence) for label, n in kept.items()}
        found[name] = NodeEstimate(
            shares, mean_of(float(times.sum()), float((times**2).sum()), len(times), confidence), times
        )
    return found


def _outcomes(flow: Flow | None, name: str) -> set[str] | None:
    """The outcomes that may be stated for a node; none for a node where callers choose nothing."""
    if flow is None:
        return None
    node = flow.nodes.get(name)
    if node is None or node.type not in _MEASURED:
        return set()
    return {wire.outcome for wire in node.wires()} | {"hung_up", "no_input", "no_match", *map(str, flow.keys)}


def wrong_keys(nodes: dict[str, NodeEstimate]) -> Estimated:
    """Share of visits to menus that end for want of a valid key."""
    return _pooled(nodes, "no_match")


def silent(nodes: dict[str, NodeEstimate]) -> Estimated:
    """Share of visits to menus that end in silence."""
    return _pooled(nodes, "no_input")


def _pooled(nodes: dict[str, NodeEstimate], outcome: str) -> Estimated:
    total = sum(node.visits for node in nodes.values())
    count = sum(round(node.shares[outcome].value * node.visits) for node in nodes.values() if outcome in node.shares)
    return share_of(count, total)
