"""``ivr erlang``: Erlang B, C and A."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import click

from flows.display.console import guarded
from flows.display.options import SECONDS
from flows.source.counted import counted
from flows.source.finding import Finding, UsageError, usage_error

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
_WHAT_CALLERS_DO = {
    "b": "callers who find every agent busy are lost",
    "c": "callers wait in order of arrival and never hang up",
    "a": "callers wait in order of arrival and hang up after a while",
}


@click.command()
@click.argument("model", type=click.Choice(["b", "c", "a"], case_sensitive=False))
@click.option("--arrivals", "arrivals_per_hour", type=float, required=True, metavar="PER_HOUR", help="Callers an hour.")
@click.option(
    "--aht",
    "aht_s",
    type=SECONDS,
    required=True,
    metavar="TIME",
    help="Mean handle time, talk and after-call work: 300, 5m.",
)
@click.option("--patience", "patience_s", type=SECONDS, metavar="TIME", help="Mean patience, for Erlang A: 120, 2m.")
@click.option("--agents", type=int, required=True, metavar="N", help="Agents (or lines, for Erlang B).")
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
    agents: int,
    within_s: float,
    as_json: bool,
) -> None:
    """Compute Erlang B, C or A: the service that a number of agents gives to callers.

    \b
    b  callers who find every agent busy are lost
    c  callers wait and never hang up
    a  callers wait and hang up after a while

    \b
    Example: ivr erlang a --arrivals 360 --aht 300 --patience 120 --agents 32
    """
    model = model.lower()
    try:
        answer = _solve_erlang(
            model,
            arrivals_per_hour=arrivals_per_hour,
            aht_s=aht_s,
            patience_s=patience_s,
            agents=agents,
            within_s=within_s,
        )
    except UsageError as error:
        raise UsageError([_in_terms_of_options(finding) for finding in error.findings]) from error
    if as_json:
        click.echo(json.dumps(answer.as_dict(), indent=2))
    else:
        from flows.display.numbers import count, duration

        about = [f"{counted(count(arrivals_per_hour), 'caller')} an hour", f"AHT {duration(aht_s)}"]
        about += [f"patience {duration(patience_s)}"] if patience_s is not None else []
        about += [counted(agents, "agent")]
        about += [f"load {counted(count(arrivals_per_hour * aht_s / 3600), 'erlang')}"]
        _print_answer(
            answer,
            title=f"Erlang {model.upper()}: {_WHAT_CALLERS_DO[model]}",
            about=" · ".join(about),
            within=duration(within_s),
        )


def _solve_erlang(
    model: str, *, arrivals_per_hour: float, aht_s: float, patience_s: float | None, agents: int, within_s: float
) -> Answer:
    from simulation.theory import erlang_a, erlang_b, erlang_c

    if model != "a" and patience_s is not None:
        raise usage_error(
            "Q003",
            f"--patience has no meaning in Erlang {model.upper()}: {_WHAT_CALLERS_DO[model]}",
            "leave --patience out, or use `ivr erlang a`",
            node="patience_s",
        )
    if model == "a" and patience_s is None:
        raise usage_error(
            "Q003",
            "Erlang A needs --patience SECONDS, how long callers wait on average before they hang up",
            "add for example --patience 120, or use `ivr erlang c` for callers who never hang up",
            node="patience_s",
        )
    if patience_s is not None:
        return erlang_a(
            arrivals_per_hour=arrivals_per_hour, aht_s=aht_s, agents=agents, patience_s=patience_s, within_s=within_s
        )
    if model == "c":
        return erlang_c(arrivals_per_hour=arrivals_per_hour, aht_s=aht_s, agents=agents, within_s=within_s)
    return erlang_b(arrivals_per_hour=arrivals_per_hour, aht_s=aht_s, agents=agents)


def _print_answer(answer: Answer, *, title: str, about: str, within: str) -> None:
    from rich.console import Console
    from rich.text import Text

    from flows.display.numbers import count, duration, share

    rows = (
        ("blocking", "Blocked", share, "of callers find every agent busy"),
        ("wait_probability", "Wait at all", share, "of callers find every agent busy"),
        ("abandonment", "Abandonment", share, "of callers hang up"),
        ("service_level", "Service level", share, f"handled within {within}, of all who did not hang up by then"),
        ("service_level_of_offered", "  of offered", share, f"handled within {within}, of all callers"),
        ("asa_s", "ASA", duration, "mean wait of handled callers"),
        ("mean_wait_s", "Mean wait", duration, "of all callers"),
        ("queue_length", "Callers waiting", count, "on average"),
        ("occupancy", "Occupancy", share, "of their time agents are busy"),
    )
    known = answer.as_dict()
    if known.get("service_level") == known.get("service_level_of_offered"):  # nobody hangs up: one row is enough
        known.pop("service_level_of_offered", None)
    shown = [(label, written(known[name]), meaning) for name, label, written, meaning in rows if name in known]
    wide = [max(len(row[i]) for row in shown) for i in (0, 1)]
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(title, style="bold"))
    console.print(Text(about, style="dim"), end="\n\n")
    for label, figure, meaning in shown:
        console.print(Text.assemble(f"{label:<{wide[0]}}  ", (f"{figure:>{wide[1]}}", "bold"), ("  " + meaning, "dim")))


def _in_terms_of_options(finding: Finding) -> Finding:
    """Rephrase a finding about a formula's argument in terms of the option that set it."""
    if finding.code != "Q001" or finding.node not in _OPTIONS:
        return finding
    option, example = _OPTIONS[finding.node]
    return dataclasses.replace(
        finding, message=finding.message.replace(finding.node, option, 1), hint=f"for example {option} {example}"
    )
