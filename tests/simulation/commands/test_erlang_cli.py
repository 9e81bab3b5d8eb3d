"""`ivr erlang`: the JSON that scripts rely on, the table people read, and the errors for wrong input."""

import json
from typing import NamedTuple

import pytest

from flows.display.numbers import clock, count, decimals_for, duration, share
from ivr.__main__ import main


class Result(NamedTuple):
    exit_code: int
    stdout: str
    stderr: str


@pytest.fixture
def run(capsys):
    def run_erlang(arguments):
        code = main(["erlang", *arguments.split()])
        return Result(code, *capsys.readouterr())

    return run_erlang


@pytest.mark.parametrize(
    ("arguments", "exact"),
    [
        # Erlang B, 10 erlangs on 10 agents: 0.214582343107
        ("b --arrivals 200 --aht 180 --agents 10", {"blocking": 0.214582343107, "occupancy": 1 - 0.214582343107}),
        # M/M/1 at rho = 1/2, mu = 60/h: mean wait 60 s; P(W <= 20 s) = 1 - exp(-20/120)/2
        (
            "c --arrivals 30 --aht 60 --agents 1",
            {
                "wait_probability": 0.5,
                "asa_s": 60,
                "mean_wait_s": 60,
                "occupancy": 0.5,
                "service_level": 0.57675913755,
                "service_level_of_offered": 0.57675913755,
                "queue_length": 0.5,
            },
        ),
        # published Erlang A row: lambda 48, 50 agents, theta 0.5, T = 1/3 (hours)
        (
            "a --arrivals 48 --aht 3600 --patience 7200 --agents 50 --within 1200",
            {
                "wait_probability": 0.46777407,
                "abandonment": 0.030912249,
                "mean_wait_s": 3600 * 0.061824498,
                "service_level_of_offered": 0.94301895,
                "occupancy": 0.96 * (1 - 0.030912249),
                "queue_length": 48 * 0.061824498,
            },
        ),
    ],
)
def test_json(run, arguments, exact):
    result = run(arguments + " --json")
    assert result.exit_code == 0
    assert result.stderr == ""
    answer = json.loads(result.stdout)
    assert {name: answer[name] for name in exact} == pytest.approx(exact, rel=2e-8)


def test_json_has_what_applies(run):
    assert list(json.loads(run("b --arrivals 9 --aht 9 --agents 9 --json").stdout)) == ["blocking", "occupancy"]
    assert list(json.loads(run("A --arrivals 9 --aht 9 --agents 9 --patience 9 --json").stdout)) == [
        "wait_probability",
        "abandonment",
        "asa_s",
        "mean_wait_s",
        "occupancy",
        "service_level",
        "service_level_of_offered",
        "queue_length",
    ]


