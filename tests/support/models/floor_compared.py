"""A day run by an engine and by the model, row by row."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml

from ivr.records.schema import OUTCOMES, RESULTS
from simulation.experiment.runner import Runner
from simulation.loading.load import load_scenario
from simulation.sampling.streams import Streams
from simulation.workload.build_call_table import build_call_table
from tests.support.models.floor import Floor
from tests.support.models.floor_days import Day

Rows = dict[str, list[tuple[Any, ...]]]

COLUMNS = {
    "calls": ("arrived_us", "attempt", "menu_us", "outcome", "ended_us", "key_presses"),
    "visits": (
        "call_id",
        "seq",
        "queue",
        "offered_us",
        "answered_us",
        "left_us",
        "result",
        "agent",
        "group",
        "talk_us",
        "acw_us",
        "announced_wait_us",
        "called_back",
    ),
    "pauses": ("agent", "began_us", "ended_us"),
    "agents": ("agent", "group", "on_us", "off_us", "staffed_us", "busy_us", "wrap_us"),
    "outbound": ("agent", "group", "dialled_us", "ring_us", "reached", "talk_us", "acw_us"),
}


def written(day: Day, folder: Path) -> Path:
    """The files of a day; the path of the scenario."""
    (folder / "flow.yaml").write_text(yaml.safe_dump(day.flow, sort_keys=False), encoding="utf-8")
    (folder / "day.yaml").write_text(yaml.safe_dump(day.scenario, sort_keys=False), encoding="utf-8")
    with (folder / "calls.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("arrived_us", "intent"), *day.arrivals])
    return folder / "day.yaml"


def by_engine(day: Day, folder: Path, engine: str) -> Rows:
    """What an engine records of a day."""
    runner = Runner.of(load_scenario(written(day, folder)), engine=engine, keep_calls=True)
    _, records = runner.replication(build_call_table(runner.prepared, Streams(1, 0), busy_u=0.5, paths=True))
    named = {"outcome": OUTCOMES, "result": RESULTS, "queue": records.names["queue"], "group": records.names["group"]}
    rows: Rows = {}
    for table, columns in COLUMNS.items():
        values = []
        for name in columns:
            column = getattr(records, table)[name].tolist()
            values.append([named[name][code] if code >= 0 else None for code in column] if name in named else column)
        rows[table] = list(zip(*values, strict=True))
    rows["agents"].sort(key=lambda row: (row[0], row[2]))
    return rows


def by_model(day: Day) -> Rows:
    """What the model records of a day."""
    floor = Floor(day.flow, day.scenario, day.arrivals).run()
    came = sorted((call for call in floor.calls if call.arrived is not None), key=lambda call: call.id)
    visits = [
        (
            i,
            seq,
            v.queue,
            v.offered,
            v.answered,
            v.left,
            v.result,
            v.agent.id if v.agent else -1,
            v.agent.person.group if v.agent else None,
            v.talk,
            v.acw,
            v.announced,
            v.called_back,
        )
        for i, call in enumerate(came)
        for seq, v in enumerate(call.visits)
    ]
    return {
        "calls": [(c.arrived, c.attempt, c.menu_us, c.outcome, c.ended, c.keys) for c in came],
        "visits": visits,
        "pauses": sorted(floor.pauses),
        "agents": [(a.id, a.person.group, *record) for a in floor.agents for record in a.records],
        "outbound": [
            (d.agent.id, d.agent.person.group, d.dialled, d.ring, d.reached, d.talk, d.acw) for d in floor.dialled
        ],
    }


def first_difference(engine: Rows, model: Rows) -> str:
    """The earliest row in which they differ, by time; nothing if there is none."""
    found = []
    for table, columns in COLUMNS.items():
        if len(engine[table]) != len(model[table]):
            found.append((2**61, f"{table}: {len(engine[table])} rows and {len(model[table])}"))
        when = {"calls": 4, "visits": 5, "pauses": 2, "agents": 3, "outbound": 2}[table]
        for i, (theirs, ours) in enumerate(zip(engine[table], model[table], strict=False)):
            if theirs != ours:
                cells = ", ".join(
                    f"{name} {a} (model {b})" for name, a, b in zip(columns, theirs, ours, strict=True) if a != b
                )
                found.append((min(theirs[when], ours[when]), f"{table} row {i}: {cells}; {theirs}"))
    return min(found)[1] if found else ""
