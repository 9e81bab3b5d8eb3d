"""``ivr backtest``: a scenario against days that have already been."""

from __future__ import annotations

import json
from functools import partial

import click

from flows.completion import any_file, scenario_names
from flows.display.console import guarded, report
from flows.display.options import ZONE
from flows.display.progress import progress_bar
from flows.display.terminal import note, say
from simulation.commands._flow_errors import read_scenario
from simulation.commands._options import SEED, engine_option, period_options

__all__ = ["backtest"]


@click.command()
@click.argument("scenario_file", metavar="SCENARIO", shell_complete=scenario_names)
@click.argument("records_at", metavar="RECORDS", shell_complete=any_file)
@partial(period_options, from_help="Test on calls from this day on.", to_help="Test on calls up to this day, included.")
@click.option(
    "--use",
    metavar="INPUTS",
    help="Inputs taken from the test days: talk, volumes, agents, patience; the plain forecast is shown beside.",
)
@click.option(
    "--tolerance",
    "tolerance",
    multiple=True,
    metavar="FIGURE=LIMIT",
    help="How near a figure must be to fit, e.g. abandonment=1 or wait_p95=20%; off does not judge it.",
)
@click.option(
    "--map",
    "map_file",
    metavar="FILE",
    shell_complete=any_file,
    help="A column map, if RECORDS is a log that needs one.",
)
@click.option("--zone", type=ZONE, metavar="ZONE", help="Whose clock a log shows; records know their own.")
@engine_option
@click.option("--replications", type=click.IntRange(2, 1000), default=20, show_default=True, metavar="N")
@click.option(
    "--seed", type=SEED, default=1, show_default=True, metavar="S", help="Number that makes the same days again."
)
@click.option("--no-explain", is_flag=True, help="Do not look for the input that explains a miss; four times as fast.")
@click.option("--full", is_flag=True, help="Print every interval of the day.")
@click.option(
    "--report", "report_file", metavar="FILE.html", shell_complete=any_file, help="Write a report that opens offline."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def backtest(
    scenario_file: str,
    records_at: str,
    since: str | None,
    until: str | None,
    use: str | None,
    tolerance: tuple[str, ...],
    map_file: str | None,
    zone: str | None,
    engine: str,
    replications: int,
    seed: int,
    no_explain: bool,
    full: bool,
    report_file: str | None,
    as_json: bool,
) -> int:
    """Compare SCENARIO with the days of RECORDS: real beside simulated, day by day and over the day.

    RECORDS is a folder of records, or a log that ivr calibrate reads. The scenario is moved to the test days, by day of
    the week. A verdict says what fits within its tolerance, what does not, and which input explains it. Exit code 1 if
    a figure misses.

    \b
    Examples:
      ivr backtest bank/bank.scenario.yaml bank/records --from 2026-03-15
      ivr backtest bank/bank.scenario.yaml bank/records --use talk
    """
    from simulation.backtesting.backtest import backtest as run
    from simulation.backtesting.retimed import inputs_of
    from simulation.backtesting.tolerance import tolerance_of
    from simulation.commands._output_files import check_target, write_text
    from simulation.experiment.run import require_whole
    from simulation.report.backtest_text import backtest_json, backtest_text
    from simulation.report.calls_of import calls_of

    check_target(report_file, "--report", (".html", ".htm"))
    require_whole(replications, seed)
    chosen, limits = inputs_of((use or "").split(",")), tolerance_of(tolerance)
    loaded = read_scenario(scenario_file)
    log = calls_of(records_at, map_file, zone, since, until)
    report(list(log.findings))
    with progress_bar("simulating") as bar:
        found = run(
            loaded,
            log,
            use=chosen,
            replications=replications,
            seed=seed,
            engine=engine,
            explain=not no_explain,
            tolerance=limits,
            progress=bar.progress,
            on_compile=bar.on_compile,
        )
    if report_file:
        from simulation.report.backtest_page import backtest_page

        write_text(report_file, lambda: backtest_page(found))
    if as_json:
        click.echo(json.dumps(backtest_json(found), indent=2, ensure_ascii=False))
    else:
        say(backtest_text(found, full=full))
    if report_file:
        note(f"wrote {report_file}")
    return 1 if found.misses else 0
