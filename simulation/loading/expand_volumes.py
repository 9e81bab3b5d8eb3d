"""Volumes of intents or queues, in place of volumes of all calls and shares.

``arrivals: {kind: per_interval, calls: {sales: [60, 50], support: [10, 20]}}`` becomes ``calls: [70, 70]`` and a share
for each intent in each interval. Independent Poisson arrivals of each intent are the same thing as Poisson arrivals of
all, each wanting something by the shares of the moment (Kingman 1993, "Poisson Processes", section 5.1).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flows.model.flow import Flow
from flows.nodes.queue import Queue
from flows.source.counted import counted
from flows.source.document import Document, Path, nearest
from flows.source.finding import ScenarioError
from flows.values.scalars import share_of
from simulation.loading.expansion import Expansion, cells_of
from simulation.workload.arrivals.csv_counts import count_in
from simulation.workload.csv_table import MAX_ROWS
from simulation.workload.read_history import MOST_ROWS

__all__ = ["expand_volumes"]


@dataclass(frozen=True)
class _Volumes:
    """Calls, or rates, of one name: a value for each interval, or one for all; and where they are stated."""

    name: str
    values: tuple[float, ...]
    source: tuple[Document, Path]
    path: Path


def expand_volumes(of: Expansion, flow_of: Callable[[], Flow | None]) -> None:
    """Put volumes of all calls, and shares of intents, in place of volumes by intent or queue.

    Parameters
    ----------
    of : Expansion
    flow_of : callable
        The flow, which is read only if a name is not that of an intent; None if it cannot be read.
    """
    arrivals, intents = of.at(("arrivals",)), of.at(("intents",))
    if not isinstance(arrivals, Mapping) or not isinstance(intents, Mapping):
        return
    if not all(isinstance(intent, Mapping) for intent in intents.values()):
        return
    before = len(of.found)
    if arrivals.get("kind") == "history":
        if "columns" in arrivals:
            _of_history(of, arrivals, intents)
        return
    if "columns" in arrivals and arrivals.get("kind") == "csv":
        what, found = "calls", _of_columns(of, arrivals, intents)
    else:
        what = next((name for name in ("calls", "per_hour") if isinstance(arrivals.get(name), Mapping)), "")
        found = _of_lists(of, what, arrivals[what]) if what else []
    if not found or len(of.found) > before:
        return
    lengths = {len(one.values) for one in found} - {1}
    if len(lengths) > 1:
        odd = next(one for one in found if len(one.values) not in (1, max(lengths)))
        hint = f"give {max(lengths)} values, as for the others"
        of.add("X003", f"{odd.name!r} has {counted(len(odd.values), 'value')}; others have more", odd.path, hint=hint)
        return
    size = max(lengths, default=1)
    by_intent = _by_intent(of, found, intents, flow_of, size)
    rest = _rest(of, by_intent, intents, size)
    if len(of.found) > before or by_intent is None:
        return
    _put(of, what, found, by_intent, rest, size)


def _of_columns(of: Expansion, arrivals: Mapping[str, Any], intents: Mapping[str, Any]) -> list[_Volumes]:
    """The columns of a file: ``columns: {sales: sales_calls}``, ``[sales, support]``, or ``intents``: all of them."""
    stated, path = arrivals["columns"], ("arrivals", "columns")
    if stated == "intents":
        stated = {name: name for name in intents}
    if isinstance(stated, list):
        stated = {name: name for name in stated if isinstance(name, str)}
    if not isinstance(stated, Mapping) or not stated or not all(isinstance(v, str) for v in stated.values()):
        of.add(
            "F003", "columns name no columns", path, hint="write columns: intents, {INTENT: COLUMN}, or a list of names"
        )
        return []
    if arrivals.get("column"):
        of.add("X005", "column and columns are both stated", path, hint="leave out column, which is for all calls")
        return []
    file, place = str(arrivals.get("file", "")), ("arrivals", "file")
    table = of.table(file, place, most=MOST_ROWS if arrivals["kind"] == "history" else MAX_ROWS) if file else None
    if table is None:
        return []
    cells, found = cells_of(table), []
    for name, column in stated.items():
        texts = of.column(table, column)
        if texts is None:
            continue
        try:
            values = tuple(count_in(table, row, column, text) for row, text in enumerate(texts))
        except ScenarioError as error:
            of.found += error.findings
            continue
        found.append(_Volumes(name, values, (cells, (column,)), (*path, name)))
    return found


def _of_history(of: Expansion, arrivals: Mapping[str, Any], intents: Mapping[str, Any]) -> None:
    """The shares of intents among all calls of a history, whose columns are those of all intents."""
    before, path = len(of.found), ("arrivals", "columns")
    found = _of_columns(of, arrivals, intents)
    named = {one.name for one in found}
    for one in found:
        if one.name not in intents:
            near = nearest(one.name, list(intents))
            hint = f"did you mean {near!r}?" if near else f"intents: {', '.join(intents)}"
            of.add("X001", f"there is no intent {one.name!r}", one.path, of_key=True, hint=hint)
    for name, intent in intents.items() if len(of.found) == before and found else ():
        if name not in named:
            hint = "add its column, with 0 where nobody called"
            of.add("X005", f"there is no column for {name!r}", path, of_key=True, hint=hint)
        elif "share" in intent:
            place, hint = ("intents", name, "share"), "leave out share: it follows from the calls"
            of.add("X005", f"{name!r} has both a share and a column under arrivals", place, of_key=True, hint=hint)
    if len(of.found) > before or not found:
        return
    total = sum(sum(one.values) for one in found)
    for one in found:
        share = sum(one.values) / total if total else 1 / len(found)
        of.put(("intents", one.name, "share"), repr(share), one.source)
    of.put(path, {one.name: str(one.source[1][0]) for one in found}, (of.document, path))


def _of_lists(of: Expansion, what: str, stated: Mapping[str, Any]) -> list[_Volumes]:
    """Numbers in the scenario: ``calls: {sales: [60, 50]}``, ``per_hour: {sales: 60}``."""
    if not stated:
        hint = f"write {what}: {{INTENT: [60, 50, ...]}}"
        of.add("F003", f"{what} names no intent or queue", ("arrivals", what), hint=hint)
    found = []
    for name, given in stated.items():
        path: Path = ("arrivals", what, name)
        items = given if isinstance(given, list) else [given]
        values = [_number(of, what, text, (*path, i) if items is given else path) for i, text in enumerate(items)]
        if values and None not in values:
            found.append(_Volumes(name, tuple(v for v in values if v is not None), (of.document, path), path))
    return found


def _number(of: Expansion, what: str, text: Any, path: Path) -> float | None:
    try:
        number = float(text)
    except (TypeError, ValueError):
        of.add("F003", f"{text!r} is not a number", path, hint="write a number of calls, 0 or more")
        return None
    if not 0 <= number < math.inf:
        hint = "write 0 where nobody calls"
        of.add("X005", f"{what} is {number:g}; a rate of calls is 0 or more", path, hint=hint)
        return None
    return number


def _by_intent(
    of: Expansion,
    found: list[_Volumes],
    intents: Mapping[str, Any],
    flow_of: Callable[[], Flow | None],
    size: int,
) -> dict[str, list[float]] | None:
    """The volume of each intent that has one: its own, or its part of that of its queue."""
    volumes: dict[str, list[float]] = {}
    flow = None if all(one.name in intents for one in found) else flow_of()
    for one in found:
        values = list(one.values) * (size if len(one.values) == 1 else 1)
        names = [one.name] if one.name in intents else _of_queue(of, one, intents, flow)
        shares = [_shares(of, name, intents[name], size) if len(names) > 1 else [1.0] * size for name in names]
        if any(of_name is None for of_name in shares):
            return None
        if len(names) == 1 and "share" in intents[names[0]]:
            of.add(
                "X005",
                f"{names[0]!r} has both a share and calls of its own under arrivals",
                ("intents", names[0], "share"),
                of_key=True,
                hint="leave out share: it follows from the calls",
            )
        for name, share in zip(names, shares, strict=True):
            if name in volumes:
                hint = f"state {name!r} once: by itself or in its queue"
                of.add("X005", f"the calls of {name!r} are stated twice", one.path, of_key=True, hint=hint)
            total = [sum(s[i] for s in shares if s) or 1.0 for i in range(size)]
            volumes[name] = [values[i] * (share or [])[i] / total[i] for i in range(size)]
    return volumes


def _of_queue(of: Expansion, one: _Volumes, intents: Mapping[str, Any], flow: Flow | None) -> list[str]:
    """The intents whose callers want the queue that is named."""
    if flow is None:
        return []
    queue_of = {name: node.queue for name, node in flow.nodes.items() if isinstance(node, Queue)}
    if one.name not in queue_of.values():
        near = nearest(one.name, [*intents, *dict.fromkeys(queue_of.values())])
        hint = f"did you mean {near!r}?" if near else f"intents: {', '.join(intents)}"
        of.add("X001", f"there is no intent or queue {one.name!r}", one.path, hint=hint, of_key=True)
        return []
    names = []
    for name, intent in intents.items():
        goals = intent.get("goal")
        queues = {queue_of.get(goal, "") for goal in (goals if isinstance(goals, list) else [goals])}
        if one.name not in queues:
            continue
        if len(queues) > 1:
            of.add(
                "X005",
                f"callers of {name!r} may be served in {one.name!r} or elsewhere, so the calls of that queue do not"
                " tell how many there are",
                one.path,
                of_key=True,
                hint=f"state the calls of {name!r} by the name of the intent",
            )
        names.append(name)
    if not names:
        hint = f"give an intent the goal {next(node for node, q in queue_of.items() if q == one.name)}"
        of.add("X001", f"no intent has the queue {one.name!r} as its goal", one.path, of_key=True, hint=hint)
    return names


def _shares(of: Expansion, name: str, intent: Mapping[str, Any], size: int) -> list[float] | None:
    """The share of an intent in each interval; None if it is missing or wrong, which is then told."""
    path: Path = ("intents", name, "share")
    given = intent.get("share")
    if given is None:
        hint = "add 'share: 30%', or its calls under arrivals by its own name"
        of.add("F002", f"'share' of {name!r} is missing", path[:-1], of_key=True, hint=hint)
        return None
    items = given if isinstance(given, list) else [given] * size
    if len(items) != size:
        hint = f"give {counted(size, 'value')}, as for the calls"
        of.add("X003", f"share of {name} has {counted(len(items), 'value')}", path, hint=hint)
        return None
    try:
        return [share_of(item) for item in items]
    except ValueError as error:
        message, _, hint = str(error).partition("; ")
        of.add("F003", message, path, hint=hint)
        return None


def _rest(
    of: Expansion, by_intent: Mapping[str, list[float]] | None, intents: Mapping[str, Any], size: int
) -> dict[str, list[float]]:
    """Shares of all calls of the intents without calls of their own."""
    found = {}
    for name, intent in intents.items():
        if by_intent is not None and name not in by_intent:
            shares = _shares(of, name, intent, size)
            if shares is not None:
                found[name] = shares
    if found and max(sum(of_interval) for of_interval in zip(*found.values(), strict=True)) >= 1:
        of.add(
            "X002",
            f"the shares of {', '.join(found)} leave nothing for the intents with calls of their own",
            ("intents",),
            of_key=True,
            hint="state shares that sum to less than 1: they are shares of all calls",
        )
    return found


def _put(
    of: Expansion,
    what: str,
    found: list[_Volumes],
    by_intent: Mapping[str, list[float]],
    rest: Mapping[str, list[float]],
    size: int,
) -> None:
    left = [1 - sum(shares[i] for shares in rest.values()) for i in range(size)]
    stated = [sum(values[i] for values in by_intent.values()) for i in range(size)]
    whole = sum(stated)
    arrivals, source = of.at(("arrivals",)), found[0].source
    constant = arrivals.get("kind") == "constant" and size == 1
    totals = [repr(calls / part) for calls, part in zip(stated, left, strict=True)]
    of.put(("arrivals", what), totals[0] if constant else totals, source)
    for name, values in by_intent.items():
        # Where nobody calls, shares are those of all calls: they say what callers of a surge want.
        usual = sum(values) / whole if whole else 1 / len(by_intent)
        shares = [
            (calls / of_all if of_all else usual) * part
            for calls, of_all, part in zip(values, stated, left, strict=True)
        ]
        at = next((one.source for one in found if one.name == name), source)
        of.put(("intents", name, "share"), [repr(share) for share in shares], at)
    if arrivals.get("kind") == "csv":
        arrivals["kind"] = "per_interval"
        for key in ("file", "column", "columns"):
            of.drop(("arrivals", key))
