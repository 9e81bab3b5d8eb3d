"""What an overlay is: marks on cards, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.analysis.traffic import Traffic
from flows.map.cards import FlowMap
from flows.source.finding import Finding

__all__ = ["Facts", "Mark", "Overlay"]


@dataclass(frozen=True)
class Facts:
    """What overlays are made of.

    Parameters
    ----------
    map : FlowMap
    findings : tuple of Finding
        What the linter found.
    traffic : Traffic, optional
        What the callers of a scenario do.
    tried : mapping of (node, outcome) to bool, optional
        Whether call scripts have tried each exit.
    """

    map: FlowMap
    findings: tuple[Finding, ...]
    traffic: Traffic | None = None
    tried: Mapping[tuple[str, str], bool] | None = None


@dataclass(frozen=True)
class Mark:
    """What is said of one card.

    Parameters
    ----------
    text : str
        On the card.
    role : str
        Of its colour, a key of `flows.display.theme.LIGHT`.
    details : tuple of str
        Beside the map, when the card is chosen.
    """

    text: str
    role: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Overlay:
    """Marks on cards.

    Parameters
    ----------
    name, title : str
    legend : tuple of (role, words)
        What each colour means.
    marks : mapping of str to Mark
        By node.
    """

    name: str
    title: str
    legend: tuple[tuple[str, str], ...]
    marks: Mapping[str, Mark]
