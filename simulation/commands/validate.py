"""``ivr validate``: check formulas and engines against known values."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from flows.display.console import guarded
from flows.display.progress import progress_bar
from flows.display.terminal import columns_of, is_quiet, note, say
from flows.source.counted import counted
from flows.source.finding import Finding, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.validation import Validation

__all__ = ["validate"]

_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True},
    "dim": {"dim": True},
    "pass": {"fg": "green"},
    "FAIL": {"fg": "red", "bold": True},
}
"""How a line and the word at its end are written, in the terms of `click.style`."""


@click.command()
@click.option(
    "--engine",
    type=click.Choice(["reference", "kernel", "both"]),
    help="The engine that is checked, besides the formulas; without this option, those that are installed.",
)
@click.option("--only", multiple=True, metavar="MODEL", help="Only this model, e.g. erlang_a; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def validate(engine: str | None, only: tuple[str, ...], as_json: bool) -> int:
    """Check the formulas and the engines against known values.

    The known values are exact solutions (Erlang B, C and A, any patience,
    priorities, a menu with lines), published results of other simulators, and
    small scenarios worked out by hand, which cover every measure. A formula
    must give every known digit. An engine must come within four standard
    errors, with a standard error small enough to tell; where nothing is
    random it must give every digit. Exit code 1 if one fails.

    \b
    Example: ivr validate --engine reference --only erlang_a
    """
    from simulation.engines.contract import ENGINES, has_kernel
    from simulation.engines.contract import engine as engine_named
    from simulation.validation import validate as run

    _require_models(only)
    if engine is None and not has_kernel():
        note("the reference engine alone is checked: the compiled one needs numba, which is not installed")
        engine = "reference"
    engines = {name: engine_named(name).simulate for name in ((engine,) if engine in ENGINES else ENGINES)}
    with progress_bar("validating") as bar:
        found = run(engines, only=only, progress=bar.progress, on_compile=bar.on_compile)
    if as_json:
        click.echo(json.dumps(found.as_dict(), indent=2, ensure_ascii=False))
    else:
        _print(found)
    if found.finished < found.models:
        click.echo(
            f"stopped by Ctrl-C; verdicts are for the {found.finished} of {counted(found.models, 'model')} finished",
            err=True,
        )
    return int(not found.passed)


def _require_models(only: Sequence[str]) -> None:
    from difflib import get_close_matches

    from simulation.validation import all_models

    known = list(all_models())
    findings = []
    for name in only:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            findings.append(
                Finding(
                    code="X009",
                    severity="error",
                    message=f"--only: there is no model {name!r}",
                    hint=f"did you mean {near[0]!r}?" if near else f"models: {', '.join(known)}",
                )
            )
    if findings:
        raise UsageError(findings)


def _print(found: Validation) -> None:
    from simulation.validation.text import WIDTH, lines

    def styled(text: str, style: str) -> str:
        return click.style(text, **_STYLES.get(style, {}))

    for line in lines(found, min(columns_of(sys.stdout) or WIDTH, WIDTH)):
        say(styled(line.text, line.style) + styled(line.verdict, line.verdict), pipe_columns=WIDTH)
    if not is_quiet():
        say(styled(f"{found.seconds:.0f} s of processor time", "dim"))
