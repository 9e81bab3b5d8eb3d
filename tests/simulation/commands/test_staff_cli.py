"""``ivr staff`` as a planner tries it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flows.source import yaml_reader as native
from ivr.__main__ import main
from tests.support.small_scenarios import QUEUE_CALLED, QUEUE_ONLY, write

FEW = ["--days", "10", "--fresh-days", "10"]


@pytest.fixture
def line(tmp_path: Path) -> str:
    """A queue of 100 callers an hour of 3 minutes, an hour long, in half hours."""
    text = QUEUE_CALLED.replace("horizon: 10h", "horizon: 1h").replace("interval: 1h", "interval: 30m")
    return str(write(tmp_path, QUEUE_ONLY, text))


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    """What a command prints and says."""
    assert main(["staff", *arguments]) == code
    out, err = capsys.readouterr()
    return out, err


def test_the_scenario_that_is_written_has_the_agents_that_are_told(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "elsewhere" / "staffed.yaml"
    made.parent.mkdir()
    out, _ = run(capsys, line, "--target", "80%/30s", *FEW, "--output", str(made), "--json")
    told: dict[str, Any] = json.loads(out)
    data = native.read(made).data
    agents = data["groups"]["agents"]["agents"]
    levels = [int(n) for n in agents] if isinstance(agents, list) else [int(agents)] * 2
    assert told["agents"] == {"agents": levels}
    assert told["found"]["cost"] == sum(levels) / 2
    assert data["service_level"] == {"threshold": "30s", "target": "0.8"}
    assert data["flow"] == "../flow.yaml"
    assert main(["lint", str(made)]) == 0
    assert main(["simulate", str(made), "--replications", "2"]) == 0


def test_costs_are_told_where_they_are_stated(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, line, "--target", "80%/20s", *FEW, "--set", "groups.agents.cost_per_hour=30")
    assert "agent-hours at a cost of" in out
    assert "One agent less is missed least" in out


def test_any_number_of_workers_finds_the_same(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = (run(capsys, line, "--target", "80%/20s", *FEW, "--workers", n, "--json")[0] for n in "12")
    assert one == two


@pytest.mark.parametrize(
    ("arguments", "code", "said", "advice"),
    [
        ((), 2, "no target is stated", "--target"),
        (("--target", "80/20"), 2, "--target '80/20'", "80%/20s"),
        (("--target", "80%", "--at-most", "agent=3"), 2, "there is no group 'agent'", "did you mean 'agents'?"),
        (("--target", "80%", "--at-most", "agents"), 2, "not of the form GROUP=N", "agents=12"),
        (
            ("--target", "80%", "--per", "queue", "--set", "horizon=2d", "--set", "interval=12h"),
            2,
            "--per queue judges single days",
            "--set horizon=1d",
        ),
    ],
)
def test_what_is_called_wrongly_is_said(
    line: str, arguments: tuple[str, ...], code: int, said: str, advice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = run(capsys, line, *arguments, code=code)
    assert said in err
    assert advice in err


def test_a_promise_out_of_reach_says_what_to_relax_by_how_much(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Five agents for five erlangs are too few; what the hints advise is enough."""
    _, err = run(capsys, line, "--target", "80%/20s", "--at-most", "agents=5", *FEW, code=1)
    assert "Q004" in err
    assert "with all agents that --at-most allows" in err
    hints = err.split("--at-most agents=")
    enough = hints[-1].split()[0]
    run(capsys, line, "--target", "80%/20s", "--at-most", f"agents={enough}", *FEW)
    reached = err.split("ask for at most ")[1].split(" ")[0]
    run(capsys, line, "--target", f"{reached}/20s", "--at-most", "agents=5", *FEW)
    seconds = int(err.split("--target 80%/")[1].split("s")[0])
    run(capsys, line, "--target", f"80%/{seconds}s", "--at-most", "agents=5", *FEW)
    _, err = run(capsys, line, "--target", f"80%/{seconds - 1}s", "--at-most", "agents=5", *FEW, code=1)
    assert f"--target 80%/{seconds}s" in err
