"""Sentences, titles, captions and bars that pages and commands derive from figures, each on figures for which careless
wording would be false. Results are built by hand; nothing is simulated.
"""

from __future__ import annotations

import io
import sys
from dataclasses import replace

import numpy as np
import pytest
from lxml import html

from flows.analysis.menu_order import orders
from flows.commands.optimise_table import orders_text
from flows.display.progress import progress_bar
from flows.model.load import load_text
from ivr.records.definitions.all_measures import COLUMNS
from ivr.records.measures import sums, total
from simulation.experiment.advice import Plan, advice
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import bounds, written
from simulation.experiment.replicate import Effort, replicate
from simulation.experiment.scenario_changes import changes
from simulation.experiment.verdict import against_target, signed
from simulation.report.charts.of_a_run import charts
from simulation.report.charts.titles import outcomes_title, service_title, wait_title
from simulation.report.comparison import comparison, render_comparison
from simulation.report.comparison_text import comparison_text
from simulation.report.html import report_data
from simulation.report.records_text import report_text
from simulation.report.results_text import result_text
from simulation.validation.run import validate
from simulation.validation.text import lines as validation_lines
from tests.support.hand_worked_calls import DATA, WAITS, of, parts, records, text
from tests.support.hand_worked_results import by_hand, compared
from tests.support.units import S


def titles(report):
    return {chart.key: chart.title for chart in charts(report)}


def chart_of(report, key):
    return next(chart for chart in charts(report) if chart.key == key)


# -- waits ----------------------------------------------------------------------------------------------------------


def test_the_share_that_does_not_wait_is_told_not_half() -> None:
    report = report_data(parts((0,) * 7 + (90,)), **DATA)  # 7 of 8 do not wait: 87.5 %, not "half"
    assert titles(report)["waits"] == "87.5 % of callers in queues do not wait at all; 19 in 20 wait at most 1 min 30 s"


def test_equal_waits_are_not_called_half_and_rare() -> None:
    assert (
        titles(report_data(parts((60,) * 8), **DATA))["waits"]
        == "At least 19 in 20 callers in queues wait at most 1 min"
    )


def test_a_quick_answer_of_few_does_not_hide_those_who_are_never_answered() -> None:
    # calls 0..4 join before half past: none of 5..7 is answered, they hang up after 300 s; 0..4 are answered at once
    report = report_data(parts((0, 0, 0, 0, 0, -300, -300, -300)), **DATA)
    assert (
        titles(report)["wait"] == "Answered callers wait less than half a second on average in every interval; "
        "nobody who joins from 8:30 to 9:00 is answered"
    )


def test_equal_intervals_have_no_peak() -> None:
    assert (
        wait_title([(0, Estimate(7.0)), (1, Estimate(7.0))], ["8:00", "8:30", "9:00"], [])
        == "Answered callers wait 7 s on average in every interval"
    )


def test_hung_up_at_once_is_not_joined_by_nobody() -> None:
    report = report_data(parts((-2, -3, -2)), **DATA)  # all within 20 s: no service level, yet three joined
    assert text(of(report).find_class("lead")[0]) == "3 callers joined a queue; everybody hung up within 20 s."


def test_nobody_answered_is_said() -> None:
    # one hangs up after 30 s: service level 0 of 1
    assert text(of(report_data(parts((-30,)), **DATA)).find_class("lead")[0]).startswith(
        "0 % of callers in queues are answered within 20 s, not counting those who hang up by then. "
        "Nobody is answered; 100 % of callers in queues hang up."
    )


def test_the_lead_counts_whom_the_service_level_counts() -> None:
    # 4 answered at once, 4 hang up after 10 s: 4 / (8 - 4) = 100 %, though half of those who want an agent get none
    lead = text(of(report_data(parts((0, 0, 0, 0, -10, -10, -10, -10)), **DATA)).find_class("lead")[0])
    assert lead.startswith(
        "100 % of callers in queues are answered within 20 s, not counting those who hang up by then."
    )
    assert "50 % of callers in queues hang up." in lead


# -- staffing -------------------------------------------------------------------------------------------------------


