"""Decides what callers press: the announced option most likely to lead to their goal, or the quickest of equals.

`docs/callers.md` defines the policy. A *column* is a goal together with the refusals that a caller has met: each intent
begins in a column of its own, and a refused caller goes on in another. In the last column callers want nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from simulation.arrays import Flags, Floats, Ints
from simulation.menus.announced_paths import AnnouncedPaths

__all__ = ["MIN_CHANCE", "GoalPolicy", "build_goal_policy", "join_policies"]

MIN_CHANCE = 1e-3
"""A goal reached with a smaller chance counts as out of reach."""
MAX_TOLD = 16
"""Most sets of refusals of each size that are told apart; the rest are forgotten."""
_ALIKE = 1e-6
_MAX_SWEEPS = 2_000


@dataclass(frozen=True)
class GoalPolicy:
    """What each caller means to press at every position, and how that changes.

    Parameters
    ----------
    want : numpy.ndarray
        i1[positions, columns]: the edge of the option taken; -1 where none leads to the goal, and where nobody chooses.
    leads : numpy.ndarray
        b1[positions, columns]: announced options lead from here to the goal.
    intent : numpy.ndarray
        i2[columns]: intent of each column, -1 for the last; callers with intent i begin in column i.
    told_no : numpy.ndarray
        i2[columns, asked]: the column after a refusal by each thing asked.
    asked : numpy.ndarray
        i2[positions]: index of what answers here, -1 where nothing does.
    door : numpy.ndarray
        i4[positions]: where ``open`` leads, which is never a refusal; -1 elsewhere.
    is_goal : numpy.ndarray
        b1[positions, intents].
    """

    want: Ints
    leads: Flags
    intent: Ints
    told_no: Ints
    asked: Ints
    door: Ints
    is_goal: Flags

    @property
    def nothing(self) -> int:
        """The column of callers who want nothing more."""
        return int(self.want.shape[1]) - 1

    def columns(self, intent: int) -> Ints:
        """All columns that callers with an intent can be in, ascending."""
        return np.append(np.flatnonzero(self.intent == intent), self.nothing)

    def after(self, column: Ints, at: Ints, to: Ints, intent: Ints | int) -> Ints:
        """The columns of callers who have moved between positions; `to` is negative where a call has ended."""
        asked = self.asked[at]
        told = self.told_no[column, np.maximum(asked, 0)]
        no = (asked >= 0) & (to >= 0) & (to != self.door[at]) & ~self.leads[np.maximum(to, 0), told]
        return np.where(self.is_goal[at, intent], self.nothing, np.where(no, told, column))


@dataclass
class _Column:
    """A goal and the refusals met, while the policy is built."""

    intent: int
    noes: frozenset[int]
    begins: set[int]
    after: dict[int, int] = field(default_factory=dict)


def build_goal_policy(paths: AnnouncedPaths, is_goal: Flags) -> GoalPolicy:
    """Find what callers mean to press for each goal.

    Parameters
    ----------
    paths : AnnouncedPaths
    is_goal : numpy.ndarray
        b1[positions, intents].
    """
    begun = [_Column(intent, frozenset(), set()) for intent in range(is_goal.shape[1])]
    columns: list[_Column] = []
    want, leads = [], []
    while begun:
        goal = is_goal[:, [column.intent for column in begun]]
        found, led = _solved(paths, goal, _barred(paths, [column.noes for column in begun]))
        want.append(found)
        leads.append(led)
        columns += begun
        begun = _further(paths, is_goal, begun, found, led, len(columns))
    size, nothing = len(is_goal), len(columns)
    told_no = [
        [column.after.get(one, i) for one in range(max(len(paths.names), 1))] for i, column in enumerate(columns)
    ]
    return GoalPolicy(
        np.concatenate([*want, np.full((size, 1), -1, dtype=np.int8)], axis=1),
        np.concatenate([*leads, np.ones((size, 1), dtype=bool)], axis=1),
        np.array([*(column.intent for column in columns), -1], dtype=np.int16),
        np.array([*told_no, [nothing] * max(len(paths.names), 1)], dtype=np.int16),
        paths.asked,
        paths.door,
        is_goal,
    )


def join_policies(parts: Sequence[tuple[Ints, GoalPolicy]], is_goal: Flags) -> GoalPolicy:
    """One policy of several, each for some of the intents.

    Parameters
    ----------
    parts : sequence of (numpy.ndarray, GoalPolicy)
        The intents of each, and their policy, in which they are numbered from 0.
    is_goal : numpy.ndarray
        b1[positions, intents], of all intents.
    """
    if len(parts) == 1:
        return parts[0][1]
    # First the columns in which intents begin, in the order of the intents; then those after refusals; the last is that
    # of callers who want nothing more.
    begin = {int(intent): (part, column) for part, (own, _) in enumerate(parts) for column, intent in enumerate(own)}
    columns = [begin[intent] for intent in range(len(begin))]
    columns += [(part, column) for part, (own, of) in enumerate(parts) for column in range(len(own), of.nothing)]
    number = {key: i for i, key in enumerate(columns)}
    number |= {(part, of.nothing): len(columns) for part, (_, of) in enumerate(parts)}
    first = parts[0][1]
    told_no = [[number[part, int(to)] for to in parts[part][1].told_no[column]] for part, column in columns]
    return GoalPolicy(
        np.stack([*(parts[part][1].want[:, column] for part, column in columns), first.want[:, -1]], axis=1),
        np.stack([*(parts[part][1].leads[:, column] for part, column in columns), first.leads[:, -1]], axis=1),
        np.array([*(parts[part][0][parts[part][1].intent[column]] for part, column in columns), -1], dtype=np.int16),
        np.array([*told_no, [len(columns)] * first.told_no.shape[1]], dtype=np.int16),
        first.asked,
        first.door,
        is_goal,
    )


def _barred(paths: AnnouncedPaths, refusals: list[frozenset[int]]) -> Flags:
    return np.stack([np.isin(paths.asked, list(refused)) for refused in refusals], axis=1)


def _solved(paths: AnnouncedPaths, goal: Flags, barred: Flags) -> tuple[Ints, Flags]:
    """`want` and `leads` of some columns."""
    chance = _chances(paths, goal, barred)
    reach = chance >= MIN_CHANCE
    want = _quickest(paths, goal, barred, chance)
    # Callers do not see values: where no option leads there with these, they choose as if none were known.
    rows = np.flatnonzero(paths.choosing)
    other = paths.unread[rows]
    want[rows] = np.where(reach[rows], want[rows], want[other])
    led = reach.copy()
    led[rows] |= reach[other]
    want[goal | ~paths.choosing[:, None]] = -1
    return want, _leads(paths, led, barred)


def _further(
    paths: AnnouncedPaths, is_goal: Flags, begun: list[_Column], want: Ints, leads: Flags, number: int
) -> list[_Column]:
    """The columns to which callers move when they are refused in these, numbered from `number` on."""
    tried: list[tuple[_Column, int, Ints]] = []
    for k, column in enumerate(begun):
        met = paths.met(want[:, k], set() if column.noes else {paths.start}, column.begins)
        asked = np.unique(paths.asked[met])
        tried += [
            (column, int(one), met[paths.asked[met] == one]) for one in asked if one >= 0 and one not in column.noes
        ]
    if not tried:
        return []
    goal = is_goal[:, [column.intent for column, _, _ in tried]]
    still = _leads(paths, goal, _barred(paths, [column.noes | {one} for column, one, _ in tried]))
    made: dict[tuple[int, frozenset[int]], int] = {}
    further: list[_Column] = []
    for k, (column, one, met) in enumerate(tried):
        to = paths.answers(met)
        refused_at = to[~still[to, k]].tolist()
        if not refused_at:
            continue
        key = column.intent, column.noes | {one}
        if key not in made:
            if sum(other.intent == column.intent for other in further) >= MAX_TOLD:
                continue
            made[key] = len(further)
            further.append(_Column(*key, set()))
        further[made[key]].begins.update(refused_at)
        column.after[one] = number + made[key]
    return further


@dataclass(frozen=True)
class _Rows:
    """Some rows of the graph, and their edges; `begin` is by row of these."""

    row: Ints
    edges: Ints
    begin: Ints
    of_edge: Ints


def _rows(paths: AnnouncedPaths, wanted: Flags) -> _Rows:
    edges = np.flatnonzero(wanted[paths.row])
    row = np.flatnonzero(wanted)
    of_edge = (np.cumsum(wanted) - 1)[paths.row[edges]]
    return _Rows(row, edges, np.searchsorted(of_edge, np.arange(len(row))), of_edge)


def _settle(
    paths: AnnouncedPaths, value: Floats | Flags, renew: Callable[[_Rows], Floats | Flags], *, within: float
) -> None:
    """Renew the values of all rows in place until none changes by `within` or more.

    A row whose targets have not changed since its last turn would get the value that it has, so it is left out.
    """
    wanted = np.ones(len(paths.position), dtype=bool)
    for _ in range(_MAX_SWEEPS):
        rows = _rows(paths, wanted)
        at = paths.position[rows.row]
        new, old = renew(rows), value[at]
        value[at] = new
        differ = new != old
        if not differ.any() or (within and np.abs(new - old).max() < within):
            break
        changed = np.zeros(len(value), dtype=bool)
        changed[at] = differ.any(axis=1)
        wanted = np.logical_or.reduceat(changed[paths.to], paths.begin)


def _leads(paths: AnnouncedPaths, there: Flags, barred: Flags) -> Flags:
    """The positions from which some path leads to positions `there`."""
    found = there.copy()
    if len(paths.to):
        shut = barred[paths.position] & ~there[paths.position]

        def renew(rows: _Rows) -> Flags:
            more = np.logical_or.reduceat(found[paths.to[rows.edges]], rows.begin, axis=0)
            return more & ~shut[rows.row] | found[paths.position[rows.row]]

        _settle(paths, found, renew, within=0)
    return found


def _taken(paths: AnnouncedPaths, goal: Flags, barred: Flags) -> Flags:
    """b1[edges, columns]: edges that count; one taken when closed does not if being open leads to the goal."""
    leads = _leads(paths, goal, barred)
    return (paths.opens < 0)[:, None] | ~leads[paths.to[paths.opens]]


def _chances(paths: AnnouncedPaths, goal: Flags, barred: Flags) -> Floats:
    """The chance of reaching the goal from each position by the best options (value iteration, Bellman 1957)."""
    chance = goal.astype(float)
    if not len(paths.to):
        return chance
    weight = paths.share[:, None] * _taken(paths, goal, barred)
    at, mean = paths.position, paths.mean[:, None]
    fixed, sure = barred[at] | goal[at], goal[at].astype(float)

    def renew(rows: _Rows) -> Floats:
        through = weight[rows.edges] * chance[paths.to[rows.edges]]
        mixed = np.add.reduceat(through, rows.begin, axis=0)
        best = np.maximum.reduceat(through, rows.begin, axis=0)
        return np.where(fixed[rows.row], sure[rows.row], np.where(mean[rows.row], mixed, best))

    _settle(paths, chance, renew, within=1e-9)
    return chance


def _quickest(paths: AnnouncedPaths, goal: Flags, barred: Flags, chance: Floats) -> Ints:
    """i1[positions, columns]: the quickest of the most likely edges, the first of equals; -1 where none leads there."""
    want = np.full(goal.shape, -1, dtype=np.int8)
    if not len(paths.to):
        return want
    at, mean, row = paths.position, paths.mean[:, None], paths.row
    best = chance[at]
    likely = (chance[paths.to] >= best[row] - _ALIKE) & (chance[paths.to] >= MIN_CHANCE) & _taken(paths, goal, barred)
    weight = paths.share[:, None] * chance[paths.to]
    whole = np.maximum(np.add.reduceat(weight, paths.begin, axis=0), 1e-300)
    stays = goal[at] | (best < MIN_CHANCE)
    seconds = np.zeros(goal.shape)

    def renew(rows: _Rows) -> Floats:
        edges = rows.edges
        through = paths.cost_s[edges, None] + seconds[paths.to[edges]]
        least = np.minimum.reduceat(np.where(likely[edges], through, np.inf), rows.begin, axis=0)
        mixed = np.add.reduceat(weight[edges] * through, rows.begin, axis=0) / whole[rows.row]
        return np.where(stays[rows.row], 0.0, np.where(mean[rows.row], mixed, least))

    _settle(paths, seconds, renew, within=_ALIKE)
    through = paths.cost_s[:, None] + seconds[paths.to]
    least = np.minimum.reduceat(np.where(likely, through, np.inf), paths.begin, axis=0)
    takes = likely & (through <= least[row] + _ALIKE) & ~stays[row]
    edges, columns = np.nonzero(takes)
    edges, columns = edges[::-1], columns[::-1]  # reversed, so that the first edge of a row is written last
    want[at[row[edges]], columns] = paths.edge[edges]
    return want
