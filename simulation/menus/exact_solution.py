"""Solves the menu stage exactly: an absorbing Markov chain for each intent, language and kind of caller.

Shares, mean times and mean key presses are exact up to rounding and the quadrature of random times, so that the sampled
walk can be checked against them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ivr.records.schema import OUTCOMES, outcome_code
from simulation.arrays import Flags, Floats, Ints
from simulation.menus.caller_model import AHEAD, FIRST, HEAR_ALL, CallerModel
from simulation.menus.chain import CLOCK, HANGUP, KEYS, LISTEN, QUEUE
from simulation.tables.call_table import Column

__all__ = ["MenuAnswer", "MenuLegs", "caller_classes", "expected_sums", "menu_answer"]

_POINTS = (np.arange(20_000) + 0.5) / 20_000


class _Put(Protocol):
    """Adds edges that callers take from positions."""

    def __call__(self, at: Ints, edge: Ints, heard: Ints, chance: Floats, *, ahead: bool = False) -> None: ...


@dataclass(frozen=True)
class MenuAnswer:
    """Where callers end in the menus, exactly.

    Parameters
    ----------
    outcome : dict of str to float
        Share of callers by outcome of their menu stage, without those who join a queue.
    queue : dict of str to float
        Share of callers who join each queue.
    menu_s, key_presses : float
        Means over all callers.
    share_zero_out : float
        Share of callers who press 0.
    """

    outcome: dict[str, float]
    queue: dict[str, float]
    menu_s: float
    key_presses: float
    share_zero_out: float

    @property
    def offered(self) -> float:
        """Share of callers who join a queue."""
        return sum(self.queue.values())


def menu_answer(model: CallerModel, *, clock: int = 0) -> MenuAnswer:
    """Solve the menu stage for unchanging opening hours.

    Parameters
    ----------
    model : CallerModel
    clock : int
        Index of ``model.opening_states.states``: what is open.

    Returns
    -------
    MenuAnswer

    Notes
    -----
    Kemeny and Snell (1960), "Finite Markov Chains", chapter III: with transient transition matrix Q and start x, the
    expected visits are x (I - Q)^-1. Hanging up at rate r in a leg of time T has the chance 1 - E exp(-r T), and cuts
    the mean leg to (1 - E exp(-r T)) / r.
    """
    total = _Totals(model)
    for weight, legs in caller_classes(model, clock=clock):
        total.add(weight, legs)
    return total.answer()


def caller_classes(model: CallerModel, *, clock: int = 0) -> Iterator[tuple[float, MenuLegs]]:
    """Yield every class of caller (intent, language, kind of listener) with its share and its legs.

    Parameters
    ----------
    model : CallerModel
    clock : int
        Index of ``model.opening_states.states``: what is open.
    """
    extra = _extra_times(model)
    for intent, share in enumerate(model.intent_share / model.intent_share.sum()):
        for language, spoken in enumerate(model.language_share):
            if share * spoken > 0:
                reachable = _reachable(model, intent, language, clock)
                for first, last, hear_all, ahead in _kinds(model):
                    kind = np.where(hear_all, HEAR_ALL, np.where(ahead, AHEAD, FIRST))
                    yield (last - first) * share * spoken, _menu_legs(model, reachable, kind, intent, extra)


def _kinds(model: CallerModel) -> list[tuple[float, float, Flags, Flags]]:
    """Intervals of the caller's uniform within which the kind of caller is the same at every position."""
    cuts = np.unique(np.concatenate([[0.0, 1.0], model.hear_all, 1 - model.key_ahead]))
    return [(a, b, a < model.hear_all, a >= 1 - model.key_ahead) for a, b in itertools.pairwise(cuts) if b > a]


@dataclass(frozen=True)
class MenuLegs:
    """The legs that a class of caller may take, one row per place and edge.

    A place is a position together with the column of ``model.goal_policy`` that the caller is in.

    Parameters
    ----------
    places : numpy.ndarray
        Position of each place that such callers can reach; callers begin at the first.
    place, to : numpy.ndarray
        Places where the leg begins and ends; `to` is -1 if it ends the call.
    at, edge : numpy.ndarray
        Position and edge.
    chance, stays : numpy.ndarray
        Chance of taking the leg, and then of not hanging up in it.
    mean_s, stay_s : numpy.ndarray
        Mean time of all who take it, and of those who do not hang up.
    served : numpy.ndarray
        b1. Whether callers have what they called for after the leg.
    """

    places: Ints
    place: Ints
    to: Ints
    at: Ints
    edge: Ints
    chance: Floats
    stays: Floats
    mean_s: Floats
    stay_s: Floats
    served: Flags


