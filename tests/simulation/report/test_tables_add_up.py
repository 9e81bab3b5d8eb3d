"""Tables of all three formats hold what the list of calls holds: every count is added up again from the calls."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ivr.__main__ import main

REPLICATIONS = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two paydays at a credit union, as tables in all three formats, and every call and visit of them."""
    made = tmp_path_factory.mktemp("payday")
    common = ["simulate", "credit_union", "--replications", str(REPLICATIONS)]
    assert main([*common, "--records", str(made / "records"), "--tables", str(made / "all.xlsx")]) == 0
    for form in ("csv", "parquet"):
        assert main([*common, "--tables", str(made / form), "--tables-format", form]) == 0
    return made


@pytest.fixture(scope="module")
def tables(folder: Path) -> dict[str, dict[str, pd.DataFrame]]:
    book = pd.read_excel(folder / "all.xlsx", sheet_name=None)
    return {
        "xlsx": book,
        "csv": {name: pd.read_csv(folder / "csv" / f"{name}.csv") for name in book},
        "parquet": {name: pd.read_parquet(folder / "parquet" / f"{name}.parquet") for name in book},
    }


@pytest.fixture(scope="module")
def visits(folder: Path) -> pd.DataFrame:
    """Every visit to a queue: in this line each call joins one queue at most, and nobody is promised a callback."""
    from ivr import read_records
    from ivr.records.tables import to_pandas

    found = to_pandas(read_records(folder / "records"), "visits")
    assert not found.duplicated(["replication", "call_id"]).any()
    return found


FORMATS = ("xlsx", "csv", "parquet")


@pytest.mark.parametrize("form", FORMATS)
def test_queues_groups_and_replications_add_up_to_the_visits(
    form: str, tables: dict[str, dict[str, pd.DataFrame]], visits: pd.DataFrame
) -> None:
    """Counts of a queue are means over the days; those of a replication are its own."""
    of, handled = tables[form], visits[visits.result == "handled"]
    offered = visits.groupby("queue", observed=True).size() / REPLICATIONS
    assert of["queues"].set_index("queue").offered.to_dict() == pytest.approx(offered.to_dict())
    answered = handled.groupby("group", observed=True).size() / REPLICATIONS
    assert of["groups"].set_index("group").handled.to_dict() == pytest.approx(answered.to_dict())
    single = visits.groupby("replication").size()
    assert of["replications"].set_index("replication").offered.to_dict() == pytest.approx(single.to_dict())
    both = visits.groupby(["replication", "queue"], observed=True).size()
    assert of["replication_queues"].set_index(["replication", "queue"]).offered.to_dict() == pytest.approx(
        both.to_dict()
    )


@pytest.mark.parametrize("form", FORMATS)
def test_intervals_and_days_add_up_to_the_whole(form: str, tables: dict[str, dict[str, pd.DataFrame]]) -> None:
    of = tables[form]
    whole = of["total"].iloc[0]
    for name in ("arrived", "offered", "handled", "abandoned"):
        assert of["intervals"][name].sum() == pytest.approx(whole[name]), name
        assert of["days"][name].sum() == pytest.approx(whole[name]), name
        assert of["replications"][name].mean() == pytest.approx(whole[name]), name
    for table, key in (("queue_intervals", "queue"), ("group_intervals", "group")):
        parts = of[table].groupby(key).handled.sum()
        assert parts.to_dict() == pytest.approx(of[f"{key}s"].set_index(key).handled.to_dict())


@pytest.mark.parametrize("form", FORMATS)
def test_waits_and_shares_are_ratios_of_sums(
    form: str, tables: dict[str, dict[str, pd.DataFrame]], visits: pd.DataFrame
) -> None:
    """ASA is the sum of the waits of the handled by their number, and abandonment the abandoned by the offered."""
    queues = tables[form]["queues"].set_index("queue")
    wait_s = (visits.left_us - visits.offered_us) / 1e6
    for name, own in visits.groupby("queue", observed=True):
        answered = own.result == "handled"
        assert queues.asa_s[name] == pytest.approx(wait_s[own.index][answered].mean()), name
        assert queues.abandonment[name] == pytest.approx((own.result == "abandoned").mean()), name


def test_all_three_formats_hold_the_same(tables: dict[str, dict[str, pd.DataFrame]]) -> None:
    for name, sheet in tables["xlsx"].items():
        for form in ("csv", "parquet"):
            numbers = sheet.select_dtypes("number").columns
            other = tables[form][name]
            assert list(other.columns)[:1] == list(sheet.columns)[:1], name
            shared = [column for column in numbers if column in other and "half_width" not in column]
            pd.testing.assert_frame_equal(
                sheet[shared].astype(float), other[shared].astype(float), check_names=False, rtol=1e-9
            )
