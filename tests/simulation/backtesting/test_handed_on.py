"""What a scenario's groups keep when their agents are those of other days, and what days cannot lend to chats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flows.source.finding import IvrError
from simulation.backtesting.backtest import backtest
from simulation.backtesting.chatting import inputs_tried
from simulation.backtesting.handed_on import HANDED_ON, REPLACED, groups_of_days
from simulation.backtesting.verdict import verdict
from simulation.call_logs.log import CallLog
from simulation.call_logs.read import read_log
from simulation.loading.load import parse_scenario
from simulation.scenario.floor import Group
from simulation.scenario.loaded import LoadedScenario

FLOW = "ivr: 1\nname: Line\nstart: calls\nnodes:\n  calls: {type: queue, queue: calls}\n"
CHATS = "chats: {at_once: 2, slower: [1, 1.5]}"


def test_every_field_of_a_group_is_handed_on_or_replaced_for_a_reason() -> None:
    """A new field fails here until it is in one of both lists."""
    assert sorted([*HANDED_ON, *REPLACED]) == sorted(Group.model_fields)
    assert all(REPLACED.values())


def test_a_group_keeps_what_days_do_not_show() -> None:
    stated: dict[str, Any] = {
        "desk": {"skills": {"a": 1, "b": 2}, "shifts": ["old"], **dict.fromkeys(HANDED_ON, "kept")},
        "back": {"skills": ["c"], "agents": ["3"], "speed": ["1", "1.1", "1.2"], "talk": ["3m", "4m"]},
    }
    of_days = {"desk": {"skills": ["a"], "agents": ["7"], "pauses": "new"}, "back": {"skills": ["d"], "agents": ["2"]}}
    found = groups_of_days(stated, of_days)
    assert found["desk"] == {"skills": {"a": 1, "b": 2}, "agents": ["7"], "pauses": "new"} | dict.fromkeys(
        HANDED_ON, "kept"
    )
    # Three speeds for three agents fit no two; a list of talks has one for each interval and does.
    assert found["back"] == {"skills": ["d"], "agents": ["2"], "talk": ["3m", "4m"]}


def loaded(folder: Path, more: str) -> LoadedScenario:
    (folder / "line.yaml").write_text(FLOW)
    text = f"""name: Line
flow: line.yaml
start: 2026-03-02 00:00
zone: UTC
horizon: 1d
interval: 12h
arrivals: {{kind: per_interval, calls: [0, 40]}}
intents: {{calls: {{share: 1, goal: calls}}}}
talk: {{constant: 3m}}
groups:
  desk:
    skills: [calls]
    agents: 2
    {more}
"""
    return parse_scenario(text, str(folder / "line.scenario.yaml"))


def log_of(folder: Path) -> CallLog:
    """Forty calls a quarter of an hour apart, each answered at once for 3 min."""
    rows = [f"2026-03-02 {12 + i // 4:02d}:{i % 4 * 15:02d}:00,calls,0,180,anna,answered" for i in range(40)]
    (folder / "a.csv").write_text("\n".join(["arrived,queue,wait_seconds,talk_seconds,agent,outcome", *rows]) + "\n")
    log = read_log([folder / "a.csv"])
    assert isinstance(log, CallLog)
    return log


@pytest.mark.parametrize("use", ["talk", "agents"])
def test_days_lend_no_talk_and_no_agents_to_who_chats(tmp_path: Path, use: str) -> None:
    with pytest.raises(IvrError) as raised:
        backtest(loaded(tmp_path, CHATS), log_of(tmp_path), use=(use,))
    [finding] = raised.value.findings
    assert (finding.code, finding.line) == ("X005", 14)
    assert finding.message.startswith(f"agents of desk have several chats in hand, so {use} cannot be taken from")


def test_a_scenario_with_chats_is_explained_by_the_other_inputs(tmp_path: Path) -> None:
    found = backtest(loaded(tmp_path, CHATS), log_of(tmp_path), replications=2, engine="reference")
    assert {change.name for change in found.changes} == {"arrivals", "patience"}
    assert found.all_own == {}
    assert any(
        sentence.startswith("The talk and the agents of these days are not tried, for agents of desk")
        for sentence in verdict(found)
    )


def test_who_takes_one_chat_at_a_time_is_as_any_agent(tmp_path: Path) -> None:
    one = loaded(tmp_path, "chats: {at_once: 1, slower: [1]}")
    assert inputs_tried(one, ("talk", "agents")) == ("arrivals", "talk", "agents", "patience")
