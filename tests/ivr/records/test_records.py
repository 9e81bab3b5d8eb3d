"""Records: the documented schema, joining replications, and files that give back what was written."""

from dataclasses import replace

import numpy as np
import pytest

from ivr.records import files, tables
from ivr.records.measures import measures, sums
from ivr.records.selection import between, of_replication
from ivr.records.tables import NONE, SCHEMA, Records, RecordsError, outcome_code, result_code
from tests.support.record_tables import filled

NAMES = {
    "queue": ("billing", "tech"),
    "group": ("front",),
    "intent": ("bill", "fault"),
    "language": ("en-US", "es-US"),
    "path": ("main>billing", "main>técnico"),
    "node": ("main", "billing"),
    "step_outcome": ("1", "offered"),
}


def table(name, *rows):
    """A table from rows written in the order of the schema."""
    return {c.name: np.array([row[i] for row in rows], dtype=c.dtype) for i, c in enumerate(SCHEMA[name])}


@pytest.fixture
def two_calls():
    """Call 0 is answered by agent 7 after 10 s; call 1 finds all lines busy."""
    return Records(
        calls=table(
            "calls",
            (0, 0, 1_000_000, 0, 1, 1, 20_000_000, 3, outcome_code("handled"), False, 1, 91_000_000, False),
            (1, 0, 5_000_000, NONE, NONE, NONE, 0, NONE, outcome_code("blocked"), True, 2, 5_000_000, True),
        ),
        visits=table(
            "visits",
            (
                0,
                0,
                1,
                21_000_000,
                31_000_000,
                31_000_000,
                result_code("handled"),
                7,
                0,
                60_000_000,
                5_000_000,
                NONE,
                False,
            ),
            (0, 1, 0, 22_000_000, NONE, 23_000_000, result_code("overflowed"), NONE, NONE, 0, 0, 40_000_000, False),
        ),
        steps=table("steps", (0, 0, 0, 0, 1_000_000), (0, 1, 1, NONE, 9_000_000)),
        agents=table("agents", (7, 0, 0, 100_000_000, 100_000_000, 60_000_000, 5_000_000)),
        names=NAMES,
        horizon_us=90_000_000,
    )


def assert_equal(a, b):
    assert dict(a.names) == dict(b.names)
    assert a.horizon_us == b.horizon_us
    for name in SCHEMA:
        left, right = getattr(a, name), getattr(b, name)
        assert list(left) == list(right)
        for column in left:
            assert left[column].dtype == right[column].dtype, column
            assert left[column].tolist() == right[column].tolist(), column


def test_every_column_says_its_unit_and_meaning():
    for columns in SCHEMA.values():
        for column in columns:
            assert column.unit in {"us", "code", "id", "count", "yes/no"}
            assert column.name.endswith("_us") == (column.unit == "us")
            assert bool(column.names) == (column.unit == "code")
            assert column.meaning.endswith(".")


def test_outcomes_and_results_keep_their_codes():
    # Files hold names, but call tables hold codes: the order is part of the format.
    assert tables.OUTCOMES == (
        "contained",
        "abandoned_in_menu",
        "blocked",
        "handled",
        "abandoned",
        "voicemail",
        "callback",
        "transferred_out",
        "closed",
        "failed",
        "turned_away",
        "rejected",
    )
    assert tables.RESULTS == (
        "handled",
        "abandoned",
        "overflowed",
        "callback",
        "voicemail",
        "timeout",
        "full",
        "closed",
        "unreached",
        "handed_over",
        "joined",
        "unjoined",
    )


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_files_give_back_what_was_written(two_calls, tmp_path, format):
    files.write(two_calls, tmp_path / "out", format=format)
    assert_equal(files.read(tmp_path / "out"), two_calls)


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_files_of_replications_and_of_nothing(two_calls, tmp_path, format):
    both = tables.concatenate([two_calls, two_calls])
    files.write(both, tmp_path / "both", format=format)
    assert_equal(files.read(tmp_path / "both"), both)
    files.write(tables.empty(), tmp_path / "none", format=format)
    assert_equal(files.read(tmp_path / "none"), tables.empty())


