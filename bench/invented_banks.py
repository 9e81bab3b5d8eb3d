"""How often a fitted scenario is as near to the next two weeks as it must be, and how often the truth itself would be.

Each bank is invented: servers who pause after calls and while idle, who differ in speed and stay away; callers of two
priorities who call again; talk that drifts; days of outages and rows that mean nothing. Two weeks are fitted, the next
two tested with their talk given (``--use talk``), and with their calls too (``--use talk,volumes``). Beside it stands
what nobody can beat: the bank itself, run again. Once with other days, as a forecast that knows the truth; once with
the calls as they came.

    python -m bench.invented_banks --banks 24
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from simulation.backtesting.backtest import backtest
from simulation.backtesting.figures import Waits, figures
from simulation.backtesting.from_log import from_log
from simulation.backtesting.judged import judged
from simulation.backtesting.retimed import as_scenario
from simulation.backtesting.spread import Spread, spread_of
from simulation.calibration.calibration import part
from simulation.call_logs.log import CallLog
from simulation.call_logs.read import read_log
from tests.support.bank_log import HEAD, Bank, bank_rows, write_bank

DAY_US = 86_400 * 1_000_000
MUST = ("abandonment", "no_wait", "wait_p80_s", "wait_p95_s")
AGAIN = 10
"""How often the truth is run again."""


def bank_of(number: int) -> Bank:
    """An invented bank; the same number gives the same bank."""
    g = np.random.default_rng([20261201, number])
    size = g.uniform(0.8, 2.0)
    load = g.uniform(0.9, 1.1)
    first = dt.date(1999, 1, 3)
    shifts = ((7, 15, 3), (8, 16.5, 4), (10, 18, 2), (15, 24, 3), (17, 24, 1))
    outages = [first + dt.timedelta(days=int(day)) for day in (g.choice([2, 9, 10]), g.choice([16, 23, 24]))]
    return Bank(
        first=first,
        calls_a_day=1350 * size * load,
        gamma=float(g.uniform(50, 150)),
        pause_share=float(g.uniform(0.1, 0.3)),
        pause_s=float(g.uniform(40, 100)),
        after_call_s=float(g.uniform(3, 12)),
        patience_s=float(g.uniform(250, 600)),
        leave_at_once=float(g.uniform(0.01, 0.05)),
        short_share=float(g.uniform(0, 0.06)),
        outages=tuple(outages),
        staff=tuple((on, off, max(1, round(servers * size))) for on, off, servers in shifts),
        retry=float(g.uniform(0, 0.2)),
        seed=1000 + number,
        drift={first + dt.timedelta(days=14): float(g.uniform(0.9, 1.2))},
        idle_pauses_an_hour=float(g.uniform(0.5, 3)),
        idle_pause_s=float(g.uniform(60, 240)),
        speed_cv=float(g.uniform(0.05, 0.2)),
        absent=float(g.uniform(0, 0.08)),
    )


def known(bank: Bank, dates: tuple[dt.date, ...], kept: tuple[bool, ...]) -> dict[str, float]:
    """The figures of the test days of another log of the same bank."""
    days = {f"{date:%y%m%d}" for date, one in zip(dates, kept, strict=True) if one}
    column = {name: i for i, name in enumerate(HEAD)}
    rows = [row for row in bank_rows(bank, 14) if row[column["date"]] in days and row[column["outcome"]] != "PHANTOM"]
    wait, talk = (np.array([float(row[column[name]]) for row in rows]) for name in ("q_time", "ser_time"))
    handled = np.array([row[column["outcome"]] == "AGENT" for row in rows])
    return figures(Waits(np.zeros(len(rows), np.int64), wait, talk, handled, ~handled, np.zeros(len(rows), np.int64)))


def met(real: Mapping[str, float], said: Mapping[str, Spread]) -> dict[str, float | bool]:
    """Whether each figure that must fit does, and how far off it is: points, or percent."""
    found: dict[str, float | bool] = {}
    for one in judged(real, said):
        if one.name in MUST:
            share = one.name in ("abandonment", "no_wait")
            off = (one.said.mean - one.real) * 100 if share else (one.said.mean / max(one.real, 1e-9) - 1) * 100
            found[one.name] = round(off, 2)
            found[f"{one.name} fits"] = one.fits
    found["all"] = all(found[f"{name} fits"] for name in MUST)
    return found


def tried(number: int) -> dict[str, object]:
    """One bank, fitted and tested."""
    bank = bank_of(number)
    with tempfile.TemporaryDirectory() as folder:
        log = read_log([write_bank(bank, Path(folder) / "bank.txt")])
        assert isinstance(log, CallLog)
        file = str(Path(folder) / "bank.scenario.yaml")
        fitted = from_log(part(log, 0, 14 * DAY_US), name="A bank", file=file, flow_file="bank.yaml")
        loaded = as_scenario(fitted.data.data, file, fitted.flow)
        test = part(log, 14 * DAY_US, 28 * DAY_US)
        talk = backtest(loaded, test, use=("talk",), replications=AGAIN, explain=False)
        volumes = backtest(loaded, test, use=("talk", "arrivals"), replications=AGAIN, explain=False)
    real = talk.real.whole
    days = talk.dates, talk.kept
    runs = {
        "truth": [known(replace(bank, other_days=k), *days) for k in range(1, AGAIN + 1)],
        "truth, calls given": [known(replace(bank, redraw=k), *days) for k in range(1, AGAIN + 1)],
    }
    return {
        "bank": number,
        "real": {name: round(value, 4) for name, value in real.items()},
        "pauses x": fitted.own.factor if fitted.own else 1.0,
        "own days": met(fitted.own.real, fitted.own.simulated.whole) if fitted.own else {},
        "talk": met(real, talk.chosen.whole),
        "talk, volumes": met(real, volumes.chosen.whole),
        "offered": round((talk.chosen.whole["offered"].mean / real["offered"] - 1) * 100, 1),
        # A single run of the truth instead of a mean of ten: how far two fortnights lie apart by chance.
        **{name: met(real, spread_of(found)) for name, found in runs.items()},
        "another fortnight": met(real, spread_of(runs["truth"][:1])),
    }


def main() -> None:
    """Try the banks, one line of JSON each, and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--banks", type=int, default=24)
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    found = []
    for number in range(asked.first, asked.first + asked.banks):
        found.append(tried(number))
        print(json.dumps(found[-1]), flush=True)
    for name in ("talk", "talk, volumes", "truth", "truth, calls given", "another fortnight"):
        counts = {one: sum(bool(of[name][f"{one} fits"]) for of in found) for one in MUST}  # type: ignore[index]
        everything = sum(bool(of[name]["all"]) for of in found)  # type: ignore[index]
        print(f"{name:20} all {everything} of {len(found)}; {counts}")


if __name__ == "__main__":
    main()
