"""Talk, after-call work, patience and agents from columns of files: one value for each interval.

``talk: {csv: {file: monday.csv, column: aht, like: {lognormal: {cv: 0.8}}}}`` becomes a list of distributions, each
with the mean in its row; ``agents: {file: monday.csv, column: billing}`` becomes a list of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flows.source.document import Path
from simulation.call_logs.cells import durations
from simulation.loading.expansion import Expansion, cells_of
from simulation.scenario.field_types import MAX_MEAN_S, distribution
from simulation.scenario.from_files import NumbersStated, TimesColumn, TimesStated
from simulation.workload.csv_table import CsvTable

__all__ = ["expand_agents", "expand_times"]

_TIMES = ("talk", "after_call_work", "patience")
_UNIT_S = {"s": 1.0, "min": 60.0, "h": 3600.0}
_IN_NAME = re.compile(r"(?:^|[\W_])(s|sec|secs|seconds|min|mins|minutes|h|hours)\)?\]?$", re.IGNORECASE)
_SHORT_S = 15.0
"""Means of talk that are all below this are probably minutes."""


def expand_times(of: Expansion) -> None:
    """Put lists of distributions in place of columns of mean times."""
    for path in list(_times(of.data)):
        value = of.at(path)
        if not (isinstance(value, Mapping) and len(value) == 1 and "csv" in value):
            continue
        stated = of.checked((*path, "csv"), TimesStated)
        if stated is not None:
            _expand(of, path, stated.csv)


def expand_agents(of: Expansion) -> None:
    """Put lists of numbers in place of columns of agents."""
    groups = of.at(("groups",))
    for name, group in groups.items() if isinstance(groups, Mapping) else ():
        path: Path = ("groups", name, "agents")
        if not (isinstance(group, Mapping) and isinstance(group.get("agents"), Mapping)):
            continue
        stated = of.checked(path, NumbersStated)
        if stated is not None:
            of.put_column(path, stated.agents.file, stated.agents.column)


def _times(data: Any) -> Iterator[Path]:
    """Where times are stated: for all, by queue, by group, and by both."""
    for name in _TIMES:
        yield (name,)
    for family in ("queues", "groups"):
        members = data.get(family)
        for name, member in members.items() if isinstance(members, Mapping) else ():
            if not isinstance(member, Mapping):
                continue
            yield from ((family, name, what) for what in _TIMES if what in member)
            by_group = member.get("by_group")
            if isinstance(by_group, Mapping):
                yield from ((family, name, "by_group", group) for group in by_group)


def _expand(of: Expansion, path: Path, stated: TimesColumn) -> None:
    at = (*path, "csv")
    like = _like(stated.like)
    try:
        distribution(_with_mean(like, 60.0))
    except ValueError as error:
        message, _, hint = str(error).partition("; ")
        hint = hint or "write like: exponential, like: constant or like: {lognormal: {cv: 0.8}}"
        of.add("F003", message, (*at, "like"), hint=hint)
        return
    table = of.table(stated.file, (*at, "file"))
    cells = table and of.column(table, stated.column)
    if not table or not cells:
        return
    unit_s = _UNIT_S[stated.unit] if stated.unit else _unit_in(stated.column)
    means = [_mean(of, table, stated.column, row, cell, unit_s or 1.0) for row, cell in enumerate(cells)]
    known = [mean for mean in means if mean is not None]
    if len(known) < len(means):
        return
    if path[-1] == "talk" and unit_s is None and max(known) < _SHORT_S:
        of.note(
            "X005",
            f"the means of column {stated.column!r} are at most {max(known):g} s: numbers without a unit are seconds",
            (*at, "column"),
            hint="write unit: min if they are minutes, unit: s if they are not",
        )
    of.put(path, [_with_mean(like, mean) for mean in known], (cells_of(table), (stated.column,)))


def _like(stated: Any) -> Mapping[str, Any]:
    """The shape of the distributions: its name alone, or with its parameters."""
    if isinstance(stated, str):
        return {stated: {}}
    if isinstance(stated, Mapping) and len(stated) == 1 and all(isinstance(v, Mapping) for v in stated.values()):
        return stated
    return {"like": {}}


def _with_mean(like: Mapping[str, Any], mean_s: float) -> dict[str, Any]:
    [(name, parameters)] = like.items()
    seconds = f"{mean_s!r}s"
    return {name: seconds} if name == "constant" else {name: {**parameters, "mean": seconds}}


def _unit_in(column: str) -> float | None:
    """The unit that the name of a column ends with: ``aht_s``, ``talk (min)``.

    >>> _unit_in("aht_s"), _unit_in("talk (min)"), _unit_in("aht")
    (1.0, 60.0, None)
    """
    found = _IN_NAME.search(column.strip())
    return {"s": 1.0, "m": 60.0, "h": 3600.0}[found[1][0].lower()] if found else None


def _mean(of: Expansion, table: CsvTable, column: str, row: int, cell: str, unit_s: float) -> float | None:
    [mean], _ = durations([cell], unit_s=unit_s)
    if mean is not None and 0 < mean <= MAX_MEAN_S:
        return mean
    wrong, hint = "is no time", "write a time such as 200, 3m20s or 0:03:20"
    if mean == 0 or not cell:
        wrong, hint = "is no time above 0", "write the time of a row beside it; where nobody calls, it changes nothing"
    elif mean is not None:
        wrong, hint = "is longer than a year", "write a shorter time, or say the unit of the column"
    of.found.append(cells_of(table).finding("X005", f"'{cell}' in column '{column}' {wrong}", (column, row), hint=hint))
    return None