def test_pauses_have_a_file_only_if_there_are_some(two_calls, tmp_path):
    """Also of several replications; records of earlier versions have none, and are read."""
    pause = filled("pauses", [{"agent": 0, "group": 0, "began_us": 5, "ended_us": 9}])
    paused = tables.concatenate([replace(two_calls, pauses=pause), two_calls])
    files.write(paused, tmp_path, format="csv")
    assert (tmp_path / "pauses.csv").read_text(encoding="utf-8").splitlines()[1:] == ["0,0,front,5,9"]
    assert_equal(files.read(tmp_path), paused)
    assert of_replication(paused, 0).pauses["ended_us"].tolist() == [9]
    assert between(of_replication(paused, 0), 0, 50).pauses["ended_us"].tolist() == []
    files.write(two_calls, tmp_path, format="csv")
    assert not (tmp_path / "pauses.csv").exists()
    assert_equal(files.read(tmp_path), two_calls)


def test_csv_holds_names_and_empty_cells(two_calls, tmp_path):
    files.write_table(two_calls, "calls", tmp_path / "calls.csv")
    assert (tmp_path / "calls.csv").read_text(encoding="utf-8").splitlines() == [
        "call_id,source,arrived_us,intent,language,path,menu_us,key_presses,outcome,zero_out,attempt,ended_us,repeat",
        "0,simulated,1000000,bill,es-US,main>técnico,20000000,3,handled,false,1,91000000,false",
        "1,simulated,5000000,,,,0,,blocked,true,2,5000000,true",
    ]


def test_one_table_read_alone_takes_names_in_order_of_appearance(two_calls, tmp_path):
    files.write_table(two_calls, "visits", tmp_path / "visits.parquet")
    columns, names = files.read_table(tmp_path / "visits.parquet", "visits")
    assert columns["queue"].tolist() == [0, 1]
    assert names["queue"] == ("tech", "billing")
    assert columns["answered_us"].tolist() == [31_000_000, NONE]


@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_a_replication_in_which_nobody_called_counts(two_calls, tmp_path, format):
    """Two calls in the first of three replications: 2 / 3 calls a replication, also after write and read."""
    three = tables.concatenate([two_calls, *[tables.empty(horizon_us=two_calls.horizon_us, names=two_calls.names)] * 2])
    files.write(three, tmp_path, format=format)
    for records in (three, files.read(tmp_path)):
        assert measures(sums(records))["arrived"] == pytest.approx(2 / 3)


def test_fewer_replications_than_rows_tell_of_are_refused(two_calls):
    both = tables.concatenate([two_calls, two_calls])
    with pytest.raises(RecordsError, match="rows belong to 2 replications, not to the 1 stated"):
        replace(both, replications=1)


def test_concatenate_numbers_the_replications(two_calls):
    both = tables.concatenate([two_calls, two_calls])
    assert both.calls["replication"].tolist() == [0, 0, 1, 1]
    assert both.agents["replication"].tolist() == [0, 1]
    assert both.calls["arrived_us"].tolist() == [1_000_000, 5_000_000] * 2


def test_concatenate_refuses_what_does_not_belong_together(two_calls):
    with pytest.raises(RecordsError, match="give at least one"):
        tables.concatenate([])
    with pytest.raises(RecordsError, match="part 1 has other names or another horizon"):
        tables.concatenate([two_calls, tables.empty(names=NAMES)])


def test_parts_that_hold_several_replications_are_numbered_through(two_calls):
    """Two, one without calls, and one: the last is number 3."""
    both = tables.concatenate([two_calls, two_calls])
    nobody = tables.empty(horizon_us=two_calls.horizon_us, names=two_calls.names)
    found = tables.concatenate([both, nobody, two_calls])
    assert found.calls["replication"].tolist() == [0, 0, 1, 1, 3, 3]
    assert found.calls["replication"].dtype == np.int32
    assert found.replications == 4


