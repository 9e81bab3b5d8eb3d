"""``ivr swarm``: many callers at once, each of whom must hear what they would hear alone."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from flows.completion import any_file, scenario_names
from flows.display.console import guarded
from flows.display.options import SECONDS
from flows.display.terminal import console, say, shows_progress
from flows.source.counted import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from webhooks.carrier.drivers.swarm import Difference, Swarm

__all__ = ["swarm"]

_SHOWN = 5


@click.command()
@click.argument("url", metavar="URL")
@click.option(
    "--callers",
    default=50,
    show_default=True,
    type=click.IntRange(1, 5_000),
    metavar="N",
    help="Callers on the line at the same time.",
)
@click.option(
    "--scenario",
    metavar="SCENARIO",
    shell_complete=scenario_names,
    help="Scenario of the callers: a file, or the name of a shipped one.",
)
@click.option(
    "--plans",
    "plans_file",
    metavar="FILE",
    shell_complete=any_file,
    help="Instead of a scenario, a file with a line per caller, as for `ivr call --keys`.",
)
@click.option(
    "--seconds",
    default=0.0,
    type=SECONDS.between(0, 86_400),
    metavar="TIME",
    help="How long to keep calling; default: each caller calls once.",
)
@click.option(
    "--pause",
    "pause_s",
    default=0.0,
    type=SECONDS.between(0, 600),
    metavar="TIME",
    help="Mean time that callers listen before each key; default: none, so requests follow at once.",
)
@click.option(
    "--seed", type=click.IntRange(0), metavar="S", help="Seed of the scenario's callers; default: that of the scenario."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def swarm(
    url: str,
    callers: int,
    scenario: str | None,
    plans_file: str | None,
    seconds: float,
    pause_s: float,
    seed: int | None,
    as_json: bool,
) -> int:
    """Call the TwiML application at URL with many callers at once, as in SCENARIO.

    Each plan is first played alone. Then every caller must hear the same as alone, whatever is restarted, killed or
    overloaded meanwhile; the exit code is 1 if one does not. Requests are signed with TWILIO_AUTH_TOKEN. Set retries as
    at your carrier: #rc=5&rp=all at the end of URL. Call only your own service.

    \b
    Example:
      ivr swarm "http://localhost:5000/voice#rc=5&rp=all" --callers 100
    """
    import os
    import secrets

    from webhooks.carrier.drivers.address import is_address, number_of
    from webhooks.carrier.drivers.swarm import swarm as run
    from webhooks.carrier.requests.http import Http

    if not is_address(url):
        raise click.UsageError(f"{url!r} is not an address; write it like https://ivr.example.com/voice")
    if (scenario is None) == (plans_file is None):
        raise click.UsageError("state the callers: either --scenario or --plans")
    plans = _plans(scenario, callers, seed) if scenario else _read(plans_file or "")
    with _progress() as progress:
        found = run(
            number_of(url, os.environ),
            plans,
            callers=callers,
            seconds=seconds,
            pause_s=pause_s,
            connect=lambda: Http(virtual=True),
            run=secrets.token_hex(8),
            progress=progress,
        )
    if as_json:
        click.echo(json.dumps(_as_dict(found), indent=2, ensure_ascii=False))
    else:
        _show(found)
    return 0 if found.well else 1


def _plans(scenario: str, count: int, seed: int | None) -> list[str]:
    """The plans of a scenario's callers, printed by `ivr callers`: webhooks does not import simulation."""
    import subprocess

    command = [sys.executable, "-m", "ivr", "callers", scenario, "--count", str(count)]
    done = subprocess.run(
        command + ([] if seed is None else ["--seed", str(seed)]), capture_output=True, text=True, check=False
    )
    if done.returncode:
        click.echo(done.stderr, err=True, nl=False)
        raise click.exceptions.Exit(done.returncode)
    return done.stdout.splitlines()


def _read(file: str) -> list[str]:
    from pathlib import Path

    from flows.source.yaml_reader import read_text
    from ivr.phone.event_words import read_keys
    from ivr.phone.key_plans import plan_lines

    lines = [line for _, line in plan_lines(read_text(Path(file)))]
    for number, line in enumerate(lines, 1):
        try:
            read_keys(line)
        except ValueError as error:
            raise click.UsageError(f"{file}, plan {number}: {error}") from None
    if not lines:
        raise click.UsageError(f"{file}: this file has no plan; write a line per caller, e.g. 1,2,wait,0")
    return lines


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """A progress bar if stderr is a terminal, else nothing."""
    if not shows_progress():
        yield None
        return
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed} calls"), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what)
            bar.update(tasks[what], completed=done, total=total or None)

        yield tell


def _rows(found: Swarm) -> list[tuple[str, str]]:
    from flows.display.numbers import count, duration
    from webhooks.carrier.drivers.swarm import percentile

    times = found.latencies_s
    quick = ", ".join(
        f"{name} {percentile(times, share) * 1000:.0f} ms"
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
    )
    rows = [
        (
            "Calls",
            (
                f"{found.calls:,} in {duration(found.seconds)}, {count(found.calls / found.seconds)} per second,"
                f" {counted(found.plans, 'different plan')}"
            ),
        ),
        ("Requests", f"{len(times):,}, {count(len(times) / found.seconds)} per second: {quick}"),
        ("Failed requests", ", ".join(f"{number:,} {what}" for what, number in found.failures.items()) or "none"),
        ("Calls lost", f"{found.lost:,}"),
        ("Heard differently", f"{found.different:,}"),
        ("Refused as busy", f"{found.refused:,}"),
    ]
    return rows + ([("Failed alone", counted(len(found.broken), "plan"))] if found.broken else [])


def _show(found: Swarm) -> None:
    for label, text in _rows(found):
        say(f"{click.style(f'{label:<18}', dim=True)} {text}")
    for each in (*found.broken[:_SHOWN], *found.differences[:_SHOWN]):
        say(click.style(f"\n{each.sid} did {each.plan or 'nothing'}", bold=True))
        say(f"  alone     {each.expected}\n  together  {each.found}")
        for code, message in each.problems:
            say(f"  {code} {message}")
    if found.refused == found.calls:
        say("\nNobody got through.")
    elif found.well:
        who = "Every caller who got through" if found.refused else "Every caller"
        say(f"\n{who} heard the same as alone.")


def _as_dict(found: Swarm) -> dict[str, object]:
    from webhooks.carrier.drivers.swarm import percentile

    times = found.latencies_s
    return {
        "calls": found.calls,
        "plans": found.plans,
        "seconds": round(found.seconds, 3),
        "requests": len(times),
        "latency_ms": {
            name: round(percentile(times, share) * 1000, 1)
            for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
        },
        "failed_tries": found.failures,
        "lost": found.lost,
        "refused": found.refused,
        "different": found.different,
        "differences": [_difference(each) for each in found.differences],
        "broken": [_difference(each) for each in found.broken],
    }


def _difference(each: Difference) -> dict[str, object]:
    return {
        "plan": each.plan,
        "call_sid": each.sid,
        "alone": each.expected,
        "together": each.found,
        "problems": [{"code": code, "message": message} for code, message in each.problems],
    }