def test_agents_without_the_skill_are_not_said_to_do_the_work() -> None:
    """The one agent serves billing (even calls) alone; tech gives up: in total the work fits, but the service level is
    50 %.
    """
    report = report_data(parts((0, -60, 0, -60, 0, -60, 0, -60)), **DATA)
    assert report.overall["service_level"].mean == 0.5
    chart = chart_of(report, "staffing")
    # 5 offers x AHT 60 s / 1800 s = 0.17 of one agent
    assert chart.title == "Across all skills, agents are most loaded at 8:00: work for 0.2 of the 1.0 on duty"
    assert "it does not show whether those on duty have the right skills" in chart.note


def test_work_is_that_of_the_interval() -> None:
    """AHT is 60 s before half past and 600 s after: 3 offers x 600 s / 1800 s = one agent, where the mean AHT of 262.5
    s would say 0.4.
    """
    of_an_hour = records(waits_s=(0,) * 8)
    of_an_hour = replace(of_an_hour, visits={**of_an_hour.visits, "talk_us": np.where(np.arange(8) < 5, 60, 600) * S})
    report = report_data([sums(of_an_hour, interval_us=1800 * S)], **DATA)
    assert chart_of(report, "staffing").rows[1][2] == "1.0"


# -- service level over the day -------------------------------------------------------------------------------------

EDGES = ["8:00", "8:30", "9:00"]


@pytest.mark.parametrize(
    ("means", "target", "said"),
    [
        ((1.0, 1.0), 0.8, "The service level is at least 80 % in every interval; it is 100 % in every interval"),
        ((0.5, 0.5), 0.8, "The service level is below 80 % in every interval; it is 50 % in every interval"),
        (
            (0.7996, 0.9),
            0.8,
            "The service level is below 80 % from 8:00 to 8:30; lowest at 8:00 with 79.96 %",
        ),  # not 80.0
        ((0.8, 0.9), 0.8, "The service level is at least 80 % in every interval; it is lowest at 8:00 with 80 %"),
    ],
)
def test_the_service_level_over_the_day(means, target, said) -> None:
    assert service_title([(i, Estimate(mean)) for i, mean in enumerate(means)], EDGES, target) == said


def test_a_target_of_nothing_keeps_its_line_in_the_legend() -> None:
    legend = chart_of(report_data(parts(WAITS), target_share=0.0, **DATA), "service-level").legend
    assert [name for name, *_ in legend] == ["Service level", "Target 0 %"]


# -- bands ----------------------------------------------------------------------------------------------------------


def series_and_note(report):
    chart = chart_of(report, "wait")
    return len(chart.option["series"]), "band" in chart.note


def test_a_caption_speaks_of_a_band_only_where_one_is_drawn() -> None:
    two = parts(WAITS, WAITS[::-1])
    assert series_and_note(report_data(two, **DATA)) == (3, True)
    assert series_and_note(report_data([total(two)], **DATA)) == (1, False)  # two replications added up: no intervals
    assert series_and_note(
        report_data([sums(records(waits_s=w), interval_us=3600 * S) for w in (WAITS, WAITS[::-1])], **DATA)
    ) == (
        1,
        False,
    )  # a single interval has no width to span
    assert series_and_note(report_data(parts(WAITS, WAITS), **DATA)) == (1, False)  # a band of no width is not seen


def test_added_up_replications_claim_no_interval() -> None:
    page = text(of(report_data([total(parts(WAITS, WAITS[::-1]))], **DATA)))
    assert "±" not in page
    assert "2 replications pooled, without intervals." in page


# -- bars -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["outcomes", "stages"])
def test_the_track_of_a_bar_is_100_per_cent(key: str) -> None:
    chart = chart_of(report_data(parts(WAITS), **DATA), key)
    assert (chart.option["xAxis"]["min"], chart.option["xAxis"]["max"]) == (0, 1)
    shown = {row[0]: row[1] for row in chart.rows}
    drawn = [bar["value"] for bar in chart.option["series"][0]["data"]]
    assert drawn == pytest.approx([float(share.removesuffix(" %")) / 100 for share in shown.values()], abs=0.001)