class _Totals:
    def __init__(self, model: CallerModel) -> None:
        self.model = model
        self.outcome, self.queue = np.zeros(len(OUTCOMES)), np.zeros(len(model.queues))
        self.menu_s = self.presses = self.zero = 0.0

    def add(self, weight: float, legs: MenuLegs) -> None:
        model, chain = self.model, self.model.chain
        visits = _visits(legs, follow=np.ones(len(legs.at), dtype=bool)) * weight
        flow = visits[legs.place] * legs.chance
        on = flow * legs.stays
        self.menu_s += float(flow @ legs.mean_s)
        keys = model.keys[legs.at, legs.edge]
        self.presses += float(on @ keys)
        np.add.at(self.outcome, model.hung_up[legs.at], flow - on)
        np.add.at(self.outcome, np.full(legs.served.sum(), outcome_code("contained")), on[legs.served])
        over = ~legs.served & (legs.to < 0)
        np.add.at(self.outcome, model.end_code[legs.at, legs.edge][over], on[over])
        at_position = np.bincount(legs.places, visits, minlength=len(chain.states))
        ends = (chain.kind == QUEUE) | (chain.kind == HANGUP)
        self.menu_s += float(at_position[ends] @ model.whole_s[ends])
        joined, goodbye = chain.kind == QUEUE, chain.kind == HANGUP
        np.add.at(self.queue, model.queue[joined], at_position[joined])
        np.add.at(self.outcome, model.at_end[goodbye], at_position[goodbye])
        # Callers who ever press 0: count first presses, ending every walk at its first press.
        zero = (keys > 0) & (legs.edge == model.zero_edge[legs.at])
        before = _visits(legs, follow=~zero) * weight
        self.zero += float((before[legs.place] * legs.chance * legs.stays)[zero].sum())

    def answer(self) -> MenuAnswer:
        outcome = {name: float(share) for name, share in zip(OUTCOMES, self.outcome, strict=True) if share > 0}
        queue = {name: float(share) for name, share in zip(self.model.queues, self.queue, strict=True)}
        return MenuAnswer(outcome, queue, float(self.menu_s), float(self.presses), float(self.zero))


def _visits(legs: MenuLegs, *, follow: Flags) -> Floats:
    """Expected visits to each place by a caller who begins at the first and takes only the legs in `follow`."""
    goes = follow & ~legs.served & (legs.to >= 0)
    begin = np.zeros(len(legs.places))
    begin[0] = 1.0
    return expected_sums(legs.to[goes], legs.place[goes], (legs.chance * legs.stays)[goes], begin)


def expected_sums(row: Ints, column: Ints, chance: Floats, begin: Floats) -> Floats:
    """Solve x = begin + Q x, where Q holds the chances by row and column; chances of the same pair add up.

    Parameters
    ----------
    row, column : numpy.ndarray
        Places, from 0.
    chance : numpy.ndarray
    begin : numpy.ndarray
        One value for each place.
    """
    from scipy.sparse import csc_array, eye_array
    from scipy.sparse.linalg import spsolve

    size = len(begin)
    steps = csc_array((chance, (row, column)), shape=(size, size))
    return np.asarray(spsolve(eye_array(size, format="csc") - steps, begin), np.float64)


def _extra_times(model: CallerModel) -> tuple[Floats, dict[tuple[int, float], tuple[float, float]]]:
    """Means of the random parts of times; and for each rate of hanging up, the chance of staying through such a time
    and its mean for those who stay.
    """
    rates = np.unique(model.rate_per_s)
    decay = {}
    for code in np.unique(model.extra).tolist():
        values = model.extras[code].quantile(_POINTS)
        for rate in rates:
            stays = np.exp(-rate * values)
            decay[code, float(rate)] = float(stays.mean()), float((stays * values).sum() / max(stays.sum(), 1e-300))
    return np.array([of.mean for of in model.extras]), decay


def _menu_legs(
    model: CallerModel,
    reachable: tuple[Column, ...],
    kind: Ints,
    intent: int,
    extra_times: tuple[Floats, dict[tuple[int, float], tuple[float, float]]],
) -> MenuLegs:
    """All legs of one class of caller."""
    at, edge, heard, chance, ahead, place, to, places = reachable
    mean, decay = extra_times
    base = model.heard_s[np.where(ahead, AHEAD, kind[at]), at, heard] + model.rest_s[at, edge]
    extra, rate, quits = model.extra[at, edge], model.rate_per_s[at], model.quits[at]
    staying, later_s = np.ones(len(at)), np.zeros(len(at))
    for (code, at_rate), (share, seconds) in decay.items():
        rows = (extra == code) & (rate == at_rate)
        staying[rows], later_s[rows] = share, seconds if at_rate > 0 else mean[code]
    stays = np.exp(-rate * base) * staying
    mean_s = base + mean[extra]
    np.divide(1 - stays, rate, out=mean_s, where=rate > 0)
    return MenuLegs(
        places, place, to, at, edge, chance, stays * (1 - quits), mean_s, base + later_s, model.serves[at, intent]
    )


