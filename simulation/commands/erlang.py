"""``ivr erlang``: Erlang B, C and A: the service of a number of agents, or the fewest agents for a service."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from flows.display.console import guarded
from flows.display.options import PER_HOUR, SECONDS, SHARE
from flows.display.terminal import say
from flows.source.counted import counted
from flows.source.finding import Finding, LimitError, UsageError, usage_error
from simulation.commands._erlang_text import WHAT_CALLERS_DO, Line, answer_lines, target_lines

if TYPE_CHECKING:
    from simulation.theory import Answer

__all__ = ["erlang"]

_OPTIONS = {
    "arrivals_per_hour": ("--arrivals", 360),
    "aht_s": ("--aht", 300),
    "patience_s": ("--patience", 120),
    "agents": ("--agents", 32),
    "within_s": ("--within", 20),
}


@click.command()
@click.argument("model", type=click.Choice(["b", "c", "a"], case_sensitive=False))
@click.option(
    "--arrivals",
    "arrivals_per_hour",
    type=PER_HOUR,
    required=True,
    metavar="RATE",
    help="Callers an hour: 360; or in another time: 6/min.",
)
@click.option(
    "--aht",
    "aht_s",
    type=SECONDS,
    required=True,
    metavar="TIME",
    help="Mean handle time, talk and after-call work: 300, 5m.",
)
@click.option("--patience", "patience_s", type=SECONDS, metavar="TIME", help="Mean patience, for Erlang A: 120, 2m.")
@click.option("--agents", "--lines", type=int, metavar="N", help="Agents (or lines, for Erlang B).")
@click.option(
    "--target",
    type=SHARE,
    metavar="SHARE",
    help="Instead of --agents: the service level to reach, 80%; for b, the most that may be turned away, 1%.",
)
@click.option(
    "--within",
    "within_s",
    type=SECONDS,
    default="20s",
    show_default=True,
    metavar="TIME",
    help="Threshold of the service level.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def erlang(
    model: str,
    arrivals_per_hour: float,
    aht_s: float,
    patience_s: float | None,
    agents: int | None,
    target: float | None,
    within_s: float,
    as_json: bool,
) -> None:
    """Compute Erlang B, C or A: the service that agents give to callers, or the fewest agents for a target.

    \b
    b  callers who find every agent busy are lost
    c  callers wait and never hang up
    a  callers wait and hang up after a while

    \b
    Examples: ivr erlang a --arrivals 360 --aht 5m --patience 2m --agents 32
              ivr erlang a --arrivals 6/min --aht 5m --patience 2m --target 80%
              ivr erlang b --arrivals 360 --aht 5m --target 1%
    """
    model = model.lower()
    _check(model, patience_s, agents, target)
    queue = _Queue(model, arrivals_per_hour, aht_s, patience_s, within_s)
    try:
        if target is None:
            _show_answer(queue, agents or 0, as_json=as_json)
        else:
            _show_target(queue, target, as_json=as_json)
    except UsageError as error:
        raise UsageError([_in_terms_of_options(finding) for finding in error.findings]) from error


@dataclasses.dataclass(frozen=True)
class _Queue:
    """What is asked about, apart from the number of agents."""

    model: str
    arrivals_per_hour: float
    aht_s: float
    patience_s: float | None
    within_s: float

    @property
    def load(self) -> float:
        return self.arrivals_per_hour * self.aht_s / 3600

    def answer(self, agents: int) -> Answer:
        """What the formula says for a number of agents."""
        from simulation.theory import erlang_a, erlang_b, erlang_c

        if self.patience_s is not None:
            return erlang_a(
                arrivals_per_hour=self.arrivals_per_hour,
                aht_s=self.aht_s,
                agents=agents,
                patience_s=self.patience_s,
                within_s=self.within_s,
            )
        if self.model == "c":
            return erlang_c(
                arrivals_per_hour=self.arrivals_per_hour, aht_s=self.aht_s, agents=agents, within_s=self.within_s
            )
        return erlang_b(arrivals_per_hour=self.arrivals_per_hour, aht_s=self.aht_s, agents=agents)

    def fewest(self, target: float) -> int:
        """The fewest agents that reach a target."""
        from simulation.theory import fewest_agents
        from simulation.theory.answer import check

        check(arrivals_per_hour=(self.arrivals_per_hour, "positive"), aht_s=(self.aht_s, "positive"))
        of_lines = self.model == "b"
        return fewest_agents(
            self.answer,
            load=self.load,
            service_level=None if of_lines else target,
            blocking=target if of_lines else None,
            waits_for_ever=self.model == "c",
        )

    def near(self, agents: int) -> dict[int, Answer | None]:
        """The answers for a number of agents, one less and one more; None where the queue would grow for ever."""
        found: dict[int, Answer | None] = {}
        for number in range(max(agents - 1, 1), agents + 2):
            try:
                found[number] = self.answer(number)
            except LimitError:
                found[number] = None
        return found


def _check(model: str, patience_s: float | None, agents: int | None, target: float | None) -> None:
    """Refuse options that are missing, that exclude each other, or that mean nothing to a formula."""
    if (agents is None) == (target is None):
        problem = "nothing is asked" if agents is None else "--agents and --target are two questions"
        example = "1%" if model == "b" else "80%"
        raise click.UsageError(
            f"{problem}; give --agents 32 for the service of 32 agents, or --target {example} for the fewest agents"
        )
    if model == "b" and target is not None and _was_given("within_s"):
        raise usage_error(
            "Q003",
            f"--within has no meaning in Erlang B: {WHAT_CALLERS_DO['b']}",
            "leave --within out, or use `ivr erlang c` for callers who wait",
            node="within_s",
        )
    if model != "a" and patience_s is not None:
        raise usage_error(
            "Q003",
            f"--patience has no meaning in Erlang {model.upper()}: {WHAT_CALLERS_DO[model]}",
            "leave --patience out, or use `ivr erlang a`",
            node="patience_s",
        )
    if model == "a" and patience_s is None:
        raise usage_error(
            "Q003",
            "Erlang A needs --patience TIME, how long callers wait on average before they hang up",
            "add for example --patience 120, or use `ivr erlang c` for callers who never hang up",
            node="patience_s",
        )


def _was_given(option: str) -> bool:
    return click.get_current_context().get_parameter_source(option) is click.core.ParameterSource.COMMANDLINE


def _show_answer(queue: _Queue, agents: int, *, as_json: bool) -> None:
    answer = queue.answer(agents)
    if as_json:
        click.echo(json.dumps(answer.as_dict(), indent=2))
        return
    from flows.display.numbers import count, duration

    who = f"{count(agents)} {'agent' if agents == 1 else 'agents'}"
    _print([*_head(queue, who), *answer_lines(answer, duration(queue.within_s))])


def _show_target(queue: _Queue, target: float, *, as_json: bool) -> None:
    fewest = queue.fewest(target)
    near = queue.near(fewest)
    if as_json:

        def told(agents: int) -> dict[str, float] | None:
            answer = near.get(agents)
            return {"agents": agents, **answer.as_dict()} if answer else None

        found = told(fewest)
        assert found is not None
        around = {"target": target, "one_less": told(fewest - 1), "one_more": told(fewest + 1)}
        click.echo(json.dumps({**found, **around}, indent=2))
        return
    from flows.display.numbers import duration

    _print([*_head(queue), *target_lines(near, fewest=fewest, target=target, within=duration(queue.within_s))])


def _head(queue: _Queue, agents: str = "") -> list[Line]:
    """The title, and what was stated."""
    from flows.display.numbers import count, duration

    calls = queue.arrivals_per_hour
    about = [f"{counted(count(calls), 'caller')} an hour", f"AHT {duration(queue.aht_s)}"]
    about += [f"patience {duration(queue.patience_s)}"] if queue.patience_s is not None else []
    about += [agents] if agents else []
    about += [f"load {counted(count(queue.load), 'erlang')}"]
    title = f"Erlang {queue.model.upper()}: {WHAT_CALLERS_DO[queue.model]}"
    return [Line(bold=title), Line(dim=" · ".join(about)), Line()]


def _print(lines: Sequence[Line]) -> None:
    for line in lines:
        say(line.plain + click.style(line.bold, bold=True) + click.style(line.dim, dim=True))


def _in_terms_of_options(finding: Finding) -> Finding:
    """Rephrase a finding about a formula's argument in terms of the option that set it."""
    if finding.code != "Q001" or finding.node not in _OPTIONS:
        return finding
    option, example = _OPTIONS[finding.node]
    return dataclasses.replace(
        finding, message=finding.message.replace(finding.node, option, 1), hint=f"for example {option} {example}"
    )
