"""Random tables over the whole feature space of the engines, small and full of ties, from a seed."""

from __future__ import annotations

from typing import Any

import numpy as np

from ivr.records.schema import NEVER, NONE, OUTCOMES, outcome_code
from ivr.routing import RoutingTable
from ivr.routing.table import CHOICES, ORDERS
from simulation.tables.checks import AT_OFF, OFFERED, CallTable, QueueRule, StaffTable
from simulation.tables.queue_rules import ESTIMATORS

__all__ = ["routing", "scenario"]

ENDINGS = [
    outcome_code(name) for name in ("voicemail", "callback", "closed", "transferred_out", "failed", "turned_away")
]
MENU_ENDINGS = [outcome_code(name) for name in ("contained", "abandoned_in_menu")]


def scenario(seed: int) -> dict[str, Any]:  # noqa: C901 - a list of features, each drawn or not
    """The arguments of an engine's ``run``."""
    rng = np.random.default_rng(seed)
    tick_us = int(rng.choice([1, 1_000_000, 10_000_000, 60_000_000]))  # coarse clocks make ties
    n_queues, n_groups = int(rng.integers(1, 5)), int(rng.integers(1, 5))
    queues, groups = tuple(f"q{i}" for i in range(n_queues)), tuple(f"g{i}" for i in range(n_groups))
    horizon_us = int(rng.choice([600, 1_200, 3_600])) * 1_000_000

    def sometimes(share: float) -> bool:
        return bool(rng.random() < share)

    def times(size: int, mean_s: float, *, zero: float = 0.05, never: float = 0.0) -> np.ndarray:
        us = np.rint(rng.exponential(mean_s * 1e6, size) / tick_us).astype("i8") * tick_us
        us[rng.random(size) < zero] = 0
        us[rng.random(size) < never] = NEVER
        return us

    table = routing(rng, queues, groups, tick_us, sometimes)
    first, later = int(rng.integers(5, 90)), int(rng.integers(0, 25)) * sometimes(0.4)
    n = first + later
    further = int(rng.integers(0, 40)) * sometimes(0.6)
    m = n + further
    arrived = np.sort(rng.integers(0, horizon_us // tick_us, first)) * tick_us
    ending = np.where(rng.random(n) < rng.choice([0.0, 0.3]), rng.choice(MENU_ENDINGS, n), OFFERED)
    queue = rng.integers(0, n_queues, m)
    queue[:n][ending != OFFERED] = NONE

    def onward(share: float) -> np.ndarray:
        to = np.full(m, NONE)
        for row in range(m):
            low = max(n, row + 1)
            if low < m and rng.random() < share:
                to[row] = rng.integers(low, m)
        return to

    columns: dict[str, Any] = {}
    if sometimes(0.8):
        columns["menu_us"] = times(n, 30)
    if sometimes(0.8):
        columns["patience_us"] = times(m, 90, zero=0.1, never=0.1)
    if sometimes(0.5):
        columns["acw_us"] = times(m, 40, zero=0.3)
    n_urgencies = int(rng.integers(1, 4)) if sometimes(0.5) else 1
    columns["urgency"] = rng.integers(0, n_urgencies, m)
    if sometimes(0.5):
        columns["limit_us"] = times(m, 120, never=0.4)
        columns["limit_ending"] = rng.choice(ENDINGS, m)
        columns["limit_delay_us"] = times(m, 20, zero=0.5)
        columns["limit_keys"] = rng.integers(0, 4, m)
        columns["limit_next"] = onward(rng.choice([0.0, 0.6]))
    if sometimes(0.5):
        columns["full_ending"] = rng.choice(ENDINGS, m)
        columns["full_delay_us"] = times(m, 20, zero=0.5)
        columns["full_keys"] = rng.integers(0, 4, m)
        columns["full_next"] = onward(rng.choice([0.0, 0.7]))
    if sometimes(0.5):
        columns["talk_delay_us"] = times(m, 20, zero=0.5)
        columns["talk_keys"] = rng.integers(0, 4, m)
        columns["talk_next"] = onward(rng.choice([0.0, 0.4]))
    if sometimes(0.4):
        columns["confer_next"] = onward(rng.choice([0.2, 0.6]))
        asked = columns["confer_next"][columns["confer_next"] != NONE]
        columns.setdefault("limit_us", np.full(m, NEVER))[asked] = times(len(asked), 100)
    if sometimes(0.8):
        columns["ring_us"] = times(m, 15, zero=0.2)
        columns["reached_at"] = rng.integers(0, 4, m)
    if later:
        retry = np.full(n, NONE)
        for row, to in zip(rng.permutation(first)[:later], rng.permutation(np.arange(first, n)), strict=False):
            retry[row] = to
        if sometimes(0.5):  # a third attempt
            rows = np.arange(first, n)
            free = rows[~np.isin(rows, retry)]
            if len(free) and free[-1] > first:
                retry[rng.integers(first, free[-1])] = free[-1]
        columns |= {
            "retry": retry,
            "retry_after_us": times(n, 60, zero=0.1),
            "attempt": np.r_[np.ones(first, "i2"), np.full(later, 2)],
        }
        apart = rng.spawn(1)[0]  # all other draws stay as they are
        if apart.random() < 0.5:
            columns["repeat_after_us"] = np.where(apart.random(n) < 0.7, apart.integers(0, 90, n) * 1_000_000, NEVER)
        arrived = np.r_[arrived, np.full(later, NEVER)]
        if sometimes(0.3):
            columns["retry_outcomes"] = rng.choice(len(OUTCOMES), 4, replace=False).tolist()
    talk_columns = int(rng.integers(1, 3))
    talk = np.stack([times(m, float(rng.choice([30, 120, 300]))) for _ in range(talk_columns)], axis=1)
    calls = CallTable.of(
        arrived_us=arrived,
        talk_us=talk,
        queue=queue,
        ending=ending,
        queues=queues,
        u=rng.random((m, 2)),
        agent_draw=rng.integers(0, 2**53, m),
        **_pauses(times, m, n_groups, rng, sometimes),
        talk_column=rng.integers(0, talk_columns, n_groups).tolist() if talk_columns > 1 else (),
        urgencies=rng.choice([0.0, 1.0, 2.5, -1.0], n_urgencies).tolist(),
        **columns,
    )
    return {
        "calls": calls,
        "staff": _staff(rng, groups, horizon_us, tick_us, sometimes),
        "routing": table,
        "horizon_us": horizon_us,
        "lines": int(rng.integers(0, 30)) if sometimes(0.3) else None,
        "at_end": "clear" if sometimes(0.3) else "drain",
        "queue_rules": [_rule(rng, n_groups, sometimes) for _ in queues] if sometimes(0.6) else (),
        "estimates": sometimes(0.7),
    }


def _pauses(times: Any, m: int, n_groups: int, rng: np.random.Generator, sometimes: Any) -> dict[str, Any]:
    if not sometimes(0.4):
        return {}
    columns = int(rng.integers(1, 3))
    lasts = np.stack([times(m, float(rng.choice([20, 90])), zero=0.5) for _ in range(columns)], axis=1)
    return {"pause_us": lasts, "pause_column": rng.integers(-1, columns, n_groups).tolist()}


def routing(rng: np.random.Generator, queues: tuple, groups: tuple, tick_us: int, sometimes: Any) -> RoutingTable:
    """A routing table that uses some of what one can."""
    shape = len(queues), len(groups)

    def rows(values: np.ndarray) -> tuple:
        return tuple(tuple(row) for row in values.tolist())

    rank = [[None if sometimes(0.25) else int(rng.integers(0, 3)) for _ in groups] for _ in queues]
    alike = str(rng.choice(CHOICES))  # groups that are ranked equally must choose alike
    return RoutingTable(
        queues=queues,
        groups=groups,
        rank=tuple(map(tuple, rank)),
        pull=rows(rng.integers(0, 3, shape)) if sometimes(0.5) else (),
        after_us=rows(rng.choice([0, 0, 1, 3], shape) * int(max(tick_us, 20_000_000))) if sometimes(0.5) else (),
        priority=tuple(rng.choice([0.0, 1.0, 2.0], len(queues)).tolist()) if sometimes(0.5) else (),
        weight_per_s=tuple(rng.choice([0.0, 0.01, 0.3], len(queues)).tolist()) if sometimes(0.5) else (),
        keep_idle=tuple(rng.integers(0, 3, len(groups)).tolist()) if sometimes(0.4) else (),
        choice=(alike,) * len(groups) if sometimes(0.8) else (),
        own=rows(rng.random(shape) < 0.5) if sometimes(0.5) else (),
        order=tuple(rng.choice(ORDERS, len(queues)).tolist()) if sometimes(0.3) else (),
    )


def _staff(rng: np.random.Generator, groups: tuple, horizon_us: int, tick_us: int, sometimes: Any) -> StaffTable:
    rows = []
    breaks, long_rest = sometimes(0.5), sometimes(0.3)
    for agent in range(int(rng.choice([0, 1, 2, 3, 5, 8, 20], p=[0.03, 0.17, 0.2, 0.2, 0.2, 0.15, 0.05]))):
        pieces = int(rng.integers(1, 4)) if breaks else 1
        edges = np.unique(rng.integers(0, int(1.3 * horizon_us) // tick_us + 2, 2 * pieces)) * tick_us
        if sometimes(0.4):
            edges = np.array([0, horizon_us])
        group = int(rng.integers(len(groups)))
        for on, off in zip(edges[::2], edges[1::2], strict=False):
            if sometimes(0.2):
                group = int(rng.integers(len(groups)))
            rest = int(rng.integers(0, 4)) * max(tick_us, 20_000_000) * (10 if long_rest else 1) * sometimes(0.5)
            rows.append((3 * agent, group, on, off, rng.choice([1.0, 1.0, 0.5, 0.8, 1.37]), rest))
    order = rng.permutation(len(rows))
    columns = [np.array([rows[i][c] for i in order]) for c in range(6)]
    to_break = rng.random(len(rows)) < (0.5 if breaks else 0.0)
    return StaffTable(
        agent=columns[0],
        group=columns[1],
        on_us=columns[2],
        off_us=columns[3],
        speed=columns[4] if sometimes(0.5) else 1.0,
        rest_us=columns[5],
        to_break=to_break,
        groups=groups,
        at_off=tuple(rng.choice(AT_OFF, len(groups)).tolist()),
    )


def _rule(rng: np.random.Generator, n_groups: int, sometimes: Any) -> QueueRule:
    rule: dict[str, Any] = {
        "mean_handle_us": int(rng.choice([0, 60, 200])) * 1_000_000,
        "estimator": str(rng.choice(ESTIMATORS)),
    }
    if sometimes(0.6):
        rule["handle_us"] = tuple((rng.choice([0, 60, 200, 333], n_groups) * 1_000_000).tolist())
    if sometimes(0.4):
        rule["capacity"] = int(rng.integers(0, 6))
    if sometimes(0.5):
        rule["announces"] = True
        if sometimes(0.8):
            rule |= {
                "told_us": (0, 20_000_000, 90_000_000),
                "balk_share": (0.0, 0.2, 0.5),
                "patience_factor": (1.0, 1.37, 0.5),
            }
    if sometimes(0.4):
        rule |= {
            "callback_above_us": int(rng.choice([0, 30, 90])) * 1_000_000,
            "callback_share": float(rng.choice([0.3, 1.0])),
            "callback_attempts": int(rng.integers(1, 4)),
            "callback_again_us": int(rng.choice([0, 60])) * 1_000_000,
        }
    return QueueRule(**rule)
