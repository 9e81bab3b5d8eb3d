"""Agents on duty by interval: counted from stretches of duty, or inferred from how many talk while callers wait."""

from __future__ import annotations

import numpy as np

from simulation.arrays import Floats, Ints, Times
from simulation.calibration.log_days import LogDays
from simulation.calibration.waiting_times import Spans

__all__ = ["busy_while_waiting", "most_at_once", "needed", "whole_agents"]

_LEAST_WAITING_S = 30.0
_STAYS = 0.75


def busy_while_waiting(days: LogDays, on_us: Times, off_us: Times, waiting: Spans) -> Floats:
    """Agents by day and interval, in a log that does not say who answered: all of them talk while a caller waits.

    Parameters
    ----------
    days : LogDays
    on_us, off_us : numpy.ndarray
        Beginning and end of all talks.
    waiting : Spans

    Returns
    -------
    numpy.ndarray
        f8[days, intervals]. Where nobody waited, the most who talked at once.
    """
    changes = np.concatenate([on_us, off_us])
    steps = np.concatenate([np.ones(len(on_us)), -np.ones(len(off_us))])
    order = np.lexsort((steps, changes))
    at, busy = changes[order], np.cumsum(steps[order])
    if not len(at):
        return np.zeros((days.count, days.a_day))
    length = np.append(np.diff(at), 0)
    waited = waiting.within(at, at + length)
    cell = days.day_of(at) * days.a_day + days.interval_of(at)
    size = days.count * days.a_day
    time_waited = np.bincount(cell, waited / 1e6, size)
    busy_waited = np.bincount(cell, busy * waited / 1e6, size)
    most = np.zeros(size)
    np.maximum.at(most, cell, busy)
    shown = np.where(time_waited >= _LEAST_WAITING_S, busy_waited / np.maximum(time_waited, 1e-9), 0.0)
    # A caller who waits for a second while an agent reaches for the phone shows fewer agents than there are.
    return np.asarray(np.maximum(shown, 0.8 * most).reshape(days.count, days.a_day))


def most_at_once(days: LogDays, on_us: Times, off_us: Times) -> Floats:
    """The most who talked at once, by day and interval: f8[days, intervals].

    Parameters
    ----------
    days : LogDays
    on_us, off_us : numpy.ndarray
        Beginning and end of all talks.
    """
    changes = np.concatenate([on_us, off_us])
    steps = np.concatenate([np.ones(len(on_us)), -np.ones(len(off_us))])
    order = np.lexsort((steps, changes))
    at, busy = changes[order], np.cumsum(steps[order])
    most = np.zeros(days.count * days.a_day)
    if len(at):
        np.maximum.at(most, days.day_of(at) * days.a_day + days.interval_of(at), busy)
    return most.reshape(days.count, days.a_day)


def needed(calls: Floats, talk_s: float, interval_s: float) -> Floats:
    """Agents by interval if 80 % of callers were answered within 20 s: an assumption where a log tells nothing.

    >>> needed(np.array([[0.0, 30.0]]), 180.0, 1800.0).tolist()
    [[0.0, 5.0]]
    """
    from simulation.theory.erlang import erlang_c

    found = np.zeros(calls.shape)
    known: dict[int, int] = {}
    for index, count in np.ndenumerate(np.round(calls)):
        if count <= 0:
            continue
        if int(count) not in known:
            load = count * talk_s / interval_s
            agents = int(load) + 1
            while True:
                answer = erlang_c(
                    arrivals_per_hour=count * 3600 / interval_s, aht_s=talk_s, agents=agents, within_s=20.0
                )
                if (answer.service_level or 0.0) >= 0.8:
                    break
                agents += 1
            known[int(count)] = agents
        found[index] = known[int(count)]
    return found


def whole_agents(on_duty: Floats) -> Ints:
    """Whole numbers of agents by day and interval; the remainder is carried on, so that hours are kept.

    The number stays as it was while the hours owed are less than three quarters of an agent's interval: agents who come
    and go with every rounding would finish a call each time they leave.

    Parameters
    ----------
    on_duty : numpy.ndarray
        f8[days, intervals].

    Examples
    --------
    >>> whole_agents(np.array([[1.5, 1.5, 2.0]])).tolist()
    [[2, 1, 2]]
    >>> whole_agents(np.array([[2.3, 2.3, 2.3, 2.3]])).tolist()
    [[2, 2, 3, 2]]
    >>> whole_agents(np.array([[0.0, 0.2]])).tolist()
    [[0, 1]]
    """
    found = np.zeros(on_duty.shape, dtype=np.int64)
    for day in range(len(on_duty)):
        carried, before = 0.0, 0
        for i, wanted in enumerate(on_duty[day].tolist()):
            if wanted <= 0:
                before = 0
                continue
            stays = before and abs(wanted - before) < _STAYS and abs(carried + wanted - before) < _STAYS
            found[day, i] = before = before if stays else max(int(wanted + carried + 0.5), 0)
            carried += wanted - before
    # A log of a few calls has less than half an agent anywhere: one answered them all the same.
    return found if np.any(found) else np.ceil(on_duty).astype(np.int64)
