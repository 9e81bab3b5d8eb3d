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

    def __call__(self, row: Ints, edge: Ints, heard: Ints, chance: Floats, *, ahead: bool = False) -> None: ...


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
    spoken = np.flatnonzero(model.language_share > 0).tolist()
    for intent, share in enumerate(model.intent_share / model.intent_share.sum()):
        if share == 0:
            continue
        ways = _ways(model, intent, spoken, clock)
        for language in spoken:
            reachable = _reachable(model, ways, language)
            for first, last, hear_all, ahead in _kinds(model):
                kind = np.where(hear_all, HEAR_ALL, np.where(ahead, AHEAD, FIRST))
                weight = (last - first) * share * model.language_share[language]
                yield weight, _menu_legs(model, reachable, kind, intent, extra)


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
        self.menu_s += float((flow * legs.mean_s).sum())
        keys = model.keys[legs.at, legs.edge]
        self.presses += float((on * keys).sum())
        np.add.at(self.outcome, model.hung_up[legs.at], flow - on)
        np.add.at(self.outcome, np.full(legs.served.sum(), outcome_code("contained")), on[legs.served])
        over = ~legs.served & (legs.to < 0)
        np.add.at(self.outcome, model.end_code[legs.at, legs.edge][over], on[over])
        kind = chain.kind[legs.places]
        joined, goodbye = kind == QUEUE, kind == HANGUP
        ends = joined | goodbye
        self.menu_s += float(visits[ends] @ model.whole_s[legs.places[ends]])
        np.add.at(self.queue, model.queue[legs.places[joined]], visits[joined])
        np.add.at(self.outcome, model.at_end[legs.places[goodbye]], visits[goodbye])
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


_Legs = tuple[Column, ...]
"""Positions, edges taken, edges listened for, chances, whether 0 is pressed unasked, and the places of both ends."""
_ANY = -1
"""Instead of a language: legs of callers of every language."""


