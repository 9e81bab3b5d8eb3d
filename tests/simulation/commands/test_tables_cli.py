"""``--tables`` and ``ivr explain-call``."""

from __future__ import annotations

import pandas as pd
import pytest

from ivr.__main__ import main


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    folder = tmp_path_factory.mktemp("day")
    made = [
        f"{option}={folder / name}" for option, name in (("--tables", "t"), ("--records", "r"), ("--calls", "c.csv"))
    ]
    assert main(["simulate", "power_outage", "--replications", "2", "--engine", "reference", *made]) == 0
    return folder


def test_tables_of_a_simulation_and_of_its_records_agree(day, capsys) -> None:
    assert main(["report", str(day / "r"), "--tables", str(day / "again.xlsx")]) == 0
    assert capsys.readouterr().err.splitlines()[-1] == f"wrote {day / 'again.xlsx'}"
    simulated = pd.read_csv(day / "t" / "queues.csv").set_index("queue")
    measured = pd.read_excel(day / "again.xlsx", sheet_name="queues").set_index("queue")
    for name in ("offered", "asa_s", "abandonment"):
        assert measured[name].to_dict() == pytest.approx(simulated[name].to_dict())


def test_a_call_of_the_list_is_explained(day, capsys) -> None:
    calls = pd.read_csv(day / "c.csv")
    waited = calls[(calls.replication == 1) & (calls.wait_us > 0)].iloc[0]
    assert main(["explain-call", str(day / "r"), str(waited.call_id), "--replication", "1"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"Call {waited.call_id}: {waited.outcome.replace('_', ' ')} after ")
    assert waited.arrived[11:19] in told.splitlines()[3]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["simulate", "power_outage", "--tables", "nowhere/day.xlsx"], 2, "--tables: there is no folder 'nowhere'"),
        (["explain-call", "nowhere", "3"], 2, "there is no folder and no database 'nowhere'"),
        (["explain-call", "nowhere", "three"], 2, "'three' is not a valid integer"),
    ],
)
def test_wrong_places(arguments: list[str], code: int, told: str, capsys) -> None:
    assert main(arguments) == code
    assert told in capsys.readouterr().err


def test_a_number_that_is_no_call(day, capsys) -> None:
    assert main(["explain-call", str(day / "r"), "999999"]) == 1
    assert "there is no call 999999; their numbers go from 0 to" in capsys.readouterr().err
