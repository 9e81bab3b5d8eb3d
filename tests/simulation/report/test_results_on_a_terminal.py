"""A result on a terminal: verdicts in colour, a line per day over a week, the most important assumptions."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pytest

from ivr.records.measures import sums
from simulation.commands._options import painter
from simulation.experiment.assumptions import weightiest
from simulation.experiment.daily_measures import by_day
from simulation.report.comparison_text import comparison_text
from simulation.report.results_text import result_text
from simulation.report.text_blocks import fitted
from tests.support.hand_worked_calls import WAITS, records
from tests.support.hand_worked_results import by_hand, compared
from tests.support.small_scenarios import two_steps
from tests.support.units import S


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_verdicts_are_painted_on_a_terminal_alone(monkeypatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert painter(Terminal())("worse") == "\x1b[31mworse\x1b[0m"
    assert painter(Terminal())("higher") == "higher"
    assert painter(io.StringIO())("worse") == "worse"
    monkeypatch.setenv("NO_COLOR", "1")
    assert painter(Terminal())("worse") == "worse"


def marked(word: str) -> str:
    return f"<{word}>"


def test_what_is_painted_is_the_verdict_and_not_a_name_like_it(tmp_path) -> None:
    result = by_hand(tmp_path, WAITS)
    wanted = result.loaded.scenario.service_level.model_copy(update={"target": 0.5})
    loaded = replace(result.loaded, scenario=result.loaded.scenario.model_copy(update={"service_level": wanted}))
    shown = result_text(replace(result, loaded=loaded), paint=marked)
    assert "  target 50 % within 20 s: <met>\n" in shown
    found = compared(tmp_path, ((60,) * 8, (60,) * 8), ((0,) * 8, (0,) * 8))
    found = replace(
        found,
        results={"plan": found.results["plan"], "better": found.results["other"]},
        differences={"better": found.differences["other"]},
    )
    shown = comparison_text(found, paint=marked)
    assert "\n  better\n" in shown
    assert "+100 pp ± 0  <better>\n" in shown
    assert shown.replace("<", "").replace(">", "") == comparison_text(found)  # nothing else is coloured, columns stay


def test_a_narrow_terminal_has_shorter_headings_then_less_between_columns() -> None:
    """2 + 7 + 2 + 13 + 2 + 9 = 35 columns as a rule, 27 with short headings, 25 with one space between them."""
    rows, head = [["billing", "88.7 %", "3.0 %"]], ["", "Service level", "Abandoned"]
    wide = ["           Service level  Abandoned", "  billing         88.7 %      3.0 %"]
    short = ["           Service  Abandon", "  billing   88.7 %    3.0 %"]
    close = ["          Service Abandon", "  billing  88.7 %   3.0 %"]
    assert {width: fitted(rows, head, width) for width in (35, 34, 27, 26, 25, 10)} == {
        35: wide,
        34: short,
        27: short,
        26: close,
        25: close,
        10: close,
    }


def two_days(tmp_path):
    """Two hours with ten calls, read as two days with one interval each: 5 calls and 5."""
    result = by_hand(tmp_path)
    loaded = replace(
        result.loaded, scenario=result.loaded.scenario.model_copy(update={"horizon": 172_800.0, "interval": 43_200.0})
    )
    part = sums(records(waits_s=WAITS), interval_us=900 * S)  # four quarters of an hour represent four half days
    return replace(result, loaded=loaded, parts=(part, part))


def test_several_days_have_a_line_each_unless_all_intervals_are_asked_for(tmp_path) -> None:
    """From 08:00 half days begin at 08:00, 20:00, 08:00 and 20:00 of Tuesday and Wednesday; arrivals at 0, 6, 12 | 18,
    24 | 30, 36, 42 | 48, 54 min.
    """
    result = two_days(tmp_path)
    lines = result_text(result).splitlines()
    at = lines.index("By day")
    assert [[*line.split()[:3], line.split()[4]] for line in lines[at + 2 : at + 4]] == [
        ["Tue", "24", "Nov", "5"],
        ["Wed", "25", "Nov", "5"],
    ]
    assert lines[at + 4] == "  --full prints all 4 intervals"
    full = result_text(result, full=True).splitlines()
    at = full.index("By interval")
    assert [line.split()[:2] for line in full[at + 2 : at + 6]] == [
        ["Tue", "08:00"],
        ["Tue", "20:00"],
        ["Wed", "08:00"],
        ["Wed", "20:00"],
    ]


def test_days_add_up(tmp_path) -> None:
    """A day's count is the sum of its intervals, a ratio that of the sums, agents on duty a mean over time."""
    part = sums(records(waits_s=WAITS), interval_us=900 * S)
    one, two = dt.date(2026, 11, 24), dt.date(2026, 11, 25)
    (_, first), (_, second) = by_day([part, part], [one, one, two, two])
    # calls 0..4: waits 0, 5, 90, 10 and hung up after 40: 3 of 5 in time; calls 5..7: 20, 0, 0: all three
    assert (first["arrived"].mean, second["arrived"].mean) == (5, 5)
    assert (first["offered"].mean, first["service_level"].mean, second["service_level"].mean) == (5, 0.6, 1)
    assert first["asa_s"].mean == pytest.approx(105 / 4)
    assert first["staffed_agents"].mean == pytest.approx(1)


def test_the_weightiest_assumptions_are_told_and_how_many_more_there_are(tmp_path) -> None:
    told = (
        "presses that hit a wrong key: 1 %",
        "a",
        "b",
        "c",
        "callers of queues without a stated patience never hang up while they wait",
        "d",
        "e",
    )
    result = replace(by_hand(tmp_path, WAITS), assumptions=told)
    tail = result_text(result).split("Assumed without evidence from the field\n")[1].splitlines()
    assert tail[0].startswith("  - callers of queues without a stated patience never hang up")
    assert tail[-1] == "  and 2 less important ones: --assumptions prints all 7"
    everything = result_text(result, all_assumptions=True)
    assert "  - e" in everything
    assert "--assumptions" not in everything
    assert "Assumed" not in result_text(by_hand(tmp_path, WAITS))


def test_what_is_weighed_is_what_is_assumed(tmp_path) -> None:
    """The words that rank assumptions occur in the assumptions."""
    from simulation.experiment.assumptions import assumptions
    from simulation.workload.build_call_table import prepare

    loaded = two_steps(tmp_path, "patience=never")
    found = assumptions(loaded.scenario.model_copy(update={"patience": None}), prepare(loaded).model.chain)
    first, second, third, *_ = weightiest(found)
    assert "never hang up" in first
    assert "all days are alike" in second
    assert "do not call again" in third


def test_a_result_is_not_printed_at_length(tmp_path) -> None:
    found = compared(tmp_path, (WAITS,), (WAITS,))
    assert repr(found.results["plan"]) == "<RunResult 'One queue, called': 1 replication, seed 1, reference engine>"
    assert repr(found) == "<ComparisonResult of plan, other>"
    assert len(repr(found.results["plan"].loaded)) < 200
