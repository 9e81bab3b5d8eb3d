"""Four calls on a line, as the service records them and as tables written by hand."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

from flows.protocol.actions import HungUp, Keys, Outcome, Silence
from ivr.__main__ import main
from ivr.records.schema import OUTCOMES, RESULTS, SOURCES
from ivr.records.tables import Records, empty_table
from tests.support.live_line import NINE, Line
from tests.support.units import S

H = 3_600 * S


def four_calls(database: str) -> None:
    """09:00 answered after 3 s (the carrier's word) and talked 57 s; 09:01 gives up after 60 s; 09:02 leaves the menu
    after silence; 09:40 is answered after 3 s, talks 27 s."""
    line = Line(database)
    line.call(1).then(5, Keys("0")).then(60, Outcome("answered"))
    line.now = NINE + dt.timedelta(minutes=1)
    line.call(2).then(5, Keys("0")).then(60, HungUp())
    line.now = NINE + dt.timedelta(minutes=2)
    line.call(3).then(10, Silence()).then(4, HungUp())
    line.now = NINE + dt.timedelta(minutes=40)
    line.call(4).then(5, Keys("0")).then(30, Outcome("answered"))
    assert line.journal.flush()
    line.store.close()


def by_hand() -> Records:
    """The same four calls as the tables say them, in microseconds since 09:00."""
    at = np.array([0, 60, 120, 2_400]) * S
    codes = [OUTCOMES.index(name) for name in ("handled", "abandoned", "abandoned_in_menu", "handled")]
    calls = empty_table("calls", 4) | {
        "call_id": np.arange(4),
        "source": np.full(4, SOURCES.index("live")),
        "arrived_us": at,
        "intent": np.full(4, -1),
        "language": np.zeros(4, int),
        "path": np.array([0, 0, 1, 0]),
        "menu_us": np.array([5, 5, 14, 5]) * S,
        "outcome": np.array(codes),
        "zero_out": np.array([1, 1, 0, 1]),
        "key_presses": np.array([1, 1, 0, 1]),
        "attempt": np.ones(4, int),
        "ended_us": at + np.array([65, 65, 14, 35]) * S,
    }
    offered = np.array([5, 65, 2_405]) * S
    left = offered + np.array([3, 60, 3]) * S
    visits = empty_table("visits", 3) | {
        "call_id": np.array([0, 1, 3]),
        "seq": np.zeros(3, int),
        "queue": np.zeros(3, int),
        "offered_us": offered,
        "answered_us": np.array([left[0], -1, left[2]]),
        "left_us": left,
        "result": np.array([RESULTS.index(r) for r in ("handled", "abandoned", "handled")]),
        "agent": np.full(3, -1),
        "group": np.full(3, -1),
        "talk_us": np.array([57, 0, 27]) * S,
        "acw_us": np.zeros(3, int),
        "announced_wait_us": np.full(3, -1),
    }
    rows = [
        (0, "hello", "done", 0),
        (0, "main", "0", 0),
        (0, "agent", "answered", 5),
        (1, "hello", "done", 60),
        (1, "main", "0", 60),
        (1, "agent", "abandoned", 65),
        (2, "hello", "done", 120),
        (2, "main", "no_input", 120),
        (2, "main", "hung_up", 130),
        (3, "hello", "done", 2_400),
        (3, "main", "0", 2_400),
        (3, "agent", "answered", 2_405),
    ]
    nodes, ends = sorted({r[1] for r in rows}), sorted({r[2] for r in rows})
    steps = empty_table("steps", len(rows)) | {
        "call_id": np.array([r[0] for r in rows]),
        "seq": np.array([0, 1, 2] * 4),
        "node": np.array([nodes.index(r[1]) for r in rows]),
        "outcome": np.array([ends.index(r[2]) for r in rows]),
        "at_us": np.array([r[3] for r in rows]) * S,
    }
    names = {
        "queue": ("sales",),
        "language": ("en-US",),
        "path": ("hello > main > agent", "hello > main"),
        "node": tuple(nodes),
        "step_outcome": tuple(ends),
    }
    typed = {
        table: {name: values.astype(empty_table(table)[name].dtype) for name, values in columns.items()}
        for table, columns in (("calls", calls), ("visits", visits), ("steps", steps))
    }
    return Records(
        **typed, agents=empty_table("agents"), names=names, horizon_us=H, begins_us=int(NINE.timestamp()) * S
    )


def measured(at: str, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, object]:
    capsys.readouterr()
    assert main(["report", at, "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)
