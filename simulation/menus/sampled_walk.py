"""Walks many callers through the menus at once: all take their next step together, without a Python loop per caller.

Every draw has its own address: the caller, the walk and the number of the step. A caller's draws do not depend on other
callers, so the same caller makes the same choices in every what-if. ``simulation.drawing`` does the same, compiled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.values.units import US_PER_S
from ivr.records.schema import outcome_code
from simulation.arrays import Flags, Floats, Ints, Times
from simulation.menus.caller_model import AHEAD, FIRST, HEAR_ALL, CallerModel
from simulation.menus.chain import CLOCK, HANGUP, KEYS, LISTEN, QUEUE
from simulation.sampling.purposes import CHOICE, MENU, STEPS_A_DRAW, TIME
from simulation.sampling.streams import LANES, Streams
from simulation.tables.checks import OFFERED

__all__ = ["MAX_STEPS", "Callers", "Menus", "listens_differently", "may_hang_up", "walk"]

MAX_STEPS = 1_000
"""As in the interpreter: a call with more steps counts as failed."""
_WALKING = -2
_CONTAINED = outcome_code("contained")


@dataclass(frozen=True)
class Callers:
    """The attributes drawn for each caller.

    Parameters
    ----------
    arrived_us : numpy.ndarray
        i8[n], microseconds from the scenario's start.
    intent, language : numpy.ndarray
        i2[n].
    kind_u : numpy.ndarray
        f8[n], uniform: callers with low values hear everything first, those with high values key ahead.
    staying : numpy.ndarray
        f8[n], standard exponential: the caller hangs up when the accumulated rate of hanging up reaches it.
    column : numpy.ndarray, optional
        i2[n]: column of ``model.goal_policy`` of each caller; default: the one in which a call begins.
    number : numpy.ndarray, optional
        i8[n]: the caller's own number, the address of their draws; default: 0, 1, 2 ...
    """

    arrived_us: Times
    intent: Ints
    language: Ints
    kind_u: Floats
    staying: Floats
    column: Ints | None = None
    number: Ints | None = None

    @property
    def numbers(self) -> Ints:
        """The number of each caller."""
        return np.arange(len(self.arrived_us)) if self.number is None else self.number

    def columns(self) -> Ints:
        """The column of each caller, as a copy."""
        return self.intent.copy() if self.column is None else self.column.copy()


@dataclass(frozen=True)
class Menus:
    """How the menu stage went, one row per caller.

    Parameters
    ----------
    menu_us : numpy.ndarray
        i8[n]: from the beginning of the walk to its end.
    ending : numpy.ndarray
        i1[n]: a code of OUTCOMES, or OFFERED.
    queue : numpy.ndarray
        i2[n]: the queue joined, -1 for none.
    position : numpy.ndarray
        i4[n]: where the walk ended.
    key_presses : numpy.ndarray
        i2[n]: every key that was pressed.
    zero_out : numpy.ndarray
        b1[n]: 0 was pressed.
    heard_language : numpy.ndarray
        i2[n]: the language at the end.
    steps : tuple of (caller, position, edge, entered_s)
        Arrays for each step; edge -1 where the caller hung up, seconds from the beginning of the walk. Empty unless
        recorded.
    """

    menu_us: Times
    ending: Ints
    queue: Ints
    position: Ints
    key_presses: Ints
    zero_out: Flags
    heard_language: Ints
    steps: tuple[tuple[Ints, Ints, Ints, Floats], ...] = ()


def listens_differently(model: CallerModel) -> bool:
    """Whether the kind of listener matters anywhere."""
    return bool(model.hear_all.any() or model.key_ahead.any()) and bool(np.ptp(model.heard_s, axis=0).any())


def may_hang_up(model: CallerModel) -> bool:
    """Whether callers hang up at a rate anywhere in the menus."""
    return bool(model.rate_per_s.any())


def walk(
    model: CallerModel,
    callers: Callers,
    streams: Streams,
    *,
    begin: Ints | None = None,
    place: int = 0,
    record: bool = False,
) -> Menus:
    """Walk all callers to the end of their menus.

    Parameters
    ----------
    model : CallerModel
    callers : Callers
    streams : Streams
    begin : numpy.ndarray, optional
        First position of each caller; -1 for those who do not walk. Default: the beginning of the flow.
    place : int
        Which of a caller's walks it is (``simulation.sampling.purposes.place``).
    record : bool
        Whether to keep every step.

    Returns
    -------
    Menus
    """
    chain, n, column = model.chain, len(callers.arrived_us), callers.columns()
    position = np.full(n, chain.start, dtype=np.int32) if begin is None else begin.astype(np.int32)
    time_s, used = np.zeros(n), np.zeros(n)
    ending = np.full(n, _WALKING, dtype=np.int8)
    ending[position < 0] = _CONTAINED
    presses, zero_out = np.zeros(n, dtype=np.int16), np.zeros(n, dtype=bool)
    active = np.flatnonzero(position >= 0)
    steps: list[tuple[Ints, Ints, Ints, Floats]] = []
    drawn = np.empty((0, LANES))
    for step in range(MAX_STEPS):
        at = position[active]
        over = (chain.kind[at] == QUEUE) | (chain.kind[at] == HANGUP)
        if over.any():
            done, where = active[over], at[over]
            time_s[done] += model.whole_s[where]
            ending[done] = np.where(chain.kind[where] == QUEUE, OFFERED, model.at_end[where])
            active, at = active[~over], at[~over]
        if not len(active):
            break
        if step % STEPS_A_DRAW == 0:
            drawn = streams.uniforms(MENU, callers.numbers, draw=step // STEPS_A_DRAW, place=place)
        lane = step % STEPS_A_DRAW * (LANES // STEPS_A_DRAW)
        choice_u = drawn[active, lane + CHOICE]
        edge, heard, unasked = _choose(model, at, choice_u, callers, active, time_s, column[active])
        kind = np.where(unasked, AHEAD, _kinds(model, at, callers.kind_u[active]))
        leg = model.heard_s[kind, at, heard] + model.rest_s[at, edge]
        if model.extra[at, edge].any():
            _add_random_time(leg, model, at, edge, drawn[active, lane + TIME])
        gone, stay = _leg_spent(model, at, leg, choice_u < model.quits[at], callers.staying[active] - used[active])
        if record:
            steps.append((active, at, np.where(gone, -1, edge), time_s[active]))
        time_s[active] += stay
        used[active] += model.rate_per_s[at] * stay
        keys = np.where(gone, 0, model.keys[at, edge])
        presses[active] += keys
        zero_out[active] |= (keys > 0) & (edge == model.zero_edge[at])
        served = model.serves[at, callers.intent[active]] & ~gone
        to = chain.to[at, edge]
        ended = gone | served | (to < 0)
        code = np.where(gone, model.hung_up[at], np.where(served, _CONTAINED, model.end_code[at, edge]))
        ending[active[ended]] = code[ended]
        column[active] = model.goal_policy.after(column[active], at, np.where(ended, -1, to), callers.intent[active])
        active = active[~ended]
        position[active] = to[~ended]
    ending[ending == _WALKING] = outcome_code("failed")
    return Menus(
        menu_us=np.rint(time_s * US_PER_S).astype(np.int64),
        ending=ending,
        queue=np.where(ending == OFFERED, model.queue[position], -1).astype(np.int16),
        position=position,
        key_presses=presses,
        zero_out=zero_out,
        heard_language=model.heard_language[position],
        steps=tuple(steps),
    )


def _add_random_time(leg: Floats, model: CallerModel, at: Ints, edge: Ints, u: Floats) -> None:
    """Add the random part of a leg's time, such as the reaction."""
    extra = model.extra[at, edge]
    for code in np.unique(extra[extra > 0]):
        rows = extra == code
        leg[rows] += model.extras[code].draw(u[rows])