def test_table(run):
    result = run("a --arrivals 360 --aht 300 --patience 120 --agents 32")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "Erlang A: callers wait in order of arrival and hang up after a while",
        "360 callers an hour · AHT 5 min · patience 2 min · 32 agents · load 30 erlangs",
        "",
        "Wait at all      30.6 %  of callers find every agent busy",
        "Abandonment       5.8 %  of callers hang up",
        "Service level    85.5 %  handled within 20 s, of all who did not hang up by then",
        "  of offered     82.4 %  handled within 20 s, of all callers",
        "ASA               6.2 s  mean wait of handled callers",
        "Mean wait         7.0 s  of all callers",
        "Callers waiting    0.70  on average",
        "Occupancy        88.3 %  of their time agents are busy",
    ]
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "code", "message", "hint"),
    [
        (
            "c --arrivals -5 --aht 180 --agents 3",
            2,
            "error Q001 --arrivals is -5; it must be a number above 0",
            "hint: for example --arrivals 360",
        ),
        ("c --arrivals nan --aht 180 --agents 3", 2, "error Q001 --arrivals is nan", "hint: for example"),
        (
            "c --arrivals 5 --aht 180 --agents 0",
            2,
            "error Q001 --agents is 0; it must be a whole number of at least 1",
            "hint: for example --agents 32",
        ),
        (
            "c --arrivals 5 --aht 180 --agents 3 --within -1",
            2,
            "error U001 Invalid value for '--within': '-1' is not a duration",
            "hint: write 30s, 15m or 1h",
        ),
        ("a --arrivals 5 --aht 180 --agents 3", 2, "error Q003 Erlang A needs --patience TIME", "--patience 120"),
        (
            "b --arrivals 5 --aht 180 --agents 3 --patience 9",
            2,
            "error Q003 --patience has no meaning in Erlang B",
            "ivr erlang a",
        ),
        (
            "c --arrivals 200 --aht 180 --agents 10",
            1,
            "error Q002 10 agents cannot serve a load of 10 erlangs: the queue would grow for ever",
            "at least 11 agents",
        ),
        (
            "c --arrivals 5/x --aht 180 --agents 3",
            2,
            "error U001 Invalid value for '--arrivals': '5/x'",
            "360/h, 6/min",
        ),
        ("c --arrivals 5 --aht 180", 2, "error U001 nothing is asked", "--target 80%"),
        ("b --arrivals 5 --aht 180", 2, "error U001 nothing is asked", "--target 1%"),
        (
            "c --arrivals 5 --aht 180 --agents 2 --target 80%",
            2,
            "error U001 --arrivals, --agents and --target leave nothing to ask",
            "leave out --target for the service of the agents, --agents for the fewest agents, or --arrivals",
        ),
        ("--arrivals 5", 2, "error U001 Missing argument '{b|c|a}'. Choose from: b, c, a", "ivr erlang --help"),
        ("c --arrivals 5 --aht 180 --target 80/20", 2, "error U001 Invalid value", "write --target 80% --within 20"),
        ("c --arrivals 5 --aht 180 --target 80", 2, "error U001 Invalid value for '--target': '80'", "mean '80%'?"),
        (
            "c --arrivals 5 --aht 180 --target 100%",
            2,
            "error Q004 no number of agents handles every caller in time: however many there are, all may be busy",
            "--target 99%",
        ),
        ("c --arrivals 5 --aht 180 --target 0", 2, "error Q004 the target is 0.0; it must be above 0", "--target 99%"),
        ("b --arrivals 5 --aht 180 --target 0%", 2, "error Q004 no number of lines turns nobody away", "--target 0.1%"),
        ("b --arrivals 5 --aht 180 --target 1% --within 20s", 2, "error Q003 --within has no meaning", "ivr erlang c"),
        (
            "c --arrivals 9e8 --aht 1h --target 80%",
            1,
            "error Q004 more than 1,000,000 agents are needed: the load alone is 900,000,000 erlangs",
            "counts an hour",
        ),
        ("c --arrivals -5 --aht 180 --target 80%", 2, "error Q001 --arrivals is -5", "--arrivals 360"),
    ],
)
@pytest.mark.parametrize("json_too", ["", " --json"])
def test_one_finding(run, arguments, code, message, hint, json_too):
    result = run(arguments + json_too)
    assert result.exit_code == code
    assert result.stdout == ""
    problem, advice = result.stderr.splitlines()
    assert problem.startswith(message)
    assert hint in advice
    assert advice.startswith("  = hint: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("d --arrivals 5 --aht 180 --agents 3", "'d' is not one of 'b', 'c', 'a'"),
        ("c --agents 5 --arrivals 3", "Missing option '--aht'"),
        ("c --agents 5 --aht 180", "give two of --arrivals 360, --agents 32 and --target 80%"),
        ("c --agents 5 --arrivals 3 --aht 180 --max-occupancy 85%", "write --target 80% in place of --agents"),
        ("c --agents 5 --arrivals 3 --aht 180 --shrinkage 100%", "nobody takes calls"),
        ("b --arrivals 3 --aht 180 --target 1% --shrinkage 30%", "Q003 --shrinkage has no meaning in Erlang B"),
        ("b --arrivals 3 --aht 180 --target 1% --max-occupancy 80%", "Q003 --max-occupancy has no meaning"),
        ("c --arrivals 3 --aht 180 --target 80% --max-occupancy 0%", "Q004 the most occupancy is 0"),
        ("c --arrivals 5 --aht 180 --agents 2.5", "'2.5' is not a valid integer"),
        ("c --arrivals 5 --aht 180 --agent 2", "No such option"),
    ],
)
def test_what_the_command_line_itself_refuses(run, arguments, message):
    result = run(arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


# The fewest agents. Erlang C: computed with 40 digits (also among the values of `ivr validate`); half an hour of calls.
# Erlang B: published tables, 30 erlangs and 1 % need 42 lines, 10 erlangs and 2 % need 17; 2 erlangs on 2 lines block
# exactly 2/5. Erlang A: 31 of the table above answer 81.9 %, 30 answer 77.7 %.
@pytest.mark.parametrize(
    ("arguments", "agents"),
    [
        ("c --arrivals 200 --aht 180 --target 80% --within 20s", 14),
        ("c --arrivals 100/30m --aht 180s --target 0.8 --within 20", 14),
        ("c --arrivals 400 --aht 3m --target 80%", 24),
        ("c --arrivals 2000 --aht 5m --target 80 %", 176),
        ("c --arrivals 30 --aht 60 --target 1%", 1),
        ("c --arrivals 60 --aht 60 --target 1%", 2),  # one agent would be busy all the time
        ("b --arrivals 360 --aht 300 --target 1%", 42),
        ("b --arrivals 10/h --aht 1h --target 2%", 17),
        ("b --arrivals 40 --aht 3m --target 40%", 2),
        ("b --arrivals 40 --aht 3m --target 39.9999%", 3),
        ("a --arrivals 6/min --aht 5m --patience 2m --target 80% --within 20s", 31),
        ("a --arrivals 0.1/s --aht 300 --patience 120 --target 77.7%", 30),
    ],
)
def test_the_fewest_agents(run, arguments, agents):
    result = run(arguments.replace("80 %", "80%") + " --json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["agents"] == agents


def test_the_answers_around_the_fewest_are_those_of_their_numbers(run):
    def answer(agents):
        return json.loads(run(f"a --arrivals 360 --aht 300 --patience 120 --agents {agents} --json").stdout)

    found = json.loads(run("a --arrivals 360 --aht 300 --patience 120 --target 80% --json").stdout)
    assert (found.pop("one_less"), found.pop("one_more")) == tuple({"agents": n, **answer(n)} for n in (30, 32))
    assert found == {"agents": 31, **answer(31), "target": 0.8}
    alone = json.loads(run("b --lines 1 --arrivals 1 --aht 1 --json").stdout)
    found = json.loads(run("b --target 1% --arrivals 1 --aht 1 --json").stdout)
    assert (found["agents"], found["one_less"], found["blocking"]) == (1, None, alone["blocking"])


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (
            "a --arrivals 360 --aht 300 --patience 120 --target 80% --within 20s",
            [
                "Erlang A: callers wait in order of arrival and hang up after a while",
                "360 callers an hour · AHT 5 min · patience 2 min · load 30 erlangs",
                "",
                "It takes 31 agents to handle 80 % of callers within 20 s; 30 handle 77.7 %.",
                "",
                "Agents             30      31      32",
                "Abandonment     8.9 %   7.3 %   5.8 %",
                "Service level  77.7 %  81.9 %  85.5 %",
                "ASA             9.6 s   7.8 s   6.2 s",
                "Occupancy      91.1 %  89.7 %  88.3 %",
                "",
                "Service level: handled within 20 s, of all who did not hang up by then.",
            ],
        ),
        (  # B(30, 41), B(30, 42), B(30, 43) by the recursion; 1.0 % would not tell 41 lines from the target
            "b --arrivals 360 --aht 5m --target 1%",
            [
                "Erlang B: callers who find every agent busy are lost",
                "360 callers an hour · AHT 5 min · load 30 erlangs",
                "",
                "It takes 42 lines to turn away at most 1 % of callers; 41 turn away 1.04 %.",
                "",
                "Lines          41      42      43",
                "Blocked     1.0 %  0.74 %  0.51 %",
                "Occupancy  72.4 %  70.9 %  69.4 %",
            ],
        ),
        (  # M/M/2, 1 erlang: C = 1/3, P(wait <= 20 s) = 1 - exp(-20/300)/3, ASA 300 s/3; one agent never gets done
            "c --arrivals 12 --aht 5m --target 1%",
            [
                "Erlang C: callers wait in order of arrival and never hang up",
                "12 callers an hour · AHT 5 min · load 1 erlang",
                "",
                "It takes 2 agents to handle 1 % of callers within 20 s; with 1 the queue would",
                "grow for ever.",
                "",
                "Agents         1           2       3",
                "Service level  –      68.8 %  92.0 %",
                "ASA            –  1 min 40 s  13.6 s",
                "Occupancy      –        50 %  33.3 %",
                "",
                "Service level: handled within 20 s, of all who did not hang up by then.",
            ],
        ),
    ],
)
def test_the_answer_as_people_read_it(run, arguments, lines):
    assert run(arguments).stdout.splitlines() == lines


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            "a --arrivals 12 --aht 5m --patience 10s --target 1%",
            "It takes 1 agent to handle 1 % of callers within 20 s.",
        ),
        ("b --arrivals 1 --aht 1 --target 50%", "It takes 1 line to turn away at most 50 % of callers."),
        (
            "b --arrivals 40 --aht 3m --target 40%",
            "It takes 2 lines to turn away at most 40 % of callers; 1 turns away 66.7 %.",
        ),
    ],
)
def test_one_is_enough_or_not(run, arguments, sentence):
    assert run(arguments).stdout.splitlines()[3] == sentence


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (share(0.9462, 0.0041), "94.6 % ± 0.4"),
        (share(0.5), "50 %"),
        (share(0.9999), "99.99 %"),
        (share(1), "100 %"),
        (share(-0.02), "−2 %"),
        (share(0.00042), "0.042 %"),
        (share(0.946215, 0.0), "94.6 % ± 0.0"),
        (count(1816.158, 3.6), "1,816 ± 4"),
        (count(6), "6"),
        (count(-0.0), "0"),
        (duration(72), "1 min 12 s"),
        (duration(59.6), "1 min"),
        (duration(3599.7), "1 h"),
        (duration(7300), "2 h 2 min"),
        (duration(-75), "−1 min 15 s"),
        (duration(0), "0 s"),
        (duration(12.43, 0.8), "12.4 s ± 0.8"),
        (duration(90, 12), "1 min 30 s ± 12 s"),
        (clock(37_800), "10:30"),
        (clock(90_060), "1:01 (+1 d)"),
    ],
)
def test_figures(written, text):
    assert written == text


