"""Says why no staffing keeps a promise, and what to relax by how much."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from flows.display.numbers import duration, share
from flows.source.counted import counted
from flows.source.finding import Finding, LimitError
from simulation.arrays import Ints
from simulation.staffing.days import Levels
from simulation.staffing.longer import enough_seconds
from simulation.staffing.score import Judge
from simulation.staffing.search import Search

__all__ = ["out_of_reach"]

_ROUNDING = 1e-9
_LEAST_CONFIDENCE = 0.01
_LEAST_ASKED = 0.001


def out_of_reach(
    searches: Sequence[Search],
    at_most: Mapping[str, int],
    groups: Sequence[str],
    unlimited: Callable[[], Levels | None],
    labels: Mapping[int, str],
) -> LimitError:
    """The findings about a promise that the most agents allowed do not keep.

    Parameters
    ----------
    searches : sequence of Search
        One for each set of days on which the promise has to be kept: what is advised holds on all of them.
    at_most : mapping of str to int
        The limits that were asked for, by group.
    groups : sequence of str
    unlimited : callable
        A staffing that keeps the promise without these limits; None if there is none.
    labels : mapping of int to str
        What each unit that is judged is called.
    """
    judge, cost = searches[0].judge, searches[0].cost
    everybody = np.repeat(searches[0].limits[:, None], cost.shape[1], axis=1)
    days = [search.days for search in searches]
    sets = [of.values(everybody) for of in days]
    who = "with all agents that --at-most allows" if at_most else "however many agents there are"
    found = [
        finding
        for finding in (
            _service(judge, sets, who, labels, lambda service: enough_seconds(days, service, everybody)),
            _abandonment(judge, sets, who, labels),
            _occupancy(judge, sets, who),
        )
        if finding is not None
    ]
    wider = unlimited() if at_most else None
    for name, most in zip(groups, [] if wider is None else wider.max(axis=1).tolist(), strict=False):
        if most > at_most.get(name, most):
            found.append(
                _finding(
                    f"{name} may have at most {at_most[name]} at a time; a staffing that keeps the promise has {most}",
                    f"allow {counted(most - at_most[name], 'agent')} more: --at-most {_quoted(name, most)}",
                )
            )
    return LimitError(found)


def _service(
    judge: Judge,
    sets: Sequence[Ints],
    who: str,
    labels: Mapping[int, str],
    enough_s: Callable[[Judge], int | None],
) -> Finding | None:
    target = judge.target
    service = Judge(replace(target, most_abandoned=None, most_occupied=None), judge.layout)
    short = np.min([service.reach(values) for values in sets], axis=0)
    if short.min() >= -_ROUNDING:
        return None
    worst = int(np.argmin(short))
    wanted = target.level
    if target.per == "queue":
        wanted = target.own_levels.get(judge.layout.queues[worst], wanted)
    met = min(float(np.mean(service.on_target(values)[:, worst])) for values in sets)
    reached = wanted + float(short[worst])
    return _finding(
        f"{who}, the service level on {share(target.confidence)} of days reaches {share(reached)}"
        f"{_where(judge, labels[worst])}, not {share(wanted)}; it reaches {share(wanted)} on {share(met)} of days",
        _instead(reached, met, target.level, enough_s(service)),
    )


def _instead(reached: float, met: float, level: float, enough_s: int | None) -> str:
    """What can be asked for; nobody is told to ask for nothing."""
    asked = [f"at most {_floor(reached)} (--target)"] if reached >= _LEAST_ASKED else []
    asked += [f"at most {_floor(met)} of days (--confidence)"] if met >= _LEAST_CONFIDENCE else []
    asked += [f"a threshold of {duration(enough_s)} (--target {level * 100:g}%/{enough_s}s)"] if enough_s else []
    return "ask for " + ", or for ".join(asked or ["fewer callers in time, or raise --at-most"])


def _abandonment(judge: Judge, sets: Sequence[Ints], who: str, labels: Mapping[int, str]) -> Finding | None:
    most = judge.target.most_abandoned
    if most is None:
        return None
    gone = Judge(replace(judge.target, level=0.0, own_levels={}, most_occupied=None), judge.layout)
    short = np.min([gone.reach(values) for values in sets], axis=0)
    if short.min() >= -_ROUNDING:
        return None
    needed = _ceiling(most - float(short.min()))
    return _finding(
        f"{who}, {share(most - float(short.min()))} hang up on the day that decides"
        f"{_where(judge, labels[int(np.argmin(short))])}; at most {share(most)} may",
        f"allow at least --abandonment {needed}",
    )


def _occupancy(judge: Judge, sets: Sequence[Ints], who: str) -> Finding | None:
    most = judge.target.most_occupied
    if most is None:
        return None
    spare = min(float(judge.reach(values)[judge.units :].min()) for values in sets)
    if spare >= -_ROUNDING:
        return None
    return _finding(
        f"{who}, they are busy {share(most - spare)} of their time; at most {share(most)} is allowed",
        f"allow at least --occupancy {_ceiling(most - spare)}",
    )


def _where(judge: Judge, unit: str) -> str:
    return {"day": "", "queue": f" in the queue {unit}", "interval": f" in the interval from {unit}"}[judge.target.per]


def _floor(value: float) -> str:
    return f"{np.floor(max(value, 0.0) * 1000) / 10:g}%"


def _ceiling(value: float) -> str:
    return f"{np.ceil(value * 1000 - 1e-6) / 10:g}%"


def _quoted(name: str, most: int) -> str:
    return f'"{name}={most}"' if " " in name else f"{name}={most}"


def _finding(message: str, hint: str) -> Finding:
    return Finding(code="Q004", severity="error", node="target", message=message, hint=hint)