def _leg_spent(model: CallerModel, at: Ints, leg: Floats, quitting: Flags, staying: Floats) -> tuple[Flags, Floats]:
    """Who hangs up in this leg, and how long each caller stays in it."""
    rate = model.rate_per_s[at]
    left_s = np.full(len(at), np.inf)
    np.divide(staying, rate, out=left_s, where=rate > 0)
    gone = (left_s < leg) | quitting
    return gone, np.where(quitting, leg, np.minimum(leg, left_s))


def _kinds(model: CallerModel, at: Ints, kind_u: Floats) -> Ints:
    return np.where(kind_u < model.hear_all[at], HEAR_ALL, np.where(kind_u >= 1 - model.key_ahead[at], AHEAD, FIRST))


def _wishes(model: CallerModel, at: Ints, language: Ints, column: Ints) -> Ints:
    """The edge that each caller means to take; -1 where no edge leads to the goal."""
    spoken = model.want_language[at, language]
    return np.where(spoken > -2, spoken, model.goal_policy.want[at, column])


def _choose(
    model: CallerModel,
    at: Ints,
    u: Floats,
    callers: Callers,
    active: Ints,
    time_s: Floats,
    column: Ints,
) -> tuple[Ints, Ints, Flags]:
    """The edge that each caller takes, the edge listened for, and whether 0 was pressed unasked."""
    kind = model.chain.kind[at]
    edge = np.zeros(len(at), dtype=np.int64)
    unasked = np.zeros(len(at), dtype=bool)
    heard = edge
    drawn = model.drawn[at]
    shares = model.chance_of[callers.intent[active]]
    if drawn.any():
        rows = np.flatnonzero(drawn)
        quits = model.quits[at[rows]]
        # Callers who hang up do so at the end of an ordinary leg, so they draw an edge too.
        within = np.where(
            u[rows] < quits, u[rows] / np.maximum(quits, 1e-12), (u[rows] - quits) / np.maximum(1 - quits, 1e-12)
        )
        edge[rows] = _draw(model.chance[shares[rows], at[rows]], np.clip(within, 0, 1))
    rows = np.flatnonzero((kind == CLOCK) & ~drawn)
    if len(rows):
        clock = model.opening_states.at(
            callers.arrived_us[active[rows]] + np.rint(time_s[active[rows]] * US_PER_S).astype(np.int64)
        )
        edge[rows] = model.clock_edge[clock, at[rows]]
    rows = np.flatnonzero((kind == LISTEN) & ~drawn)
    if len(rows):
        heard = edge.copy()
        wish = _wishes(model, at[rows], callers.language[active[rows]], column[rows])
        edge[rows], heard[rows], unasked[rows] = _listen(
            model, at[rows], u[rows], wish, model.chance[shares[rows], at[rows]]
        )
    return edge, heard, unasked


