"""What splits and lookups find may depend on the intent: exactly, sampled, and in what callers press."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.source.finding import ScenarioError
from simulation.loading.load import load_scenario
from simulation.menus.exact_solution import menu_answer
from simulation.sampling.streams import Streams
from simulation.workload.build_call_table import build_call_table, prepare
from tests.support.tiers import FLOW, tiers_called


def test_shares_arrive_at_their_queues_exactly_and_sampled(tmp_path: Path) -> None:
    prepared = prepare(tiers_called(tmp_path))
    # Whoever dials +1900 is in sales at once; nobody else wants it. Help is plain, found or not: bronze is no case.
    exact = {"gold": 0.2 * 0.8, "silver": 0.2 * 0.2, "plain": 0.5, "sales": 0.2, "bills": 0.1}
    answer = menu_answer(prepared.model)
    assert answer.queue == pytest.approx(exact)
    assert answer.key_presses == pytest.approx(0.8)
    calls = build_call_table(prepared, Streams(1))
    queue, intent = calls.queue[: len(calls)], calls.intent
    n = len(calls)
    for name, share in exact.items():
        seen = (queue == calls.queues.index(name)).mean()
        assert abs(seen - share) < 4 * (share * (1 - share) / n) ** 0.5
    into = {(calls.intents[i], calls.queues[q]) for i, q in zip(intent.tolist(), queue.tolist(), strict=True)}
    assert into == {("vip", "gold"), ("vip", "silver"), ("help", "plain"), ("buy", "sales"), ("pay", "bills")}


@pytest.mark.parametrize(
    ("intent", "stated", "code", "message", "hint"),
    [
        ("vip", "values: {teir: gold}", "X001", "there is no split on 'teir'", "did you mean 'tier'?"),
        ("vip", "splits: {teir: {gold: 1}}", "X001", "there is no split node 'teir'", "did you mean 'tier'?"),
        (
            "vip",
            "splits: {tier: {golden: 1}}",
            "X001",
            "there is no outcome of 'tier' 'golden'",
            "did you mean 'gold'?",
        ),
        (
            "vip",
            "splits: {tier: {gold: 0.8}}",
            "X002",
            "the shares of 'tier' sum to 0.8, not to 1",
            "add 0.2 somewhere",
        ),
        (
            "vip",
            "lookups: {found: {found: 1}}",
            "X001",
            "there is no lookup, message or callback node 'found'",
            "did you",
        ),
        (
            "vip",
            "values: {tier: gold}, splits: {tier: {gold: 1}}",
            "X005",
            "'tier' is decided by values and by splits",
            "remove one of the two",
        ),
        ("vip", "values: {tier: bronze}", "X001", "no announced options lead to", ""),
    ],
)
def test_what_is_stated_wrong(tmp_path: Path, intent: str, stated: str, code: str, message: str, hint: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(message)) as caught:
        prepare(tiers_called(tmp_path, **{intent: f"{{share: 0.2, goal: gold, {stated}}}"}))
    [finding] = caught.value.findings
    assert (finding.code, finding.hint[: len(hint)]) == (code, hint)
    assert finding.line


def test_two_splits_that_know_too_little_of_a_value(tmp_path: Path) -> None:
    flow = FLOW.replace("silver: silver}, otherwise: plain", "silver: silver}, otherwise: other").replace(
        "  gold: {type: queue",
        "  other: {type: split, value: tier, cases: {bronze: gold}, otherwise: plain}\n  gold: {type: queue",
    )
    tiers_called(tmp_path)
    (tmp_path / "flow.yaml").write_text(flow, encoding="utf-8")
    with pytest.raises(ScenarioError, match="branch on 'tier' by different cases, so 'bronze' cannot be followed"):
        load_scenario(tmp_path / "scenario.yaml")
