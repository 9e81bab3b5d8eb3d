"""``ivr serve --desk`` where nobody answers: one line that says what to write, which works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.source.finding import IvrError
from ivr.__main__ import main
from webhooks.service.app import create_app
from webhooks.settings.config import Config

LINE = "ivr: 1\nname: Shop\nstart: q\nnodes: {q: {type: queue, queue: sales}}\nqueues: {sales: {skills: [shop]}}\n"


def test_the_hint_says_what_to_write_and_that_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from flows.model.load import load

    monkeypatch.chdir(tmp_path)
    Path("line.yaml").write_text(LINE)
    loaded = load("line.yaml")
    assert loaded.flow is not None
    config = Config(
        flow=loaded.flow,
        flow_files=tuple(loaded.document.texts),
        development=True,
        database=str(tmp_path / "calls.sqlite"),
        desk=True,
    )
    with pytest.raises(IvrError) as refused:
        create_app(config, virtual_base="http://127.0.0.1:5000")
    (finding,) = refused.value.findings
    assert finding.message == "nobody answers Shop: there is no agents file beside it"
    found = re.search(r"write into (\S+), for example: (\{.+\}); or", finding.hint)
    assert found is not None
    (tmp_path / found[1]).write_text(found[2])
    assert main(["lint", "line.agents.yaml"]) == 0, capsys.readouterr()
    ours = create_app(config, virtual_base="http://127.0.0.1:5000").extensions["ivr"]
    assert list(ours["people"].agents.agents) == ["ana"]
    assert ours["dispatcher"] is not None
    # The line gets a second queue, which Ana answers as well, while it is served.
    Path("line.yaml").write_text(LINE.replace("nodes: {", "nodes: {r: {type: queue, queue: returns}, "))
    Path(found[1]).write_text(found[2].replace("skills: [shop]", "skills: [shop, returns]"))
    ours["people"].again()
    assert ours["people"].table.queues == ("sales", "returns")
    ours["store"].close()


def test_a_desk_needs_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["serve", "northwind", "--desk", "--database", "", "--port", "0"]) == 2
