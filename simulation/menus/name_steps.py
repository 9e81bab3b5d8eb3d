"""Names the nodes that callers passed in the menus, and by which outcome they left them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from flows.values.units import US_PER_S
from simulation.arrays import Floats, Ints
from simulation.menus.caller_model import CallerModel
from simulation.menus.sampled_walk import Menus
from simulation.tables.menu_steps import MenuSteps

__all__ = ["name_steps"]

_HUNG_UP = "hung_up"


def name_steps(model: CallerModel, walks: Sequence[tuple[Menus, Ints]]) -> MenuSteps:
    """The steps of several walks, each with the row of the call table of every caller.

    Parameters
    ----------
    model : CallerModel
    walks : sequence of (Menus, numpy.ndarray)
        Recorded; the row is -1 for callers without a call.
    """
    chain = model.chain
    nodes = tuple(chain.flow.nodes)
    outcomes = (*sorted({label for labels in chain.label for label in labels} - {_HUNG_UP}), _HUNG_UP)
    rows, keys, times = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)]
    for menus, row in walks:
        for caller, position, edge, entered_s in menus.steps:
            rows.append(row[caller])
            keys.append(position.astype(np.int64) * 256 + edge + 1)
            times.append(entered_s)
    call: Ints = np.concatenate(rows)
    key: Ints = np.concatenate(keys)
    entered: Floats = np.concatenate(times)
    order = np.argsort(call, kind="stable")
    found, inverse = np.unique(key, return_inverse=True)
    code_of_node = {name: code for code, name in enumerate(nodes)}
    code_of_outcome = {name: code for code, name in enumerate(outcomes)}
    node = np.array([code_of_node[chain.node(one // 256)] for one in found.tolist()], dtype=np.int32)
    outcome = np.array(
        [code_of_outcome[chain.label[one // 256][one % 256 - 1] if one % 256 else _HUNG_UP] for one in found.tolist()],
        dtype=np.int32,
    )
    return MenuSteps(
        call[order],
        node[inverse][order],
        outcome[inverse][order],
        np.rint(entered * US_PER_S).astype(np.int64)[order],
        nodes,
        outcomes,
    )
