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
        ("a --arrivals 5 --aht 180 --agents 3", 2, "error Q003 Erlang A needs --patience SECONDS", "--patience 120"),
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
        ("c --arrivals 5 --aht 180", "Missing option '--agents'"),
        ("c --arrivals 5 --aht 180 --agents 2.5", "'2.5' is not a valid integer"),
        ("c --arrivals 5 --aht 180 --agent 2", "No such option"),
    ],
)
def test_what_the_command_line_itself_refuses(run, arguments, message):
    result = run(arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


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
