"""A row for each call, with what its visits came to."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from ivr.records.call_rows import ADDED, call_rows
from ivr.records.files import write_calls
from ivr.records.tables import RecordsError
from tests.support.six_calls import six_calls
from tests.support.units import S


def test_each_call_by_hand() -> None:
    """Six calls: 0, 1 and 3 are handled after 0, 30 and 20 s; 2 hangs up after 4 s; 4 and 5 join no queue."""
    rows = pd.DataFrame(call_rows(replace(six_calls(), begins_us=0, zone="America/New_York")))
    assert rows.columns[-len(ADDED) :].tolist() == list(ADDED)
    of = rows.set_index("call_id")
    assert of.queue.fillna("").tolist() == ["billing", "billing", "tech", "tech", "", ""]
    assert of.wait_us.fillna(-1).tolist() == [0, 30 * S, 4 * S, 20 * S, -1, -1]
    assert of.talk_us.fillna(-1).tolist() == [100 * S, 200 * S, 0, 300 * S, -1, -1]
    assert of.group.fillna("").tolist() == ["front", "front", "", "second", "", ""]
    assert of.agent.fillna(-1).tolist() == [0, 0, -1, 1, -1, -1]
    assert of.arrived.iloc[1] == "1969-12-31T19:01:00-05:00"  # 60 s after the epoch, five hours west


def test_files_read_back_as_written(tmp_path) -> None:
    rows = pd.DataFrame(call_rows(six_calls()))
    write_calls(six_calls(), tmp_path / "calls.csv")
    write_calls(six_calls(), tmp_path / "calls.parquet")
    csv, parquet = pd.read_csv(tmp_path / "calls.csv"), pd.read_parquet(tmp_path / "calls.parquet")
    for read in (csv, parquet):
        assert read.columns.tolist() == rows.columns.tolist()
        assert read.wait_us.fillna(-1).tolist() == rows.wait_us.fillna(-1).tolist()
    assert "handled,true,0," in (tmp_path / "calls.csv").read_text(encoding="utf-8")
    with pytest.raises(RecordsError, match=r"calls are written to \.csv or \.parquet"):
        write_calls(six_calls(), tmp_path / "calls.txt")
