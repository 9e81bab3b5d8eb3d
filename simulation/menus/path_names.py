"""Names the paths that callers took through the menus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulation.arrays import Ints
from simulation.menus.caller_model import CallerModel
from simulation.menus.chain import LISTEN
from simulation.menus.sampled_walk import Menus

__all__ = ["name_paths", "walked_path"]


def walked_path(model: CallerModel, position: Sequence[int], edge: Sequence[int]) -> str:
    """A path in words: what the caller chose at each position that listens, and where the menu ended.

    Parameters
    ----------
    model : CallerModel
    position, edge : sequence of int
        The steps of one caller; edge -1 where they hung up.
    """
    chain = model.chain
    words = []
    for at, k in zip(position, edge, strict=True):
        if k < 0:
            words.append(f"{chain.node(at)} hung_up")
        elif chain.kind[at] == LISTEN:
            words.append(f"{chain.node(at)} {chain.label[at][k]}")
    return " > ".join(words)


def name_paths(model: CallerModel, menus: Menus, names: dict[str, int]) -> Ints:
    """The index of each caller's path in `names`; new paths are added to it."""
    trail_end = np.zeros(len(menus.ending), dtype=np.int64)  # 0 = no step yet
    trail: list[tuple[int, int, int]] = [(0, -1, -1)]
    for active, where, taken, _ in menus.steps:
        key = (trail_end[active] * len(model.chain.states) + where) * 128 + taken + 1
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        trail_from = len(trail)
        trail += [(int(trail_end[active[i]]), int(where[i]), int(taken[i])) for i in first]
        trail_end[active] = trail_from + inverse
    code = np.zeros(len(trail_end), dtype=np.int32)
    ends = trail_end * len(model.chain.states) + menus.position
    for end in np.unique(ends):
        last, position = divmod(int(end), len(model.chain.states))
        at: list[int] = []
        edge: list[int] = []
        while last:
            last, here, k = trail[last]
            at.append(here)
            edge.append(k)
        text = walked_path(model, at[::-1], edge[::-1])
        if model.queue[position] >= 0:
            text = f"{text} > {model.chain.node(position)}".removeprefix(" > ")
        code[ends == end] = names.setdefault(text, len(names))
    return code
