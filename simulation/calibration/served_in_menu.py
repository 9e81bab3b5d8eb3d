"""Where callers are served who join no queue, told from the paths that they took through the menus."""

from __future__ import annotations

from flows.analysis.quickest_paths import Leaf, leaves
from flows.model.flow import Flow
from flows.nodes.queue import Queue

__all__ = ["served_at"]


def served_at(path: str, flow: Flow) -> list[str]:
    """The nodes that serve whoever took a path, in file order; none if the path leads to no such node.

    A path may name the node itself. A simulated path has the choices alone: then these are the nodes whose own choices
    reach furthest along it, all of them where a service or a split decides between them.

    Parameters
    ----------
    path : str
        As records have it: ``main 4 > branches_menu 1``.
    flow : Flow

    Examples
    --------
    >>> from flows.model.load import load
    >>> served_at("choose_language en-US > main 4 > branches_menu 1", load("credit_union").flow)
    ['branch_hours']
    """
    steps = [tuple(step.split(" ", 1)) for step in path.split(" > ")]
    ends = {leaf.node: leaf for leaf in leaves(flow) if not isinstance(flow.nodes[leaf.node], Queue)}
    named = [step[0] for step in steps if step[0] in ends]
    if named:
        return named[-1:]
    reach = {name: _reach(leaf, steps) for name, leaf in ends.items()}
    furthest = max(reach.values(), default=(-1, 0))
    return [name for name in flow.nodes if furthest[0] >= 0 and reach.get(name) == furthest]


def _reach(leaf: Leaf, steps: list[tuple[str, ...]]) -> tuple[int, int]:
    """How far along a path the last choice before a leaf stands, and how many of its choices the path has."""
    last = max((at for at, step in enumerate(steps) if leaf.way and step == leaf.way[-1]), default=-1)
    return last, sum(choice in steps for choice in leaf.way)
