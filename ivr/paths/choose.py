"""Few calls that together try all that was found."""

from __future__ import annotations

from collections.abc import Sequence

from ivr.coverage.coverage import Thing
from ivr.paths.search import Way

__all__ = ["chosen"]


def chosen(ways: Sequence[Way], wanted: frozenset[tuple[str, Thing]]) -> list[Way]:
    """Some of the ways, which try of `wanted` what all of them try.

    The smallest such set is hard to find (set cover; Karp 1972, "Reducibility among combinatorial problems"). This is
    the greedy one, at most 1 + ln n times as large (Johnson 1974, "Approximation algorithms for combinatorial
    problems", theorem 4), without the ways that later ones make superfluous.

    Parameters
    ----------
    ways : sequence of Way
    wanted : frozenset of (family, thing)

    Examples
    --------
    >>> a, b, c = (("nodes", (name,)) for name in "abc")
    >>> some = [Way(("1",), frozenset({a})), Way(("2",), frozenset({a, b})), Way(("3",), frozenset({c}))]
    >>> [way.lines for way in chosen(some, frozenset({a, b, c}))]
    [('2',), ('3',)]
    """
    left = frozenset(thing for way in ways for thing in way.things) & wanted
    found: list[Way] = []
    while left:
        best = max(ways, key=lambda way: (len(way.things & left), -len(way.lines)))
        found.append(best)
        left -= best.things
    for way in list(found):
        others = frozenset(thing for other in found if other is not way for thing in other.things)
        if way.things & wanted <= others:
            found.remove(way)
    return [way for way in ways if way in found]