def test_decimals_follow_the_half_width():
    assert [decimals_for(h, default=1) for h in (30, 3, 0.3, 0.03, 0.0, None, float("inf"))] == [0, 0, 1, 2, 1, 1, 1]


# The most callers. Erlang B tables: 20 lines carry 12.031 erlangs at 1 % (12.0306), one line 1/99 erlang, because its
# blocking is load / (1 + load). M/M/1, AHT 60 s: P(W <= 60 s) = 1 - rho exp(-(1 - rho)) = 1 - e^-0.5 / 2 at rho = 1/2,
# and P(W <= 0) = 1 - rho. With an occupancy of at most 40 %, rho = 0.4. The Erlang A table: 360 an hour give 31 agents
# 81.9 %, so that 80 % allow a few more.
@pytest.mark.parametrize(
    ("arguments", "per_hour"),
    [
        ("b --lines 20 --aht 1h --target 1%", 12.0306),
        ("b --lines 1 --aht 60 --target 1%", 60 / 99),
        ("c --agents 1 --aht 1m --within 60s --target 69.67346701436834%", 30),
        ("c --agents 1 --aht 1m --within 0 --target 50%", 30),
        ("c --agents 1 --aht 1m --within 0 --target 50% --max-occupancy 40%", 24),
    ],
)
def test_the_most_callers(run, arguments, per_hour):
    found = json.loads(run(f"{arguments} --json").stdout)
    assert found["arrivals_per_hour"] == pytest.approx(per_hour, rel=1e-5)


