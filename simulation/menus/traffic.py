"""Solves exactly where calls end in the menus, how often they visit each node, and what callers choose.

A call ends at the last leaf that it reached. With p the expected visits to each position, T the expected sum over
visits of the time until then, and h the chance that a call ends from a position before it reaches another leaf, the
calls that reach leaf j over the edges e into it and end there are the sum of p(e) h, and their mean time until j is the
sum of T(e) h divided by it (first-step analysis; Kemeny and Snell 1960, chapter III).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flows.analysis.traffic import Ending
from simulation.menus.caller_model import CallerModel
from simulation.menus.chain import HANGUP, QUEUE
from simulation.menus.exact_solution import MenuLegs, caller_classes, expected_sums

__all__ = ["MenuTraffic", "menu_traffic"]


@dataclass(frozen=True)
class MenuTraffic:
    """What callers do in the menus.

    Parameters
    ----------
    endings : dict of str to Ending
        By leaf.
    visits : dict of str to float
        Expected visits of a call to each node.
    taken : dict of str to (dict of str to float)
        By node, how often a call leaves it by each outcome.
    """

    endings: dict[str, Ending]
    visits: dict[str, float]
    taken: dict[str, dict[str, float]]


def menu_traffic(model: CallerModel, leaves: Sequence[str], clock_share: Sequence[float]) -> MenuTraffic:
    """Solve the menu stage, leaf by leaf.

    Parameters
    ----------
    model : CallerModel
    leaves : sequence of str
        Node names.
    clock_share : sequence of float
        Share of the calls that begin in each of ``model.opening_states.states``, which holds for the whole call.

    Returns
    -------
    MenuTraffic
    """
    total = _Totals(model, leaves)
    for clock, begins in enumerate(clock_share):
        if begins > 0:
            for weight, legs in caller_classes(model, clock=clock):
                total.add(weight * begins, legs)
    return total.answer()


class _Totals:
    def __init__(self, model: CallerModel, leaves: Sequence[str]) -> None:
        self.model, self.leaves = model, leaves
        chain = model.chain
        states = [chain.states[at] for at in chain.sample]
        self.names = list(dict.fromkeys(state.node for state in states))
        number = {name: i for i, name in enumerate(self.names)}
        leaf = {name: i for i, name in enumerate(leaves)}
        begins = [state.session.attempt == 1 and not state.session.phase for state in states]
        self.node = np.array([number[state.node] for state in states])[chain.dialogue]
        self.leaf = np.array([leaf.get(state.node, -1) for state in states])[chain.dialogue]
        self.begins = np.array(begins)[chain.dialogue]
        self.share, self.time = np.zeros(len(leaves)), np.zeros(len(leaves))
        self.visits = np.zeros(len(chain.states))
        self.taken = np.zeros((len(states), chain.to.shape[1]))

    def add(self, weight: float, legs: MenuLegs) -> None:
        model, size = self.model, len(self.model.chain.states)
        goes = ~legs.served & (legs.to >= 0)
        onward = legs.chance * legs.stays
        at, to, rate, stay_s = legs.place[goes], legs.to[goes], onward[goes], legs.stay_s[goes]
        begin = np.zeros(len(legs.places))
        begin[0] = 1.0
        visits = expected_sums(to, at, rate, begin)
        spent = np.asarray(np.bincount(to, weights=visits[at] * rate * stay_s, minlength=len(begin)), np.float64)
        time = expected_sums(to, at, rate, spent)  # sum over visits of the time until then
        leaf_at, node, kind = self.leaf[legs.places], self.node[legs.places], model.chain.kind[legs.places]
        into = (leaf_at[to] >= 0) & (node[at] != node[to])
        ends = np.asarray(
            np.bincount(legs.place, weights=legs.chance - np.where(goes, onward, 0.0), minlength=len(legs.places)),
            np.float64,
        )
        ends[(kind == QUEUE) | (kind == HANGUP)] = 1.0
        stays = expected_sums(at[~into], to[~into], rate[~into], ends)  # chance to end without another leaf
        leaf, entered = leaf_at[to[into]], rate[into] * stays[to[into]] * weight
        np.add.at(self.share, leaf, visits[at[into]] * entered)
        np.add.at(self.time, leaf, (time[at[into]] + visits[at[into]] * stay_s[into]) * entered)
        if leaf_at[0] >= 0:
            self.share[leaf_at[0]] += weight * stays[0]
        self.visits += weight * np.bincount(legs.places, visits, minlength=size)
        np.add.at(self.taken, (model.chain.dialogue[legs.at], legs.edge), weight * visits[legs.place] * onward)

    def answer(self) -> MenuTraffic:
        endings = {
            name: Ending(float(share), float(time / share))
            for name, share, time in zip(self.leaves, self.share, self.time, strict=True)
            if share > 0
        }
        visits = np.bincount(self.node[self.begins], weights=self.visits[self.begins], minlength=len(self.names))
        taken: dict[str, dict[str, float]] = {}
        chain = self.model.chain
        for times, at in zip(self.taken.tolist(), chain.sample.tolist(), strict=True):
            of = taken.setdefault(chain.node(at), {})
            for label, often in zip(chain.label[at], times, strict=False):
                of[label] = of.get(label, 0.0) + often
        return MenuTraffic(endings, {name: float(v) for name, v in zip(self.names, visits, strict=True)}, taken)