def test_transfers_make_no_share_above_one() -> None:
    """Four calls, each handed to a second queue: 8 offers of 4 calls are 100 % of offers, not 200 % of callers."""
    day = records(waits_s=(0,) * 8)
    day = replace(
        day, visits={**day.visits, "call_id": np.repeat(np.arange(4), 2), "seq": np.tile(np.int16([0, 1]), 4)}
    )
    report = report_data([sums(day, interval_us=1800 * S)], **DATA)
    chart = chart_of(report, "stages")
    assert chart.title == "Of 100 callers offered to queues, 100 are handled by an agent, 100 of them within 20 s"
    assert max(bar["value"] for bar in chart.option["series"][0]["data"]) == 1


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        # 33.5, 33.5 and 33 would each round to 34, 34 and 33: 101 calls of 100
        (
            {"handled": 67.0, "contained": 67.0, "closed": 66.0},
            (
                "Of 100 calls, 34 are handled by an agent, 33 are served by the menu and 33 are told that the line is"
                " closed"
            ),
        ),
        (
            {"handled": 996.0, "failed": 4.0},
            "Of 100 calls, more than 99 are handled by an agent and fewer than 1 is cut off by a failure",
        ),
    ],
)
def test_whole_calls_of_100(outcomes, said) -> None:
    assert outcomes_title(outcomes) == said


def test_vermillion_is_explained_only_where_it_is() -> None:
    assert chart_of(report_data(parts((0, 0)), **DATA), "outcomes").note == ""
    assert "Vermillion" in chart_of(report_data(parts((0, -90)), **DATA), "outcomes").note


# -- intervals ------------------------------------------------------------------------------------------------------


def test_an_interval_of_a_share_stays_within_it() -> None:
    # 76 % ± 174: by the logit ln(0.76 / 0.24) = 1.153 ± 1.74 / (0.76 x 0.24) = 9.54, that is 0.0227 % to 99.9977 %
    low, high = bounds("service_level", Estimate(0.76, 1.74))
    assert (low, high) == (pytest.approx(2.27e-4, rel=0.01), pytest.approx(1 - 2.27e-5, rel=1e-5))
    assert written("service_level", Estimate(0.76, 1.74)) == "76 % (0 % to 100 %)"
    assert bounds("service_level", Estimate(0.76, 0.1)) == (0.66, 0.86)
    assert written("blocking", Estimate(0.0, 0.0)) == "0 %"  # it did not happen, but that does not make it certain
    assert written("asa_s", Estimate(5.0, 8.0)) == "5 s (0 s to 13 s)"  # nobody waits −3 s
    assert signed("service_level", Estimate(0.2, 1.74)) == "+20 pp (−100 to +100)"


def test_the_interval_of_the_logit_covers_what_student_t_does_not() -> None:
    """20,000 samples of five days with shares of 3 % on average (beta, like busy days): 95 % is promised."""
    rng = np.random.default_rng(1)
    calls = rng.poisson(300, (20_000, 5))
    met = rng.binomial(calls, rng.beta(0.9, 29.1, (20_000, 5)))
    share = met.sum(1) / calls.sum(1)
    deviations = (met - share[:, None] * calls) / calls.mean(1, keepdims=True)
    half = 2.776445 * np.sqrt((deviations**2).sum(1) / 4 / 5)  # Student's t with 4 degrees of freedom
    out = (share - half < 0) & (share > 0)
    ends = [bounds("blocking", Estimate(float(p), float(h))) for p, h in zip(share[out], half[out], strict=True)]
    of_logit = np.mean([low <= 0.03 <= high for low, high in ends])
    of_t = np.mean(np.abs(share[out] - 0.03) <= half[out])
    assert of_t < 0.93 < 0.95 < of_logit


def test_bands_and_bars_use_the_same_ends() -> None:
    level, *_ = charts(report_data(parts((0, 60, 0, 0, 0, 60, 0), (60, 60, 0, 60, 60, 0, 0)), **DATA))
    lower, height, _ = (s["data"] for s in level.option["series"])
    assert all(0 <= low <= low + more <= 1 for low, more in zip(lower, height, strict=True) if low is not None)


