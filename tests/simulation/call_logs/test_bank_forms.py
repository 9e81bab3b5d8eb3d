"""A bank's log, a row a call, in every form in which such logs are handed on: the same calls, without a column map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from simulation.call_logs.log import CallLog
from simulation.call_logs.read import read_log
from tests.support.bank_log import HEAD, Bank, bank_rows

BANK = Bank(first=dt.date(1999, 1, 28), days=7, calls_a_day=150.0)  # into February
ROWS = bank_rows(BANK)
DATE, PADDED = HEAD.index("date"), [max(len(row[i]) for row in [list(HEAD), *ROWS]) for i in range(len(HEAD))]


def written(rows: list[list[str]], *, between: str = "\t", end: str = "\n") -> str:
    return "".join(between.join(row) + end for row in [list(HEAD), *rows])


def dated(form: str) -> list[list[str]]:
    """The rows with dates in another form."""
    return [[*row[:DATE], f"{dt.datetime.strptime(row[DATE], '%y%m%d'):{form}}", *row[DATE + 1 :]] for row in ROWS]


FORMS: dict[str, Callable[[], dict[str, str]]] = {
    "tabs": lambda: {"bank.txt": written(ROWS)},
    "spaces": lambda: {"bank.txt": written(ROWS, between=" ")},
    "columns of spaces": lambda: {
        "bank.txt": written([[c.ljust(w) for c, w in zip(row, PADDED, strict=True)] for row in ROWS], between=" ")
    },
    "lines that end with CRLF": lambda: {"bank.txt": written(ROWS, end="\r\n")},
    "month/day/year": lambda: {"bank.txt": written(dated("%m/%d/%y"))},
    "day.month.year": lambda: {"bank.csv": written(dated("%d.%m.%y"), between=";")},
    "year-month-day": lambda: {"bank.csv": written(dated("%y-%m-%d"), between=",")},
    "a file a month": lambda: {
        f"{month}.txt": written([row for row in ROWS if row[DATE].startswith(month)]) for month in ("9901", "9902")
    },
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_calls_in_every_form(form: str, tmp_path: Path) -> None:
    paths = []
    for name, text in FORMS[form]().items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(text.encode("latin-1"))
    log = read_log(paths)
    assert isinstance(log, CallLog)
    calls = log.records.calls
    real = [row for row in ROWS if "PHANTOM" not in row]
    assert log.findings == ()
    assert log.counts["rows"] == len(ROWS)
    assert len(calls["call_id"]) == len(real)
    first = dt.datetime.combine(BANK.first, dt.time()).timestamp()
    entered = [
        dt.datetime.strptime(f"{row[DATE]} {row[DATE + 1]}", "%y%m%d %H:%M:%S").timestamp() - first for row in real
    ]
    assert np.array_equal(np.sort(calls["arrived_us"] / 1e6), np.sort(entered))
