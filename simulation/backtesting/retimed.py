"""Moves a scenario to other days: lists by day of the week, and one input or another replaced by the days' own."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.model.flow import Flow
from flows.source.document import nearest
from flows.source.finding import usage_error
from simulation.backtesting.handed_on import groups_of_days
from simulation.calibration.scenario_data import ScenarioData
from simulation.loading.load import parse_scenario
from simulation.scenario.loaded import LoadedScenario
from simulation.scenario.model import DAY_S, Scenario

__all__ = ["INPUTS", "as_scenario", "inputs_of", "retimed", "with_inputs"]

INPUTS = ("arrivals", "talk", "agents", "patience")
"""What can be taken from the test days instead of the scenario."""
_ALSO = {"volumes": "arrivals", "calls": "arrivals", "staff": "agents", "aht": "talk"}


def inputs_of(stated: Collection[str]) -> tuple[str, ...]:
    """The inputs that are meant, in their own order; ``volumes`` are arrivals.

    Raises
    ------
    UsageError
        When there is no such input.

    Examples
    --------
    >>> inputs_of(["volumes", "talk"])
    ('arrivals', 'talk')
    """
    chosen = [_ALSO.get(name, name) for one in stated if (name := one.strip())]
    for name in chosen:
        if name not in INPUTS:
            near = nearest(name, [*INPUTS, *_ALSO])
            hint = f"did you mean {near!r}?" if near else f"inputs: {', '.join(INPUTS)}"
            raise usage_error("X005", f"--use: there is no input {name!r}", hint)
    return tuple(name for name in INPUTS if name in chosen)


def retimed(loaded: LoadedScenario, first: dt.date, days: int) -> dict[str, Any]:
    """A scenario's document, moved to other days.

    Lists that cover several days are laid out anew: each day gets the values of a day with the same day of the week,
    the days of the scenario in turn. Lists for a single day repeat as they do anyway. Totals of dates are laid out in
    the same way; a date that is stated itself keeps its own.

    Parameters
    ----------
    loaded : LoadedScenario
    first : datetime.date
    days : int
    """
    scenario = loaded.scenario
    data: dict[str, Any] = _plain(loaded.document.data)
    own = max(1, round(scenario.horizon / DAY_S))
    begun = scenario.start.date()
    source = _alike([begun + dt.timedelta(days=day) for day in range(own)], first, days)
    data["start"], data["horizon"] = f"{first:%Y-%m-%d} 00:00", f"{days}d"
    data.pop("warm_up", None)
    whole_day = scenario.horizon >= DAY_S and scenario.start.time() == dt.time()
    a_day = scenario.intervals_a_day if whole_day else 0
    for holder, key in _lists(data):
        values = holder[key]
        if a_day and isinstance(values, list) and len(values) == own * a_day and own > 1:
            holder[key] = [value for day in source for value in values[day * a_day : (day + 1) * a_day]]
        elif not whole_day and isinstance(values, list) and len(values) > 1:
            nothing = values[0] if key == "share" or isinstance(values[0], dict) else "0"
            holder[key] = _padded(values, scenario, days, nothing)
    if scenario.arrivals.kind == "profile":
        _move_totals(data["arrivals"], begun, first, days)
    return data


def _move_totals(arrivals: dict[str, Any], begun: dt.date, first: dt.date, days: int) -> None:
    """Give each new date a total: its own if it is stated, else that of a date with the same day of the week."""
    stated = arrivals.get("daily")
    if isinstance(stated, list):
        source = _alike([begun + dt.timedelta(days=day) for day in range(len(stated))], first, days)
        arrivals["daily"] = [stated[day] for day in source]
    if dated := arrivals.get("dated"):
        of = {dt.date.fromisoformat(str(date)): total for date, total in dated.items()}
        dates = sorted(of)
        source = _alike(dates, first, days)
        new = [first + dt.timedelta(days=day) for day in range(days)]
        arrivals["dated"] = {f"{date}": of.get(date, of[dates[day]]) for date, day in zip(new, source, strict=True)}


def _alike(dates: Sequence[dt.date], first: dt.date, days: int) -> list[int]:
    """For each new day, which of some dates it is like: those with the same day of the week in turn."""
    by_weekday: dict[int, list[int]] = {}
    for row, date in enumerate(dates):
        by_weekday.setdefault(date.weekday(), []).append(row)
    used: dict[int, int] = {}
    found = []
    for day in range(days):
        weekday = (first + dt.timedelta(days=day)).weekday()
        same = by_weekday.get(weekday) or [day % len(dates)]
        found.append(same[used.get(weekday, 0) % len(same)])
        used[weekday] = used.get(weekday, 0) + 1
    return found


def _lists(data: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Where a scenario may have a value for each interval."""
    found: list[tuple[dict[str, Any], str]] = []
    arrivals = data.get("arrivals")
    if isinstance(arrivals, dict):
        found += [(arrivals, key) for key in ("calls", "per_hour", "profile") if key in arrivals]
    found += [(data, key) for key in ("talk", "after_call_work", "patience") if isinstance(data.get(key), list)]
    for intent in (data.get("intents") or {}).values():
        found += [(intent, "share")] if isinstance(intent.get("share"), list) else []
    for queue in (data.get("queues") or {}).values():
        found += [(queue, key) for key in ("talk", "after_call_work", "patience") if isinstance(queue.get(key), list)]
        by_group = queue.get("by_group") or {}
        found += [(by_group, key) for key, talk in by_group.items() if isinstance(talk, list)]
    for group in (data.get("groups") or {}).values():
        found += [(group, key) for key in ("agents", "talk") if isinstance(group.get(key), list)]
    return found