def test_to_pandas_has_categories_and_missing_values(two_calls):
    frame = tables.to_pandas(two_calls, "visits")
    assert frame["queue"].tolist() == ["tech", "billing"]
    assert frame["answered_us"].isna().tolist() == [False, True]
    assert frame["result"].cat.categories.tolist() == list(tables.RESULTS)


def test_records_are_read_only(two_calls):
    with pytest.raises(ValueError, match="read-only"):
        two_calls.calls["ended_us"][0] = 1
    with pytest.raises(TypeError):
        two_calls.calls["ended_us"] = np.zeros(2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"agent_name": np.zeros(2)}, r"unknown columns \['agent_name'\]"),
        ({"attempt": np.zeros(3, "i2")}, "columns of unequal length"),
    ],
)
def test_wrong_tables_are_refused(two_calls, change, message):
    with pytest.raises(RecordsError, match=message):
        Records(
            calls={**two_calls.calls, **change}, visits=two_calls.visits, steps=two_calls.steps, agents=two_calls.agents
        )


def test_missing_column_and_unknown_names_are_refused(two_calls):
    calls = {k: v for k, v in two_calls.calls.items() if k != "ended_us"}
    with pytest.raises(RecordsError, match=r"calls: missing columns \['ended_us'\]"):
        Records(calls=calls, visits=two_calls.visits, steps=two_calls.steps, agents=two_calls.agents)
    with pytest.raises(RecordsError, match=r"unknown keys \['queues'\]"):
        tables.empty(names={"queues": ("a",)})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("call_id\n1\n", "column 'source' of table calls is missing"),
        ("call_id,source\n1\n", "line 2 has another number of cells"),
    ],
)
def test_bad_files_are_findings(tmp_path, text, message):
    path = tmp_path / "calls.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordsError, match=message) as error:
        files.read_table(path, "calls")
    assert error.value.findings[0].file == str(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("handled,", "hanlded,", "'hanlded' in column 'outcome' is not one of contained, "),
        ("1000000,", "soon,", "column 'arrived_us' holds a value that is not a whole number"),
    ],
)
def test_bad_cells_are_findings(two_calls, tmp_path, old, new, message):
    path = tmp_path / "calls.csv"
    files.write_table(two_calls, "calls", path)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RecordsError, match=message):
        files.read_table(path, "calls")


def test_files_that_are_not_there_or_not_records(two_calls, tmp_path):
    with pytest.raises(RecordsError, match="cannot be read"):
        files.read_table(tmp_path / "none.parquet", "calls")
    (tmp_path / "text.parquet").write_text("no parquet", encoding="utf-8")
    with pytest.raises(RecordsError, match="cannot be read"):
        files.read_table(tmp_path / "text.parquet", "calls")
    with pytest.raises(RecordsError, match="cannot be read"):
        files.read(tmp_path)
    with pytest.raises(RecordsError, match=r"'.xlsx'; records are read from .csv or .parquet"):
        files.read_table(tmp_path / "a.xlsx", "calls")
    with pytest.raises(RecordsError, match=r"'.xlsx'; records are written to .csv or .parquet"):
        files.write_table(two_calls, "calls", tmp_path / "a.xlsx")
    with pytest.raises(RecordsError, match="unknown table 'call'; the tables are calls, visits, steps, agents"):
        files.write_table(two_calls, "call", tmp_path / "a.csv")


def test_code_without_a_name_is_not_written(two_calls, tmp_path):
    nameless = Records(
        calls=two_calls.calls, visits=two_calls.visits, steps=two_calls.steps, agents=two_calls.agents, horizon_us=1
    )
    with pytest.raises(RecordsError, match="column 'queue' has a code outside the 0 names of 'queue'"):
        files.write_table(nameless, "visits", tmp_path / "visits.csv")


def test_records_without_a_column_that_came_later_are_read(tmp_path, two_calls):
    files.write(two_calls, tmp_path, format="csv")
    rows = [line.rsplit(",", 1)[0] for line in (tmp_path / "calls.csv").read_text(encoding="utf-8").splitlines()]
    (tmp_path / "calls.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert files.read(tmp_path).calls["repeat"].tolist() == [False, False]