def test_agreement_goes_by_the_interval_that_is_shown_and_its_confidence() -> None:
    page = of(
        report_data(parts(WAITS, (0, 5, 20, 10, -40, 20, 0, 0)), exact={"service_level": 0.01}, confidence=0.9, **DATA)
    )
    # 81.25 % ± 39.5 (t 6.314): logit 1.466 ± 2.59, from 24.5 %: 1 % lies outside
    assert text(page.xpath("//h2[.='Compared with the exact value']/..//tbody/tr")[0]).endswith(
        "✗ outside the interval"
    )
    assert "by chance, 10 % of intervals do not contain it" in text(page)  # not one in twenty


# -- targets --------------------------------------------------------------------------------------------------------


def test_page_and_text_judge_a_target_alike() -> None:
    assert [
        against_target(Estimate(mean, half), 0.8)
        for mean, half in ((0.85, 0.04), (0.85, 0.06), (0.75, 0.06), (0.75, 0.04))
    ] == ["met", "too close to call", "too close to call", "missed"]
    two = parts(WAITS, (0, 5, 20, 10, -40, 20, 0, 0))
    report = report_data(two, target_share=0.8, **DATA)
    assert "too close to call: the target of 80 %" in text(of(report))
    assert "The target of 80 % is too close to call." in report_text(report)


def test_the_text_says_who_is_left_out_of_the_service_level() -> None:
    """Hung up after 3, 15 and 40 s, one answered at once: within 20 s two are left out, 1 / (4 - 2); of the short ones
    alone it would be one, 1 / (4 - 1).
    """
    report = report_data(parts((0, -3, -15, -40)), source="live", title="Day", target_share=0.4)
    shown = report_text(report)
    assert report.overall["service_level"].mean == 0.5
    assert shown.endswith(
        "Service level: handled within 20 s, of all who did not hang up by then.\nThe target of 40 % is met."
    )
    assert "handled within 20 s, of all who did not hang up by then" in text(of(report))


# -- the terminal ---------------------------------------------------------------------------------------------------


def test_a_queue_with_few_callers_is_not_joined_by_nobody(tmp_path) -> None:
    shown = result_text(by_hand(tmp_path, (0,), ()))  # one caller of billing in two replications, none of tech
    assert "  fewer than one caller per replication: billing\n  nobody joined: tech\n" in shown
    assert "nobody joined a queue" in result_text(by_hand(tmp_path, (), ()))


def test_what_happens_now_and_then_is_not_0_calls(tmp_path) -> None:
    shown = result_text(by_hand(tmp_path, (0, -30), (0, 0), (0, 0), (0, 0)))  # one of 40 calls hangs up
    assert "  abandoned   2.5 %  0.25 calls" in shown


def test_no_difference_in_these_measures_is_not_exactly_the_same(tmp_path) -> None:
    alike = compared(tmp_path, (WAITS, WAITS), (WAITS, WAITS))
    assert "identical in every measure" in comparison_text(alike)

    def with_a_message(part):
        values = part.values.copy()
        values[0, COLUMNS.index("ended_voicemail")] += 1  # a measure that has no column here
        return replace(part, values=values)

    assert "no difference in these measures" in comparison_text(
        compared(tmp_path, (WAITS, WAITS), (WAITS, WAITS), with_a_message)
    )


def test_progress_knows_how_many_are_asked_for_before_the_first_is_done() -> None:
    told: list[tuple[int, int]] = []
    replicate(
        lambda i, busy_u: i, Effort(replications=60), seed=1, progress=lambda done, total: told.append((done, total))
    )
    assert told[0] == (0, 60)
    assert told[-1] == (60, 60)
    of_models: list[tuple[int, int]] = []
    validate({}, only=["erlang_b"], progress=lambda done, total: of_models.append((done, total)))
    assert of_models[0] == (0, 1)


