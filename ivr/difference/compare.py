"""Everything that differs between two flows for those who call, and what the linter thinks of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.analysis.quickest_paths import leaves
from flows.lint.engine import lint
from flows.model.flow import Flow
from flows.model.load import Loaded
from flows.source.finding import Finding
from ivr.difference.change import Change
from ivr.difference.walk import walk

__all__ = ["Difference", "HoursChange", "LeafChange", "Reach", "compare"]

_NAMED = re.compile(r"'([^']*)'")
_LEAST_S = 0.05
"""Seconds below which a time counts as the same: a tenth is the last figure that is shown."""


@dataclass(frozen=True)
class Reach:
    """How a first-time caller gets somewhere on the quickest announced path: seconds, keys pressed, menus passed."""

    seconds: float
    presses: int
    menus: int


@dataclass(frozen=True)
class LeafChange:
    """What callers want at one node, in one language, before and after; None where it is not reached."""

    node: str
    language: str
    old: Reach | None
    new: Reach | None


@dataclass(frozen=True)
class HoursChange:
    """One line of opening hours before and after; empty where there is none."""

    hours: str
    day: str
    old: str
    new: str


@dataclass(frozen=True)
class Difference:
    """What differs between two flows.

    Parameters
    ----------
    changes : tuple of Change
        What callers hear, press and wait for, nearest to the start of the call first.
    hours : tuple of HoursChange
        Opening hours that some node asks for.
    leaves : tuple of LeafChange
        What callers want, by language, where it is gained, lost, nearer or farther.
    gained, mended : tuple of Finding
        Findings of the linter that only the new flow has, and that only the old one has.
    """

    changes: tuple[Change, ...]
    hours: tuple[HoursChange, ...]
    leaves: tuple[LeafChange, ...]
    gained: tuple[Finding, ...]
    mended: tuple[Finding, ...]

    @property
    def felt(self) -> bool:
        """Whether any caller can find a difference."""
        return bool(self.changes or self.hours or self.leaves)


def compare(old: Loaded, new: Loaded) -> Difference:
    """Compare two versions of a flow.

    Parameters
    ----------
    old, new : Loaded

    Raises
    ------
    LimitError
        When one of them has too many states.
    """
    before, after = lint(old), lint(new)
    changes, renamed = walk(old.flow, new.flow)
    back = {new: old for old, new in renamed.items()}
    return Difference(
        changes,
        tuple(_hours(old.flow, new.flow)),
        tuple(_leaves(old.flow, new.flow, renamed)),
        _only_in(after, before, back),
        _only_in(before, after, renamed),
    )


def _hours(old: Flow, new: Flow) -> Iterator[HoursChange]:
    for name in dict.fromkeys((*old.hours, *new.hours)):
        if _asked(old, name) and _asked(new, name):
            before, after = _written(old, name), _written(new, name)
            for day in dict.fromkeys((*before, *after)):
                if before.get(day) != after.get(day):
                    yield HoursChange(name, day, before.get(day, ""), after.get(day, ""))


def _asked(flow: Flow, name: str) -> bool:
    return any(getattr(node, "hours", "") == name for node in flow.nodes.values())


def _written(flow: Flow, name: str) -> Mapping[str, str]:
    data = flow.hours[name].model_dump(mode="json", exclude_defaults=True)
    week = data.pop("week", {})
    return {
        key: ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for key, value in {**data, **week}.items()
    }


def _leaves(old: Flow, new: Flow, renamed: Mapping[str, str]) -> Iterator[LeafChange]:
    for language in dict.fromkeys((*old.languages, *new.languages)):
        before = {renamed.get(node, node): reach for node, reach in _reached(old, language).items()}
        after = _reached(new, language)
        for node in dict.fromkeys((*before, *after)):
            one, other = before.get(node), after.get(node)
            same = one and other and (one.presses, one.menus) == (other.presses, other.menus)
            if not (same and one and other and abs(one.seconds - other.seconds) < _LEAST_S):
                yield LeafChange(node, language, one, other)


def _reached(flow: Flow, language: str) -> dict[str, Reach]:
    if language not in flow.languages:
        return {}
    return {
        leaf.node: Reach(leaf.quickest.seconds, leaf.quickest.presses, leaf.quickest.levels)
        for leaf in reversed(leaves(flow, language))
    }


def _only_in(
    these: tuple[Finding, ...], others: tuple[Finding, ...], renamed: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Findings that the others have not, wherever they stand in the file and whatever their nodes are called there."""
    left = Counter((finding.code, finding.message) for finding in others)
    found = []
    for finding in these:
        message = finding.message
        there = _NAMED.sub(lambda name: f"'{renamed.get(name[1], name[1])}'", message)
        known = next((text for text in (message, there) if left[finding.code, text]), None)
        if known is None:
            found.append(finding)
        else:
            left[finding.code, known] -= 1
    return tuple(found)
