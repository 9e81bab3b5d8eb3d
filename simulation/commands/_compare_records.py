"""``ivr compare SCENARIO RECORDS``: a scenario beside what really happened, on the days of the records."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from flows.display.progress import progress_bar
from flows.display.terminal import note, say
from flows.source.finding import usage_error
from simulation.commands._flow_errors import read_scenario
from simulation.commands._output_files import write_text

__all__ = ["compare_records", "records_among"]


def records_among(files: Sequence[str]) -> tuple[str, ...]:
    """Which arguments are folders of records."""
    return tuple(file for file in files if (Path(file) / "records.json").is_file())


def compare_records(
    files: Sequence[str],
    settings: Sequence[str],
    *,
    engine: str,
    replications: int | None,
    seed: int | None,
    report_file: str | None,
    as_json: bool,
) -> int:
    """Compare one scenario with one folder of records.

    Raises
    ------
    UsageError
        When there are several of either.
    """
    from simulation.backtesting.backtest import backtest
    from simulation.report.backtest_page import backtest_page
    from simulation.report.backtest_text import backtest_json, backtest_text
    from simulation.report.calls_of import calls_of

    records = records_among(files)
    scenarios = [file for file in files if file not in records]
    if len(records) != 1 or len(scenarios) != 1:
        raise usage_error(
            "X005",
            f"{len(scenarios)} scenarios and {len(records)} folders of records; records are compared one to one",
            "name one scenario and one folder of records",
        )
    loaded = read_scenario(scenarios[0], settings=settings)
    log = calls_of(records[0], None, None, None, None)
    with progress_bar("comparing") as bar:
        found = backtest(
            loaded,
            log,
            replications=max(2, loaded.scenario.replications if replications is None else replications),
            seed=loaded.scenario.seed if seed is None else seed,
            engine=engine,
            explain=False,
            progress=bar.progress,
            on_compile=bar.on_compile,
        )
    if report_file:
        write_text(report_file, lambda: backtest_page(found))
    if as_json:
        click.echo(json.dumps(backtest_json(found), indent=2, ensure_ascii=False))
    else:
        say(backtest_text(found))
    if report_file:
        note(f"wrote {report_file}")
    return 0