def test_the_most_callers_reach_the_target_and_hardly_more_would(run):
    found = json.loads(run("a --agents 31 --aht 5m --patience 2m --target 80% --json").stdout)
    assert 360 < found["arrivals_per_hour"] < 372
    again = "a --agents 31 --aht 5m --patience 2m --json --arrivals"
    assert json.loads(run(f"{again} {found['arrivals_per_hour']!r}").stdout)["service_level"] == pytest.approx(0.8)
    assert json.loads(run(f"{again} {found['arrivals_per_hour'] + 1}").stdout)["service_level"] < 0.8


def test_a_cap_on_occupancy_takes_more_agents(run):
    """30 erlangs at 80 %: 30 / 0.8 = 37.5, so 38 agents of Erlang C, where 80 % within 20 s take 35."""
    found = json.loads(run("c --arrivals 360 --aht 5m --target 80% --max-occupancy 80% --json").stdout)
    assert found["agents"] == 38
    assert json.loads(run("c --arrivals 360 --aht 5m --target 80% --json").stdout)["agents"] < 38
    assert "and would be busy for 81.1 %" in run("c --arrivals 360 --aht 5m --target 80% --max-occupancy 80%").stdout


def test_shrinkage_says_how_many_people_to_schedule(run):
    """Of 40 people with 30 % away, 28 take calls: 28 / 0.7 = 40."""
    result = run("c --arrivals 200 --aht 3m --agents 28 --shrinkage 30%")
    assert result.stdout.splitlines()[-1] == "Schedule 40 people, so that 28 take calls: 30 % are away."
    assert json.loads(run("c --arrivals 200 --aht 3m --agents 28 --shrinkage 30% --json").stdout)["scheduled"] == 40


def test_the_most_callers_as_people_read_it(run):
    lines = run("b --lines 20 --aht 1h --target 1%").stdout.splitlines()
    said = "Up to 12.0 callers may call an hour, 12.0 erlangs: 20 lines then turn away at most 1 % of them."
    assert " ".join(lines[3:5]) == said
