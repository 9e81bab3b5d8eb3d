"""Strongly connected components: groups of nodes that lead to one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["components", "cycles"]


def cycles(out: Mapping[str, Iterable[str]]) -> list[frozenset[str]]:
    """The components that contain a cycle; a single node counts only if it leads to itself.

    Parameters
    ----------
    out : mapping of str to iterable of str
        As for `components`.

    Examples
    --------
    >>> [sorted(part) for part in cycles({"a": ["b"], "b": ["c"], "c": ["b"], "d": ["d"]})]
    [['b', 'c'], ['d']]
    """
    return [frozenset(part) for part in components(out) if len(part) > 1 or part[0] in out[part[0]]]


def components(out: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """All components, each after those that it leads to, by one depth-first walk (Tarjan 1972, SIAM J. Comput. 1(2)).

    Parameters
    ----------
    out : mapping of str to iterable of str
        Where each node leads. Targets that are not among its keys are skipped.

    Examples
    --------
    >>> components({"a": ["b"], "b": ["c"], "c": ["b"], "d": ["a"]})
    [['c', 'b'], ['a'], ['d']]
    """
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_: list[str] = []
    found: list[list[str]] = []
    closed: set[str] = set()
    for root in out:
        if root in number:
            continue
        number[root] = lowest[root] = len(number)
        open_.append(root)
        walk = [(root, iter(out[root]))]
        while walk:
            name, ahead = walk[-1]
            for target in ahead:
                if target not in number:
                    if target in out:
                        number[target] = lowest[target] = len(number)
                        open_.append(target)
                        walk.append((target, iter(out[target])))
                        break
                elif target not in closed and number[target] < lowest[name]:
                    lowest[name] = number[target]
            else:
                walk.pop()
                if walk and lowest[name] < lowest[walk[-1][0]]:
                    lowest[walk[-1][0]] = lowest[name]
                if lowest[name] == number[name]:
                    part = [open_.pop()]
                    while part[-1] != name:
                        part.append(open_.pop())
                    closed.update(part)
                    found.append(part)
    return found