def _padded(values: list[Any], scenario: Scenario, days: int, nothing: Any) -> list[Any]:
    """Values of part of a day, as values of a whole day that repeats: nothing before and after."""
    a_day = round(DAY_S / scenario.interval)
    skip = round((scenario.start.hour * 3600 + scenario.start.minute * 60) / scenario.interval)
    return ([nothing] * skip + list(values) + [nothing] * a_day)[:a_day]


def with_inputs(
    data: Mapping[str, Any], own: ScenarioData, use: Collection[str], *, trace: Path | None = None
) -> dict[str, Any]:
    """The document with some inputs replaced by those of the test days.

    Parameters
    ----------
    data : mapping
        A document, already moved to the test days.
    own : ScenarioData
        What was estimated from the test days.
    use : collection of str
        Of INPUTS.
    trace : Path, optional
        Records of the test days, for their arrivals one by one.
    """
    made, test = copy.deepcopy(dict(data)), own.data
    if "arrivals" in use:
        made["arrivals"] = {"kind": "trace", "file": str(trace)} if trace else dict(test["arrivals"])
    if "talk" in use:
        _replace(made, test, "talk", ("talk", "by_group"))
        for group in made.get("groups", {}).values():
            group.pop("talk", None)
    if "patience" in use:
        _replace(made, test, "patience", ("patience",))
    if "agents" in use:
        _replace_agents(made, test)
    return made


def _replace(made: dict[str, Any], test: Mapping[str, Any], what: str, keys: Collection[str]) -> None:
    """Take a time from the test days: at the top and for every queue, and nowhere from the scenario."""
    if what in test:
        made[what] = test[what]
    queues, of_test = made.setdefault("queues", {}), test.get("queues", {})
    for stated in queues.values():
        for key in keys:
            stated.pop(key, None)
    for queue, stated in of_test.items():
        if what in stated:
            queues.setdefault(queue, {})[what] = stated[what]


def _replace_agents(made: dict[str, Any], test: Mapping[str, Any]) -> None:
    """Take who is on duty, and how soon they are ready again, from the test days."""
    made["groups"] = groups_of_days(made["groups"], test["groups"])
    made.pop("staff_factor", None)
    if "after_call_work" in test:
        made["after_call_work"] = test["after_call_work"]
        for stated in made.get("queues", {}).values():
            stated.pop("after_call_work", None)


def as_scenario(data: Mapping[str, Any], file: str, flow: Flow) -> LoadedScenario:
    """A document as a scenario of a flow; paths in it are relative to `file`."""
    return parse_scenario(json.dumps(data), file, flow=flow)


def _plain(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    return [_plain(value) for value in data] if isinstance(data, list | tuple) else data
