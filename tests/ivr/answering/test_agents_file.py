"""Agents files: who answers each queue, and every way in which a file can be wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.model.load import load_text
from flows.source.finding import FlowError
from ivr.__main__ import main
from ivr.answering.read_agents import parse_agents
from ivr.answering.who_answers import turns
from tests.support.small_shop import AGENTS, LINE


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "shop.yaml").write_text(LINE, encoding="utf-8")
    (tmp_path / "shop.agents.yaml").write_text(AGENTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_turns_are_those_of_the_routing_table() -> None:
    """By skill level: the counter sells first (level 1), the workshop (2) after 20 s; Chi and the workshop repair at
    level 1, in one pool.
    """
    agents, table = parse_agents(AGENTS, "shop.agents.yaml", load_text(LINE, "shop.yaml").flow)
    found = [(one.queue, one.turn, one.group, one.after_s, one.agents) for one in turns(agents, table)]
    assert found == [
        ("sales", 1, "counter", 0.0, ("ana",)),
        ("sales", 2, "workshop", 20.0, ("ben",)),
        ("repairs", 1, "workshop", 0.0, ("ben",)),
        ("repairs", 1, "chi", 0.0, ("chi",)),
    ]


def test_ivr_agents_shows_who_answers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agents", "shop.yaml"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[:4] == [
        "Shop",
        "  queue    turn  group     waited      agents",
        "  sales    1     counter               Ana",
        "           2     workshop  after 20 s  Ben",
    ]
    assert "  Chi    chi       browser                  es-US" in shown
    assert main(["agents", "shop.yaml", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["turns"][1] == {"queue": "sales", "turn": 2, "group": "workshop", "after_s": 20.0, "agents": ["ben"]}


def test_without_an_agents_file_the_command_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "shop.agents.yaml").unlink()
    assert main(["agents", "shop.yaml"]) == 2
    told = capsys.readouterr().err
    assert "no agents file lies beside shop.yaml" in told
    assert "write shop.agents.yaml" in told


def test_lint_knows_an_agents_file_and_the_flow_beside_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "shop.agents.yaml"]) == 0
    assert "'ivr agents' shows who" in capsys.readouterr().out


WRONG = {
    "unknown group": ("group: counter, phone", "group: counters, phone", "X001", "did you mean 'counter'?"),
    "unknown key": ("name: Ana", "nam: Ana", "F001", "did you mean 'name'?"),
    "nobody at all": (AGENTS[AGENTS.index("agents:\n") :], "agents: {}\n", "F003", ""),
    "group and skills": ("group: counter, phone", "group: counter, skills: [sales], phone", "F003", "write group:"),
    "neither": ("group: counter, phone", "phone", "F003", "write group:"),
    "two telephones": ("group: counter, phone", "group: counter, browser: true, phone", "F003", "write one of phone:"),
    "no telephone": (', phone: "+14155550101"', "", "F003", "write one of phone:"),
    "not dialled": ("+14155550101", "4155550101", "F003", "write a plus and the country code"),
    "not sip": ("sip:ben@pbx.example.com", "sip:ben", "F003", "write sip:NAME@HOST"),
    "one telephone for two": (
        'sip: "sip:ben@pbx.example.com"',
        'phone: "+14155550101"',
        "X005",
        "give each a telephone of their own",
    ),
    "a group of the agent's name": ("  chi: {name", "  counter: {name", "X005", "rename one of them"),
    "unknown language": ("[es-US]", "[es-MX]", "X001", "did you mean 'es-US'?"),
    "unknown skill": ("skills: [repairs]", "skills: [repair]", "X001", "did you mean 'repairs'?"),
    "unknown policy": ("skill_priority", "skill_prority", "X001", "did you mean 'skill_priority'?"),
    "unknown queue": ("after: {sales", "after: {sale", "X001", "did you mean 'sales'?"),
    "a queue nobody can serve": (
        "{repairs: 1, sales: 2}}\n",
        "[sales]}\n",
        "X004",
        "",
    ),
}


@pytest.mark.parametrize(("old", "new", "code", "hint"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_place(
    folder: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, code: str, hint: str
) -> None:
    assert old in AGENTS
    text = AGENTS.replace(old, new)
    if code == "X004":
        text = text.replace("skills: [repairs]", "skills: [sales]")
    (folder / "shop.agents.yaml").write_text(text, encoding="utf-8")
    assert main(["lint", "shop.agents.yaml", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    found = found if isinstance(found, list) else found["findings"]
    assert code in [one["code"] for one in found]
    assert all(one["file"].endswith("shop.agents.yaml") and one["line"] >= 1 for one in found)
    assert any(hint in one["hint"] for one in found)
    assert main(["agents", "shop.yaml"]) == 1


def test_a_name_that_no_browser_can_have_is_told_with_one_it_can(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twilio's clients have letters, digits and _; where a telephone rings, any short name will do."""
    text = AGENTS.replace("  chi: {name", "  chi tran-böll: {name").replace("  ana: {name", "  ana-r: {name")
    (folder / "shop.agents.yaml").write_text(text, encoding="utf-8")
    assert main(["lint", "shop.agents.yaml", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    (one,) = found if isinstance(found, list) else found["findings"]
    assert (one["code"], one["severity"], one["line"]) == ("X005", "warning", 8)
    assert one["message"] == (
        "'chi tran-böll' answers in a browser, but no browser registers with Twilio under that name"
    )
    assert one["hint"] == "write letters, digits and _ only, at most 100: chi_tran_boll"
    (folder / "shop.agents.yaml").write_text(text.replace("chi tran-böll", "chi_tran_boll"), encoding="utf-8")
    assert main(["lint", "shop.agents.yaml"]) == 0


def test_an_empty_group_and_an_unspoken_language_are_warnings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Ana alone sells, in English: callers in Spanish have nobody there; the yard has nobody."""
    text = AGENTS.replace('group: counter, phone: "+14155550101"', "group: counter, browser: true, languages: [en-US]")
    text = text.replace("{repairs: 1, sales: 2}", "[repairs]").replace(", after: {sales: {workshop: 20s}}", "")
    text = text.replace("groups:\n", "groups:\n  yard: {skills: [repairs]}\n")
    (folder / "shop.agents.yaml").write_text(text, encoding="utf-8")
    assert main(["agents", "shop.yaml"]) == 0
    told = capsys.readouterr().err
    assert "group 'yard' has nobody" in told
    assert "nobody who answers sales speaks es-US" in told


def test_the_queues_of_earlier_versions_are_answered_too_if_anybody_can() -> None:
    """Calls in progress finish on their version, so a queue that is gone stays in the table, after those of now."""
    now = load_text(LINE.replace("queue: repairs", "queue: sales"), "shop.yaml").flow
    before = load_text(LINE, "shop.yaml").flow
    agents = AGENTS.replace("  chi:", "  #chi:")
    assert parse_agents(agents, "shop.agents.yaml", now, [before])[1].queues == ("sales", "repairs")
    with pytest.raises(FlowError, match="there is no queue that needs the skill 'repairs'"):
        parse_agents(agents, "shop.agents.yaml", now)