def _reachable(model: CallerModel, intent: int, language: int, clock: int) -> tuple[Column, ...]:
    """`_chances` for every column that callers with an intent can be in, with the places at which each row begins
    and ends, and the positions of those places.
    """
    chain, size, columns = model.chain, len(model.chain.states), model.goal_policy.columns(intent)
    seen = np.zeros(len(columns) * size, dtype=bool)
    seen[chain.start] = True
    parts: dict[int, tuple[Column, ...]] = {}
    while new := set(np.unique(np.flatnonzero(seen) // size).tolist()) - parts.keys():
        for number in new:
            column = int(columns[number])
            at, edge, *more = _chances(model, column, language, clock, model.chance[model.chance_of[intent]])
            to = chain.to[at, edge]
            after = np.searchsorted(columns, model.goal_policy.after(np.full(len(at), column), at, to, intent))
            parts[number] = (at, edge, *more, number * size + at, np.where(to < 0, -1, after * size + to))
        _reach(seen, *(np.concatenate([part[i] for part in parts.values()]) for i in (-2, -1)))
    places = np.flatnonzero(seen)
    kept = [tuple(column[seen[part[-2]]] for column in part) for part in parts.values()]
    *legs, place, to = (np.concatenate(column) for column in zip(*kept, strict=True))
    return (*legs, np.searchsorted(places, place), np.where(to < 0, -1, np.searchsorted(places, to)), places % size)


def _reach(seen: Flags, place: Ints, to: Ints) -> None:
    """Mark the places that can be reached from those seen."""
    while True:
        before = seen.sum()
        seen[to[seen[place] & (to >= 0)]] = True
        if seen.sum() == before:
            return


def _chances(model: CallerModel, column: int, language: int, clock: int, chance: Floats) -> tuple[Column, ...]:
    """Position, edge taken, edge listened for, chance, and whether 0 is pressed unasked; as ``walk`` draws them."""
    chain, width = model.chain, model.chain.to.shape[1]
    rows: list[tuple[Ints, Ints, Ints, Floats, bool]] = []
    everywhere = np.arange(chain.visited)
    drawn = np.diff(chance, axis=1, prepend=0.0)

    def put(at: Ints, edge: Ints, heard: Ints, chance: Floats, *, ahead: bool = False) -> None:
        rows.append((at, edge, heard, chance, ahead))

    draws = everywhere[model.drawn[everywhere]]
    for k in range(width):
        put(draws, np.full(len(draws), k), np.full(len(draws), k), drawn[draws, k])
    by_draw, kind = model.drawn[everywhere], chain.kind[everywhere]
    alone = everywhere[~by_draw & (kind != LISTEN) & (kind != CLOCK) & (kind < QUEUE)]
    put(alone, np.zeros_like(alone), np.zeros_like(alone), np.ones(len(alone)))
    by_clock = everywhere[~by_draw & (kind == CLOCK)]
    put(by_clock, model.clock_edge[clock, by_clock], model.clock_edge[clock, by_clock], np.ones(len(by_clock)))
    asked = everywhere[~by_draw & (kind == LISTEN)]
    spoken = model.want_language[asked, language]
    wish = np.where(spoken > -2, spoken, model.goal_policy.want[asked, column]).astype(np.int64)
    silent, zero = model.silent[asked], model.zero[asked]
    put(asked, model.silence[asked], model.silence[asked], silent)
    put(asked, model.zero_edge[asked], model.zero_edge[asked], zero, ahead=True)
    presses = 1 - silent - zero
    for k in (None, *range(width)):  # callers with a goal, then those without who take edge k
        rows_k = np.flatnonzero(wish >= 0 if k is None else (wish < 0) & (drawn[asked, k] > 0))
        if len(rows_k):
            at, chance = asked[rows_k], presses[rows_k] if k is None else (presses * drawn[asked, k])[rows_k]
            meant = wish[rows_k] if k is None else np.full(len(at), k)
            slips = np.where(meant == model.silence[at], 0.0, model.wrong[at]) if k is None else model.wrong[at]
            put(at, meant, meant, chance * (1 - slips))
            _put_slips(model, at, meant, chance * slips, put)
    at, edge, heard, chance = (np.concatenate([row[i] for row in rows]) for i in range(4))
    ahead = np.concatenate([np.full(len(row[0]), row[4]) for row in rows])
    real = chance > 0
    return at[real], edge[real].astype(np.int64), heard[real].astype(np.int64), chance[real], ahead[real]


def _put_slips(model: CallerModel, at: Ints, meant: Ints, chance: Floats, put: _Put) -> None:
    some = chance > 0
    at, meant, chance = at[some], meant[some], chance[some]
    digits = model.digits[at]
    miss = np.where(model.miss[at] >= 0, model.miss[at], meant)
    put(at[digits], miss[digits], meant[digits], chance[digits])
    at, meant, chance = at[~digits], meant[~digits], chance[~digits]
    keys = model.chain.key_edge[at]
    # As in the walk, the key that is meant is the first one that takes the edge.
    own = np.where((keys == meant[:, None]).any(axis=1), np.argmax(keys == meant[:, None], axis=1), -1)
    others = np.where(own >= 0, len(KEYS) - 1, len(KEYS))
    for column in range(len(KEYS)):
        slipped = np.where(column == own, 0.0, chance / others)
        taken = np.where(keys[:, column] >= 0, keys[:, column], meant)
        put(at, taken, meant, slipped)
