"""A line whose entries, lists and payments are all wrong: the whole output, read and judged by people."""

from __future__ import annotations

import pytest

from ivr.__main__ import main
from tests.support.paths import DATA


def test_every_construct_of_entries_used_wrongly(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = DATA / "bad_flows" / "constructs"
    monkeypatch.chdir(folder)
    assert main(["lint", "collecting.yaml"]) == 1
    assert capsys.readouterr().out == (folder / "collecting.txt").read_text("utf-8")
    for code in ("D013", "D014", "D015", "D016", "D017", "D018", "D019"):
        assert f" {code} " in (folder / "collecting.txt").read_text("utf-8")
