"""What a scenario says about a flow, as plain data: its agents, and what its callers do in the menus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from flows.model.flow import Flow
from flows.nodes.menu import Menu
from flows.source.finding import Finding

__all__ = ["ANSWERED_WITHIN_S", "Ending", "Facts", "ScenarioReader", "Staffing", "Traffic", "staffing", "with_shares"]

ANSWERED_WITHIN_S = 180.0
"""Threshold of `Staffing.share_answered`, seconds: the three minutes set by Spanish law."""
_DAY_S = 86_400.0
_DAYS = 365


@dataclass(frozen=True)
class Ending:
    """The calls whose last leaf is this one.

    Parameters
    ----------
    share : float
        Share of all calls, 0..1.
    mean_s : float
        Mean seconds from the start of such a call until the leaf begins.
    """

    share: float
    mean_s: float


@dataclass(frozen=True)
class Traffic:
    """What the callers in a scenario do in the menus: exact values, from the tabulated chain.

    Parameters
    ----------
    scenario : str
        Its name.
    calls, horizon_s : float
        Expected calls, and the seconds over which they arrive.
    visits : mapping of node to float
        Visits to each node per call.
    shares : mapping of menu to (mapping of key to float)
        Share of each choice, 0..1, among callers who choose; only menus that some call reaches.
    endings : mapping of leaf to Ending
    assumed : tuple of str
        Assumptions about callers in the menus that the scenario does not state.

    Examples
    --------
    2,000 calls in 12 hours count as one day; 2,000 in two days are 1,000 a day.

    >>> Traffic("A day", 2000.0, 43_200.0).calls_a_year, Traffic("Two", 2000.0, 172_800.0).calls_a_year
    (730000.0, 365000.0)
    """

    scenario: str
    calls: float
    horizon_s: float
    visits: Mapping[str, float] = field(default_factory=dict)
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    endings: Mapping[str, Ending] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()

    @property
    def calls_a_year(self) -> float:
        """Calls in 365 such days; a horizon shorter than a day counts as a full day."""
        return self.calls * _DAYS * _DAY_S / max(self.horizon_s, _DAY_S)


@dataclass(frozen=True)
class Staffing:
    """The agents of a scenario, and how soon they answer in its simulation.

    Parameters
    ----------
    groups : mapping of str to frozenset of str
        The skills of each agent group that is ever on shift.
    share_answered : mapping of str to float
        By queue, the simulated share of calls, 0..1, answered within `ANSWERED_WITHIN_S`; empty if nothing was
        simulated.
    """

    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    share_answered: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """Everything that a scenario says about a flow.

    Parameters
    ----------
    staffing : Staffing or None
        None if the scenario cannot be read.
    traffic : Traffic or None
        None if its callers cannot get through the flow.
    findings : tuple of Finding
        What is wrong with the scenario.
    """

    staffing: Staffing | None = None
    traffic: Traffic | None = None
    findings: tuple[Finding, ...] = ()


class ScenarioReader(Protocol):
    """Reads what a scenario says about a flow, for the flow commands.

    `flows` may not import scenarios, so the program passes in a reader: `ivr.__main__` sets it as ``read_scenario`` on
    click's ``obj``.
    """

    def __call__(self, file: str, flow: Flow, /) -> Facts:
        """What the scenario in `file` says about `flow`, as if its callers called this flow, whichever it names."""


def with_shares(flow: Flow, traffic: Traffic | None) -> Flow:
    """The flow with its choices' shares replaced by those of a scenario's callers.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> text = "{ivr: 1, name: L, start: m, nodes: {m: {type: menu, choices: [{key: 1, next: b}]}, b: {type: hangup}}}"
    >>> flow = load_text(text).flow
    >>> with_shares(flow, Traffic("A day", 10.0, 3600.0, shares={"m": {"1": 1.0}})).nodes["m"].choices[0].share
    1.0
    """
    if traffic is None:
        return flow
    nodes = dict(flow.nodes)
    for name, shares in traffic.shares.items():
        node = nodes.get(name)
        if isinstance(node, Menu):
            choices = tuple(choice.model_copy(update={"share": shares.get(choice.key, 0.0)}) for choice in node.choices)
            nodes[name] = node.model_copy(update={"choices": choices})
    return flow.model_copy(update={"nodes": nodes})


def staffing(groups: Mapping[str, Any], share_answered: Mapping[str, float] | None = None) -> Staffing:
    """The staffing in the ``groups:`` of a scenario file, without groups that never have an agent.

    Examples
    --------
    >>> night = {"skills": {"sales": 1}, "agents": [0, 0]}
    >>> found = staffing({"desk": {"skills": ["tech"], "agents": "5"}, "night": night})
    >>> {name: sorted(skills) for name, skills in found.groups.items()}
    {'desk': ['tech']}
    """
    known: dict[str, frozenset[str]] = {}
    for name, group in groups.items():
        group = group if isinstance(group, Mapping) else {}
        agents = group.get("agents", 1)
        if any(str(number) != "0" for number in (agents if isinstance(agents, list | tuple) else [agents])):
            skills = group.get("skills") or ()
            known[name] = frozenset([skills] if isinstance(skills, str) else skills)
    return Staffing(known, dict(share_answered or {}))
