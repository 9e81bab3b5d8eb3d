"""Times and shares as people write them, alike in flows, scenarios and on command lines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from flows.model.load import load_text
from flows.values.scalars import seconds_of, share_of


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1h30m", 5400),
        ("1h 30min", 5400),
        ("2d12h", 216_000),
        ("1m30s", 90),
        ("1m 500ms", 60.5),
        ("1.5h", 5400),
        ("90", 90),
        ("250ms", 0.25),
    ],
)
def test_times_are_read_part_by_part(written: str, seconds: float) -> None:
    assert seconds_of(written) == seconds


@pytest.mark.parametrize("written", ["30m1h", "1h1h", "h", "1h30", "", "1:30", "-5m", "1e3s"])
def test_what_is_not_a_time_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="write 30s, 15m or 1h"):
        seconds_of(written)


@pytest.mark.parametrize(
    ("written", "share"), [("70%", 0.7), ("70 %", 0.7), ("0.7", 0.7), ("12.5%", 0.125), ("100%", 1.0), ("0", 0.0)]
)
def test_shares_are_numbers_or_percentages(written: str, share: float) -> None:
    assert share_of(written) == share


@pytest.mark.parametrize("written", ["70", "101%", "-1%", "%", "seventy", "0.7%%"])
def test_what_is_not_a_share_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"is not a share; (write|did you mean)"):
        share_of(written)


def test_a_flow_takes_percentages() -> None:
    flow = load_text("""
ivr: 1
name: Line
start: way
nodes:
  way: {type: split, shares: {a: 70%, b: 30%}, cases: {a: main, b: bye}}
  main:
    type: menu
    timeout: 4s
    choices: [{key: 1, label: hours, share: 60%, next: bye}, {key: 2, label: more, share: 0.4, next: bye}]
    otherwise: bye
  bye: {type: hangup}
""").flow
    assert flow.nodes["way"].shares == {"a": 0.7, "b": 0.3}
    assert [choice.share for choice in flow.nodes["main"].choices] == [0.6, 0.4]


def test_command_lines_take_the_same_words(tmp_path: Path) -> None:
    def ivr(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "ivr", *arguments], capture_output=True, text=True, timeout=60)

    words = ivr(
        "erlang",
        "a",
        "--arrivals",
        "360",
        "--aht",
        "5m",
        "--patience",
        "2m",
        "--agents",
        "32",
        "--within",
        "20s",
        "--json",
    )
    numbers = ivr(
        "erlang",
        "a",
        "--arrivals",
        "360",
        "--aht",
        "300",
        "--patience",
        "120",
        "--agents",
        "32",
        "--within",
        "20",
        "--json",
    )
    assert json.loads(words.stdout) == json.loads(numbers.stdout)
    wrong = ivr("report", str(tmp_path), "--target", "80")
    assert (
        wrong.returncode,
        "'80' is not a share; did you mean '80%'?" in wrong.stderr.replace("\n  = hint: ", "; "),
    ) == (2, True)