def _draw(chance: Floats, u: Floats) -> Ints:
    edges = (u[:, None] >= chance).sum(axis=1)
    return np.asarray(np.minimum(edges, chance.shape[1] - 1))


def _listen(
    model: CallerModel,
    at: Ints,
    u: Floats,
    wish: Ints,
    chance: Floats,
) -> tuple[Ints, Ints, Flags]:
    """What callers press: one uniform decides, in turn, on silence, 0 unasked, a draw without a goal, and a wrong key.

    Callers who press a wrong key have listened for the one they meant.
    """
    silent, zero, wrong = model.silent[at], model.zero[at], model.wrong[at]
    means_silence = (wish >= 0) & (wish == model.silence[at])
    rest = np.clip((u - silent - zero) / np.maximum(1 - silent - zero, 1e-12), 0, 1)
    drawn, rows = _draw(chance, rest), np.arange(len(at))
    low = np.where(drawn > 0, chance[rows, np.maximum(drawn - 1, 0)], 0.0)
    within = np.clip((rest - low) / np.maximum(chance[rows, drawn] - low, 1e-12), 0, 1)
    edge = np.where(wish >= 0, wish, drawn).astype(np.int64)
    rest = np.where(wish >= 0, rest, within)
    heard = edge.copy()
    slips = (rest < wrong) & ~means_silence
    if slips.any():
        edge[slips] = _slip(model, at[slips], edge[slips], (rest / np.maximum(wrong, 1e-12))[slips])
    unasked = (u >= silent) & (u < silent + zero)
    for chosen in (edge, heard):
        chosen[unasked] = model.zero_edge[at[unasked]]
        chosen[u < silent] = model.silence[at[u < silent]]
    return edge, heard, unasked


def _slip(model: CallerModel, at: Ints, meant: Ints, u: Floats) -> Ints:
    """A key other than the one meant, all equally likely; where digits are entered, a wrong number."""
    keys = model.chain.key_edge[at]
    own = np.argmax(keys == meant[:, None], axis=1)
    has_own = (keys == meant[:, None]).any(axis=1)
    other = np.minimum((u * np.where(has_own, len(KEYS) - 1, len(KEYS))).astype(np.int64), len(KEYS) - 1)
    other += has_own & (other >= own)
    taken = keys[np.arange(len(at)), np.minimum(other, len(KEYS) - 1)]
    return np.where(
        model.digits[at], np.where(model.miss[at] >= 0, model.miss[at], meant), np.where(taken >= 0, taken, meant)
    )