def test_the_bar_says_no_number_that_it_does_not_know(monkeypatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar("simulating") as bar:
        bar.on_compile()
        bar.progress(0, 60)
    shown = sys.stderr.getvalue()
    assert "/?" not in shown
    assert "0/60" in shown


# -- comparisons ----------------------------------------------------------------------------------------------------


def plan(name, mean, half, hours, threshold_s=20.0):
    return Plan(name, None if mean is None else Estimate(mean, half), threshold_s, hours)


@pytest.mark.parametrize(
    ("plans", "target", "said"),
    [
        # more agents answer more; the cheapest that surely meets the target is what to decide on
        (
            [plan("plan", 0.85, 0.02, 400.0), plan("rich", 0.95, 0.02, 460.0), plan("lean", 0.75, 0.02, 360.0)],
            0.8,
            (
                "plan is the cheapest that meets 80 % within 20 s: 85 % with 400 agent-hours. lean saves 40 agent-hours"
                " and misses it with 75 %. rich takes 60 more for 95 %."
            ),
        ),
        (
            [plan("plan", 0.85, 0.02, 400.0), plan("lean", 0.81, 0.02, 399.5)],
            0.8,
            (
                "plan is the cheapest that meets 80 % within 20 s: 85 % with 400 agent-hours. lean saves 0.5"
                " agent-hours and is too close to call with 81 %."
            ),
        ),
        (
            [plan("plan", 0.75, 0.02, 400.0), plan("rich", 0.78, 0.01, 460.0)],
            0.8,
            "No scenario meets 80 % within 20 s; rich comes closest, with 78 % and 460 agent-hours.",
        ),
        (
            [plan("plan", 0.75, 0.02, 400.0), plan("rich", 0.81, 0.02, 460.0)],
            0.8,
            (
                "No scenario meets 80 % within 20 s for certain: rich, with 81 % and 460 agent-hours, is too close to"
                " call; run more replications."
            ),
        ),
        # the one with the higher mean surely misses, the other may still meet it
        (
            [plan("plan", 0.78, 0.01, 400.0), plan("wild", 0.75, 0.1, 400.5)],
            0.8,
            (
                "No scenario meets 80 % within 20 s for certain: wild, with 75 % and 400.5 agent-hours, is too close to"
                " call; run more replications."
            ),
        ),
        (
            [plan("plan", 0.75, None, 400.0), plan("rich", 0.85, None, 460.0)],
            0.8,
            (
                "rich is the cheapest that meets 80 % within 20 s: 85 % with 460 agent-hours. plan saves 60 agent-hours"
                " and misses it with 75 %. That is one replication: run more to tell it from chance."
            ),
        ),
        (
            [plan("plan", 0.75, 0.02, 400.0), plan("pooled", 0.85, 0.02, 400.0)],
            0.8,
            (
                "All scenarios take the same agent-hours, 400. Answered within 20 s, the target being 80 %: plan 75 %"
                " (missed), pooled 85 % (met)."
            ),
        ),
        (
            [plan("plan", 0.75, 0.02, 400.0), plan("rich", 0.85, 0.02, 460.0)],
            None,
            (
                "Agent-hours, and the share of callers in queues who are answered within 20 s for them: plan 400 for 75"
                " %; rich 460 for 85 %. State a target to see which is cheapest."
            ),
        ),
        # a variant that counts within a minute cannot be the best at 20 s
        (
            [plan("plan", 0.75, 0.02, 400.0), plan("slack", 0.99, 0.01, 300.0, 60.0)],
            0.8,
            "plan answers 75 % of callers in queues within 20 s, with 400 agent-hours; the target of 80 % is missed.",
        ),
        (
            [plan("plan", None, None, 400.0), plan("rich", None, None, 460.0)],
            0.8,
            "No scenario has a service level: no caller joins a queue, or all hang up within 20 s.",
        ),
    ],
)
def test_a_comparison_leads_with_what_is_to_be_decided(plans, target, said) -> None:
    assert advice(plans, target=target) == said


def test_text_and_page_lead_alike(tmp_path) -> None:
    found = compared(tmp_path, (WAITS, WAITS[::-1]), ((0,) * 8, (0,) * 8))
    page = html.document_fromstring(
        render_comparison(
            comparison(
                {name: result.parts for name, result in found.results.items()},
                title="Plans",
                agent_hours=found.agent_hours,
            )
        )
    )
    lead = text(page.find_class("lead")[0])
    assert lead.startswith("All scenarios take the same agent-hours, 60.")  # 6 agents for 10 h
    assert lead in " ".join(comparison_text(found).split())


def pages_titles(**variants):
    page = html.document_fromstring(
        render_comparison(
            comparison({name.replace("_", " "): parts(*waits) for name, waits in variants.items()}, title="Plans")
        )
    )
    return [text(h3) for h3 in page.xpath("//h3")], text(page)


def test_the_highest_is_the_highest() -> None:
    """Handled within 20 s of 8: sure 4, 4; wild 8, 2; plan 3, 3. Wild has the highest mean, sure alone is clearly above
    plan.
    """
    level = {n: (0,) * n + (60,) * (8 - n) for n in (2, 3, 4, 8)}
    said, _ = pages_titles(plan=(level[3], level[3]), sure=(level[4], level[4]), wild=(level[8], level[2]))
    assert said[0] == "Service level: sure clearly better than plan"


def test_one_replication_cannot_tell() -> None:
    said, page = pages_titles(plan=((60,) * 8,), quick=((0,) * 8,))
    assert said[0] == "Service level: one replication cannot tell the scenarios apart"
    assert "✓ better" not in page
    assert "cannot tell" in page


def test_one_scenario_is_not_compared_with_itself() -> None:
    said, page = pages_titles(plan=(WAITS, WAITS))
    assert said[0] == "Service level: 75 %"
    assert "1 scenario" in page
    assert "same callers" not in page


def test_other_callers_are_not_called_the_same() -> None:
    page = text(
        html.document_fromstring(
            render_comparison(
                comparison({"plan": parts(WAITS, WAITS), "other": parts((0,), (0,))}, title="Plans", same_callers=False)
            )
        )
    )
    assert "2 scenarios, some with different callers" in page
    assert "on the same callers" not in page


def test_what_a_variant_changes() -> None:
    base = {"name": "A", "routing": "single_queue", "groups": {"desk": {"agents": ["5", "6"]}}, "seed": "1"}
    other = {
        "name": "B",
        "routing": {"policy": "single_queue"},
        "groups": {"desk": {"agents": ["5", "7"]}},
        "lines": "9",
    }
    assert changes(base, other) == ("groups.desk.agents: [5, 6] → [5, 7]", "lines: 9 (was not stated)")


# -- other commands -------------------------------------------------------------------------------------------------


def test_visits_of_a_menu_are_no_share_of_calls() -> None:
    flow = load_text("""
ivr: 1
name: Half
start: main
nodes:
  main: {type: menu, choices: [{key: 1, label: a, share: 0.5, next: more}, {key: 2, label: b, share: 0.5, next: bye}]}
  more: {type: menu, choices: [{key: 1, label: c, next: bye}, {key: 2, label: d, next: bye}]}
  bye: {type: hangup}
""").flow
    head, *rows = orders_text(flow, orders(flow), calls_per_year=1000, least_s=0.5).splitlines()[2:5]
    assert head.split()[:2] == ["menu", "visits"]
    assert {row.split()[0] for row in rows} == {"main", "more"}
    assert all(row.split()[2] == "x" for row in rows)


def test_one_target_is_one_target() -> None:
    found = validate({}, only=["erlang_b"])
    one = replace(found, verdicts=found.verdicts[:1])
    assert validation_lines(one)[-1].text == "1 target of 1 model met."


def test_nothing_is_assumed_of_a_value_that_every_way_has_set() -> None:
    """Northwind sets `tier` on both paths to `tech_by_tier`, so its split never meets an unknown value; `line_called`
    does, and its shares are stated.
    """
    from simulation.experiment.assumptions import assumptions
    from simulation.loading.load import load_scenario
    from simulation.workload.build_call_table import prepare

    prepared = prepare(load_scenario("northwind"))
    told = assumptions(prepared.loaded.scenario, prepared.model.chain)
    assert [text for text in told if "tech_by_tier" in text or "line_called" in text] == []
