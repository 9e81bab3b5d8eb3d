"""``ivr init``: what it writes has no findings, passes its own scripts and can be simulated; nothing is overwritten."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from flows.model.load import load
from ivr.__main__ import main
from ivr.commands._line_templates import DEFAULT_TRADE, line_of, trades


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[list[str], list[list[str]]]:
    """The files, and the commands to go on with."""
    assert main(["init", *arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    return found["files"], [shlex.split(command) for command in found["next"]]


@pytest.mark.parametrize("trade", trades())
def test_a_line_of_every_trade_is_clean_tested_and_can_be_simulated(
    capsys: pytest.CaptureFixture[str], trade: str
) -> None:
    files, commands = written(capsys, "line", "--trade", trade)
    assert files == ["line/line.yaml", "line/line.scenario.yaml", "line/line.calls", "line/line.agents.yaml"]
    assert [command[:2] for command in commands] == [
        ["ivr", name] for name in ("lint", "show", "call", "test", "simulate", "serve")
    ]
    lint, show, call, test, simulate, serve = (command[1:] for command in commands)
    assert main(lint) == 0
    assert capsys.readouterr().out == (
        "No findings in 4 files: 1 agents file, 1 file of call scripts, 1 scenario, 1 flow.\n"
    )
    assert main(test) == 0
    assert capsys.readouterr().out.endswith(" exits tried.\n")
    assert main(show) == 0
    assert main([*call, "--keys", "1", "--at", "2026-11-23T10:00"]) == 0
    assert main([*simulate, "--engine", "reference", "--replications", "2"]) == 0
    out = capsys.readouterr().out
    assert "Service level" in out
    assert serve == ["serve", "line/line.yaml", "--desk"]


@pytest.mark.parametrize("trade", trades())
def test_every_queue_of_a_line_is_answered_in_a_browser_and_somebody_sees_the_floor(
    capsys: pytest.CaptureFixture[str], trade: str
) -> None:
    files, _ = written(capsys, "line", "--trade", trade)
    assert main(["agents", files[0], "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {turn["queue"] for turn in told["turns"] if turn["agents"]} == set(load(files[0]).flow.queues)
    assert len(told["agents"]) >= 2
    assert all(agent["browser"] for agent in told["agents"].values())
    assert [agent["role"] for agent in told["agents"].values()].count("supervisor") == 1


def test_every_exit_of_a_line_is_tried(capsys: pytest.CaptureFixture[str]) -> None:
    for trade in trades():
        files, _ = written(capsys, trade, "--trade", trade)
        assert main(["test", files[0]]) == 0
        assert capsys.readouterr().out.splitlines()[-1].startswith("All ")


def test_the_text_says_what_was_written_and_what_comes_next(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "riverside", "--trade", "clinic"]) == 0
    assert capsys.readouterr().out == (
        "Written:\n"
        "  riverside/riverside.yaml\n"
        "  riverside/riverside.scenario.yaml\n"
        "  riverside/riverside.calls\n"
        "  riverside/riverside.agents.yaml\n"
        "\n"
        "Callers hear 'Riverside Clinic'; --name gives another.\n"
        "\n"
        "Next:\n"
        "  ivr lint riverside\n"
        "  ivr show riverside/riverside.yaml\n"
        "  ivr call riverside/riverside.yaml\n"
        "  ivr test riverside/riverside.yaml\n"
        "  ivr simulate riverside/riverside.scenario.yaml\n"
        "  ivr serve riverside/riverside.yaml --desk\n"
    )


@pytest.mark.parametrize(
    ("arguments", "flow", "says"),
    [
        ([], "telecom/telecom.yaml", "Bluewater Telecom"),
        (["--trade", "bank"], "bank/bank.yaml", "Harbour Bank"),
        (["oak-clinic"], "oak-clinic/oak-clinic.yaml", "Oak Clinic"),
        (["riverside", "--trade", "city"], "riverside/riverside.yaml", "City of Riverside"),
        (["clinic"], "clinic/clinic.yaml", "Riverside Clinic"),
        (["lines/acme.yaml"], "lines/acme.yaml", "Acme Telecom"),
        (["My Lines/"], "My Lines/my_lines.yaml", "My Lines Telecom"),
        (["it's.yml"], "it's.yaml", "It's Telecom"),
        (["acme", "--name", 'O"Brien & Söhne: No. #2'], "acme/acme.yaml", 'O\\"Brien & Söhne: No. #2'),
    ],
)
def test_where_a_line_goes_and_what_it_is_called(
    capsys: pytest.CaptureFixture[str], arguments: list[str], flow: str, says: str
) -> None:
    files, commands = written(capsys, *arguments)
    assert files[0] == flow
    assert f'name: "{says}"\n' in Path(flow).read_text("utf-8")
    assert f'name: "{says}, a Monday"\n' in Path(files[1]).read_text("utf-8")
    assert main(commands[0][1:]) == 0
    assert main(commands[3][1:]) == 0


def test_a_folder_with_other_files_is_not_checked_as_a_whole(capsys: pytest.CaptureFixture[str]) -> None:
    Path("broken.yaml").write_text("ivr: 1\n", "utf-8")
    _, commands = written(capsys, ".", "--trade", "city")
    stem = Path.cwd().name.lower()
    assert commands[0] == [
        "ivr",
        "lint",
        f"{stem}.yaml",
        f"{stem}.scenario.yaml",
        f"{stem}.calls",
        f"{stem}.agents.yaml",
    ]


def test_nothing_is_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    Path("acme.calls").write_text("call: mine\n", "utf-8")
    assert main(["init", "acme.yaml"]) == 2
    assert capsys.readouterr().err == (
        "error U001 acme.calls is there already\n  = hint: name another folder or file, nothing was written\n"
    )
    assert sorted(path.name for path in Path().iterdir()) == ["acme.calls"]
    assert Path("acme.calls").read_text("utf-8") == "call: mine\n"
    Path("link.yaml").symlink_to("nowhere")
    assert main(["init", "link.yaml"]) == 2


@pytest.mark.parametrize("name", ["a\nb", "{name}", "x" * 61, "<speak>"])
def test_a_name_is_what_callers_can_hear(name: str) -> None:
    assert main(["init", "acme", "--name", name]) == 2
    assert not Path("acme").exists()


def test_a_folder_that_cannot_be_made_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path("file").write_text("", "utf-8")
    assert main(["init", "file/acme"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_each_template_states_its_name_once_where_it_can_be_replaced() -> None:
    for trade in trades():
        texts = line_of(trade, "a.yaml", "NAME")
        invented = line_of(trade, "a.yaml")[".yaml"].partition('name: "')[2].partition('"')[0]
        assert [ending for ending, text in texts.items() if invented in text] == []
        assert all("NAME" in text for text in texts.values())
    assert DEFAULT_TRADE in trades()


@pytest.mark.parametrize("code", ["sw", "th", "el"])
def test_a_language_pack_is_begun_that_can_be_used_at_once(capsys: pytest.CaptureFixture[str], code: str) -> None:
    """Its phrases are English until somebody translates them; what CLDR knows of the language is not asked for."""
    files, ((_, *lint),) = written(capsys, "line", "--language", code)
    assert files == [f"line/languages/{code}.yaml"]
    assert main(lint) == 0
    text = Path(files[0]).read_text("utf-8")
    assert "months" not in text
    assert 'option: "For {label}, press {key}."' in text
    assert main(["init", "line", "--language", code]) == 2
    assert "is there already" in capsys.readouterr().err


def test_a_pack_is_for_a_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "line", "--language", "Swahili"]) == 2
    assert "write its code: --language sw" in capsys.readouterr().err
