"""One of anything is told in the singular. `flows.source.counted` is the rule, and nobody has a rule of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ivr.__main__ import main
from tests.support.paths import ROOT

_OWN_RULE = re.compile(r"""\{\s*["'](?:s|es)["'] (?:if|\*) .*\}|\{["']["'] if .* == 1 else ["']e?s["']\}""")
_FLOW = """
ivr: 1
name: One of everything
start: main
nodes: {main: {type: hangup, say: Goodbye.}}
"""
_DESK = """
ivr: 1
name: One desk
start: desk
nodes: {desk: {type: queue, queue: desk}}
"""
_CALLS = "call: one\n  ends contained\n"
_SCENARIO = """
name: One call
flow: desk.yaml
start: 2026-11-23 08:00
horizon: 1h
interval: 1h
arrivals: {kind: trace, file: calls.csv, column: arrived}
intents: {help: {share: 1, goal: desk}}
groups: {front: {skills: [desk], agents: 1}}
talk: {constant: 1m}
"""
_NOUN = re.compile(r"(?<![\d.,:])1 (?!as\b|is\b)([a-z-]+s)\b")


def test_nobody_else_has_a_rule_for_the_plural() -> None:
    own = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for package in ("flows", "ivr", "simulation", "webhooks")
        for path in sorted((ROOT / package).rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if _OWN_RULE.search(line) and not any(verb in line for verb in ("belong{", "differ{"))
    ]
    assert own == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "line.yaml"], "One of everything  1 node, en-US"),
        (["show", "line.yaml", "--leaves"], "One of everything: 1 leaf, reached after"),
        (["test", "line.yaml"], "ok    one    1 node      0.4 s\n\n1 of 1 call as written.\nThe only exit tried."),
        (
            ["lint", "desk.yaml", "--select", "R002", "--write-baseline", "known.json"],
            "known.json: 1 finding is known from now on",
        ),
        (["convert", "line.yaml", "--to", "po", "--language", "es-US", "--output", "es.po"], "es.po: 1 text\n"),
        (["erlang", "a", "--arrivals", "1", "--aht", "3600", "--patience", "60", "--agents", "1"], "1 caller an hour"),
        (["simulate", "day.yaml", "--replications", "1"], "1 replication · seed 1"),
        (["simulate", "day.yaml", "--replications", "1"], "1 call arrived"),
        (["compare", "day.yaml", "--replications", "1"], "1 scenario: One call"),
    ],
    ids=lambda of: " ".join(of[:2]) if isinstance(of, list) else "",
)
def test_one_of_anything(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("line.yaml").write_text(
        _FLOW.replace("name:", "languages: [en-US, es-US]\nname:") if "po" in arguments else _FLOW
    )
    Path("line.calls").write_text(_CALLS)
    Path("desk.yaml").write_text(_DESK)
    Path("calls.csv").write_text("arrived\n60\n")
    Path("day.yaml").write_text(_SCENARIO)
    main(arguments)
    out, err = capsys.readouterr()
    assert said in out + err
    assert _NOUN.findall(out + err) == []