def _ways(model: CallerModel, intent: int, spoken: list[int], clock: int) -> tuple[Ints, _Legs]:
    """The legs that callers with an intent come to, with the language of those who take each.

    A place is numbered by the number of its column, and then its position.
    """
    size, columns = len(model.chain.states), model.goal_policy.columns(intent)
    drawn = np.diff(model.chance[model.chance_of[intent]], axis=1, prepend=0.0)
    seen, todo = np.zeros(len(columns) * size, dtype=bool), np.array([model.chain.start])
    parts: list[tuple[Column, ...]] = []
    while len(todo):
        seen[todo] = True
        chosen = (model.want_language[todo % size] > -2).any(axis=1)
        ends = [todo[:0]]
        for language, places in ((_ANY, todo[~chosen]), *((language, todo[chosen]) for language in spoken)):
            if not len(places):
                continue
            at, column = places % size, columns[places // size]
            row, edge, *more = _chances(model, at, column, language, clock, drawn)
            to = model.chain.to[at[row], edge]
            after = np.searchsorted(columns, model.goal_policy.after(column[row], at[row], to, intent))
            ends.append(np.where(to < 0, -1, after * size + to))
            parts.append((np.full(len(row), language), at[row], edge, *more, places[row], ends[-1]))
        to = np.unique(np.concatenate(ends))
        todo = to[(to >= 0) & ~seen[to]]
    of, *legs = (np.concatenate(column) for column in zip(*parts, strict=True))
    return of, tuple(legs)


def _reachable(model: CallerModel, ways: tuple[Ints, _Legs], language: int) -> tuple[Column, ...]:
    """The legs that callers of a language come to, their places numbered from 0, and the positions of the places."""
    of, legs = ways
    own = (of == _ANY) | (of == language)
    *_, place, to = (column[own] for column in legs)
    seen = np.zeros(int(max(place.max(initial=model.chain.start), to.max(initial=0))) + 1, dtype=bool)
    seen[model.chain.start] = True
    while not seen[to[goes := seen[place] & (to >= 0)]].all():
        seen[to[goes]] = True
    places, taken = np.flatnonzero(seen), np.flatnonzero(own)[seen[place]]
    *rest, place, to = (column[taken] for column in legs)
    to = np.where(to < 0, -1, np.searchsorted(places, to))
    return (*rest, np.searchsorted(places, place), to, places % len(model.chain.states))


def _chances(
    model: CallerModel, where: Ints, column: Ints, language: int, clock: int, drawn: Floats
) -> tuple[Column, ...]:
    """The legs from positions in columns, as ``walk`` draws them: number in `where`, edge taken, edge listened for,
    chance, and whether 0 is pressed unasked.
    """
    rows: list[tuple[Ints, Ints, Ints, Floats, bool]] = []

    def put(row: Ints, edge: Ints, heard: Ints, chance: Floats, *, ahead: bool = False) -> None:
        rows.append((row, edge, heard, chance, ahead))

    by_draw, kind, width = model.drawn[where], model.chain.kind[where], drawn.shape[1]
    draws = np.flatnonzero(by_draw)
    for k in range(width):
        put(draws, np.full(len(draws), k), np.full(len(draws), k), drawn[where[draws], k])
    alone = np.flatnonzero(~by_draw & (kind != LISTEN) & (kind != CLOCK) & (kind < QUEUE))
    put(alone, np.zeros_like(alone), np.zeros_like(alone), np.ones(len(alone)))
    by_clock = np.flatnonzero(~by_draw & (kind == CLOCK))
    taken = model.clock_edge[clock, where[by_clock]]
    put(by_clock, taken, taken, np.ones(len(by_clock)))
    asked = np.flatnonzero(~by_draw & (kind == LISTEN))
    at = where[asked]
    wish = model.goal_policy.want[at, column[asked]].astype(np.int64)
    if language != _ANY:
        spoken = model.want_language[at, language]
        wish = np.where(spoken > -2, spoken, wish)
    silent, zero = model.silent[at], model.zero[at]
    put(asked, model.silence[at], model.silence[at], silent)
    put(asked, model.zero_edge[at], model.zero_edge[at], zero, ahead=True)
    presses = 1 - silent - zero
    for k in (None, *range(width)):  # callers with a goal, then those without who take edge k
        rows_k = np.flatnonzero(wish >= 0 if k is None else (wish < 0) & (drawn[at, k] > 0))
        if len(rows_k):
            here, chance = at[rows_k], presses[rows_k] if k is None else (presses * drawn[at, k])[rows_k]
            meant = wish[rows_k] if k is None else np.full(len(here), k)
            slips = np.where(meant == model.silence[here], 0.0, model.wrong[here]) if k is None else model.wrong[here]
            put(asked[rows_k], meant, meant, chance * (1 - slips))
            _put_slips(model, asked[rows_k], here, meant, chance * slips, put)
    row, edge, heard, chance = (np.concatenate([one[i] for one in rows]) for i in range(4))
    ahead = np.concatenate([np.full(len(one[0]), one[4]) for one in rows])
    real = chance > 0
    return row[real], edge[real].astype(np.int64), heard[real].astype(np.int64), chance[real], ahead[real]


def _put_slips(model: CallerModel, row: Ints, at: Ints, meant: Ints, chance: Floats, put: _Put) -> None:
    some = chance > 0
    row, at, meant, chance = row[some], at[some], meant[some], chance[some]
    digits = model.digits[at]
    miss = np.where(model.miss[at] >= 0, model.miss[at], meant)
    put(row[digits], miss[digits], meant[digits], chance[digits])
    row, at, meant, chance = row[~digits], at[~digits], meant[~digits], chance[~digits]
    keys = model.chain.key_edge[at]
    # As in the walk, the key that is meant is the first one that takes the edge.
    own = np.where((keys == meant[:, None]).any(axis=1), np.argmax(keys == meant[:, None], axis=1), -1)
    others = np.where(own >= 0, len(KEYS) - 1, len(KEYS))
    for column in range(len(KEYS)):
        slipped = np.where(column == own, 0.0, chance / others)
        taken = np.where(keys[:, column] >= 0, keys[:, column], meant)
        put(row, taken, meant, slipped)
