"""``ivr erlang``: Erlang B, C and A, solved for the service, the agents or the load."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

import click

from flows.display.console import guarded
from flows.display.options import PER_HOUR, SECONDS, SHARE, Quantity
from flows.display.terminal import say
from flows.source.counted import counted
from flows.source.finding import Finding, UsageError, usage_error
from simulation.commands._erlang_queue import Asked
from simulation.commands._erlang_text import (
    WHAT_CALLERS_DO,
    Line,
    answer_lines,
    load_line,
    on_the_schedule,
    target_lines,
)

__all__ = ["erlang"]

_OPTIONS = {
    "arrivals_per_hour": ("--arrivals", 360),
    "aht_s": ("--aht", 300),
    "patience_s": ("--patience", 120),
    "agents": ("--agents", 32),
    "within_s": ("--within", 20),
    "occupancy": ("--max-occupancy", "85%"),
}


def _target(text: str) -> float:
    """A share alone; a threshold behind it, as `ivr staff` takes it, has an option of its own here."""
    share, slash, within = (part.strip() for part in text.partition("/"))
    if slash:
        percent = "" if share.endswith("%") or share.startswith("0.") else "%"  # people say 80/20
        raise ValueError(f"{text!r} is not a share; write --target {share}{percent} --within {within}")
    return SHARE.convert(text, None, None)


@click.command()
@click.argument("model", type=click.Choice(["b", "c", "a"], case_sensitive=False))
@click.option(
    "--arrivals",
    "arrivals_per_hour",
    type=PER_HOUR,
    metavar="RATE",
    help="Callers an hour: 360; or in another time: 6/min. Without it, the most that may call.",
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
    type=Quantity("share", _target),
    metavar="SHARE",
    help="The service level to reach, 80%; for b, the most that may be turned away, 1%.",
)
@click.option(
    "--max-occupancy",
    "occupancy",
    type=SHARE,
    metavar="SHARE",
    help="With --target: agents are busy for at most this share of their time, 85%.",
)
@click.option(
    "--shrinkage",
    type=SHARE,
    default="0%",
    metavar="SHARE",
    help="Paid time without calls (breaks, training, illness): says how many people to schedule.",
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
    arrivals_per_hour: float | None,
    aht_s: float,
    patience_s: float | None,
    agents: int | None,
    target: float | None,
    occupancy: float | None,
    shrinkage: float,
    within_s: float,
    as_json: bool,
) -> None:
    """Compute Erlang B, C or A. Of callers, agents and target two are given, and the third is computed.

    \b
    b  callers who find every agent busy are lost
    c  callers wait and never hang up
    a  callers wait and hang up after a while

    \b
    Examples: ivr erlang a --arrivals 360 --aht 5m --patience 2m --agents 32
              ivr erlang a --arrivals 6/min --aht 5m --patience 2m --target 80%
              ivr erlang a --agents 32 --aht 5m --patience 2m --target 80%
              ivr erlang c --arrivals 360 --aht 5m --target 80% --shrinkage 30%
              ivr erlang b --arrivals 360 --aht 5m --target 1%
    """
    model = model.lower()
    asked = Asked(model, arrivals_per_hour, aht_s, patience_s, agents, target, within_s, shrinkage, occupancy)
    _check(asked)
    try:
        if target is None:
            _show_answer(asked, agents or 0, as_json=as_json)
        elif agents is None:
            _show_agents(asked, target, as_json=as_json)
        else:
            _show_load(asked, target, agents, as_json=as_json)
    except UsageError as error:
        raise UsageError([_in_terms_of_options(finding) for finding in error.findings]) from error


def _check(asked: Asked) -> None:
    """Refuse options that are missing, that exclude each other, or that mean nothing to a formula."""
    model, example = asked.model, "1%" if asked.model == "b" else "80%"
    known = [asked.arrivals_per_hour, asked.agents, asked.target]
    if (unknown := known.count(None)) > 1:
        raise click.UsageError(
            f"nothing is asked; give two of --arrivals 360, --agents 32 and --target {example}: the third is computed"
        )
    if not unknown:
        raise click.UsageError(
            "--arrivals, --agents and --target leave nothing to ask; leave out --target for the service of the agents,"
            " --agents for the fewest agents, or --arrivals for the most callers"
        )
    if asked.occupancy is not None and asked.target is None:
        raise click.UsageError(
            f"--max-occupancy is part of a target; write --target {example} in place of --agents, or leave it out"
        )
    if asked.shrinkage >= 1:
        raise click.UsageError(
            f"--shrinkage is {asked.shrinkage:.0%}, and nobody takes calls; for example --shrinkage 30%"
        )
    if model == "b":
        _check_lines(asked)
    if model != "a" and asked.patience_s is not None:
        raise usage_error(
            "Q003",
            f"--patience has no meaning in Erlang {model.upper()}: {WHAT_CALLERS_DO[model]}",
            "leave --patience out, or use `ivr erlang a`",
            node="patience_s",
        )
    if model == "a" and asked.patience_s is None:
        raise usage_error(
            "Q003",
            "Erlang A needs --patience TIME, how long callers wait on average before they hang up",
            "add for example --patience 120, or use `ivr erlang c` for callers who never hang up",
            node="patience_s",
        )


def _check_lines(asked: Asked) -> None:
    """Refuse what means nothing to lines on which nobody waits."""
    if asked.target is not None and _was_given("within_s"):
        raise usage_error(
            "Q003",
            f"--within has no meaning in Erlang B: {WHAT_CALLERS_DO['b']}",
            "leave --within out, or use `ivr erlang c` for callers who wait",
            node="within_s",
        )
    of_people = [name for name, has in (("shrinkage", asked.shrinkage), ("max-occupancy", asked.occupancy)) if has]
    if of_people:
        raise usage_error(
            "Q003",
            f"--{of_people[0]} has no meaning in Erlang B: it is about lines, not people",
            f"leave --{of_people[0]} out, or use `ivr erlang c`",
            node=of_people[0],
        )


def _was_given(option: str) -> bool:
    return click.get_current_context().get_parameter_source(option) is click.core.ParameterSource.COMMANDLINE


def _scheduled(asked: Asked, agents: int) -> dict[str, int]:
    """The people to schedule, for JSON; nothing without shrinkage."""
    from simulation.theory import scheduled

    return {"scheduled": scheduled(agents, asked.shrinkage)} if asked.shrinkage else {}


def _show_answer(asked: Asked, agents: int, *, as_json: bool) -> None:
    answer = asked.answer(agents)
    if as_json:
        click.echo(json.dumps({**answer.as_dict(), **_scheduled(asked, agents)}, indent=2))
        return
    from flows.display.numbers import duration

    _print([*_head(asked, agents), *answer_lines(answer, duration(asked.within_s)), *on_the_schedule(asked, agents)])


def _show_agents(asked: Asked, target: float, *, as_json: bool) -> None:
    fewest = asked.fewest()
    near = asked.near(fewest)
    if as_json:

        def told(agents: int) -> dict[str, float] | None:
            answer = near.get(agents)
            return {"agents": agents, **answer.as_dict(), **_scheduled(asked, agents)} if answer else None

        found = told(fewest)
        assert found is not None
        around = {"target": target, "one_less": told(fewest - 1), "one_more": told(fewest + 1)}
        click.echo(json.dumps({**found, **around}, indent=2))
        return
    from flows.display.numbers import duration

    within = duration(asked.within_s)
    _print(
        [
            *_head(asked),
            *target_lines(near, fewest=fewest, target=target, within=within, occupancy=asked.occupancy),
            *on_the_schedule(asked, fewest),
        ]
    )


def _show_load(asked: Asked, target: float, agents: int, *, as_json: bool) -> None:
    most = asked.most()
    answer = asked.answer(agents, most)
    if as_json:
        found = {"arrivals_per_hour": most, "load": most * asked.aht_s / 3600, "agents": agents, "target": target}
        click.echo(json.dumps({**found, **answer.as_dict(), **_scheduled(asked, agents)}, indent=2))
        return
    from flows.display.numbers import duration

    within = duration(asked.within_s)
    lines = [load_line(asked, most, within), Line(), *answer_lines(answer, within), *on_the_schedule(asked, agents)]
    _print([*_head(asked, agents), *lines])


def _head(asked: Asked, agents: int | None = None) -> list[Line]:
    """The title, and what was stated."""
    from flows.display.numbers import count, duration

    calls = asked.arrivals_per_hour
    about = [f"{counted(count(calls), 'caller')} an hour"] if calls is not None else []
    about += [f"AHT {duration(asked.aht_s)}"]
    about += [f"patience {duration(asked.patience_s)}"] if asked.patience_s is not None else []
    about += [counted(count(agents), "agent" if calls is not None or asked.model != "b" else "line")] if agents else []
    about += [f"load {counted(count(asked.load), 'erlang')}"] if calls is not None else []
    title = f"Erlang {asked.model.upper()}: {WHAT_CALLERS_DO[asked.model]}"
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
