"""``ivr list``: what is shipped, and what is here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ivr.__main__ import main
from tests.support.library import SHIPPED


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_shipped_file_is_listed_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    names = {kind: [one["name"] for one in listed if one["kind"] == kind] for kind in ("flow", "scenario", "script")}
    assert names == {
        "flow": list(SHIPPED),
        "scenario": ["city_services", "credit_union", "northwind", "northwind_busy", "power_outage"],
        "script": list(SHIPPED),
    }
    assert all(one["about"].endswith(".") and one["shipped"] and Path(one["file"]).is_file() for one in listed)


def test_a_name_that_is_listed_is_what_the_commands_take(capsys: pytest.CaptureFixture[str]) -> None:
    main(["list", "--json"])
    for one in json.loads(capsys.readouterr().out):
        if one["kind"] == "flow":
            assert main(["lint", one["name"], "--select", "S001"]) == 0
        if one["kind"] == "script":
            assert main(["test", one["name"], "--json"]) == 0


def test_what_is_here_is_listed_by_its_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(
        "Shipped lines, for ivr lint, show, call, serve and others\n"
        "  city_services  A city's service line: the state of a request, problems to\n"
        "                 report, trash collection, permits.\n"
    )
    assert text.endswith("\n\nHere is nothing of a phone line yet; 'ivr init' writes a small one.\n")
    main(["init", "clinic"])
    Path("compose.yaml").write_text("services: {}\n", "utf-8")
    Path("latin.yaml").write_bytes(b"ivr: \xff\n")
    capsys.readouterr()
    assert main(["list", "clinic"]) == 0
    assert capsys.readouterr().out.partition("\n\nIn clinic\n")[2] == (
        "  clinic/clinic.agents.yaml    agents    The people who answer Riverside Clinic\n"
        "                                         on a small day.\n"
        "  clinic/clinic.calls          script    How calls to this line should go: 15\n"
        "                                         calls.\n"
        "  clinic/clinic.scenario.yaml  scenario  Riverside Clinic, a Monday\n"
        "  clinic/clinic.yaml           flow      The clinic's main line: appointments,\n"
        "                                         prescriptions and test results.\n"
    )
    assert main(["list"]) == 0
    assert "\n\nHere\n  clinic/clinic.agents.yaml " in capsys.readouterr().out


def test_what_is_said_stands_below_names_that_leave_no_room(capsys: pytest.CaptureFixture[str]) -> None:
    """80 columns less 4, 10 for the kind and 30 for the sentence: names up to 36 have their sentence beside them."""
    kept, folder = Path("clinic-of-ours"), Path("lines/of/the/clinic/by/the/sea")
    main(["init", "clinic-of-ours"])
    folder.parent.mkdir(parents=True)
    (kept / "clinic-of-ours.calls").unlink()
    kept.rename(folder)
    capsys.readouterr()
    assert main(["list"]) == 0
    assert capsys.readouterr().out.partition("\n\nHere\n")[2] == (
        "  lines/of/the/clinic/by/the/sea/clinic-of-ours.agents.yaml\n"
        "    agents    The people who answer Clinic Of Ours on a small day.\n"
        "  lines/of/the/clinic/by/the/sea/clinic-of-ours.scenario.yaml\n"
        "    scenario  Clinic Of Ours, a Monday\n"
        "  lines/of/the/clinic/by/the/sea/clinic-of-ours.yaml\n"
        "    flow      The clinic's main line: appointments, prescriptions and test\n"
        "              results.\n"
    )


def test_a_folder_that_is_not_there_is_wrong_usage() -> None:
    assert main(["list", "gone"]) == 2
