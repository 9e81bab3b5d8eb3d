"""``ivr calibrate``: from a call log to a scenario."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from flows.completion import any_file, flow_names
from flows.display.console import guarded, report
from flows.display.progress import progress_bar
from flows.display.terminal import note, say
from simulation.commands._options import (
    engine_option,
    log_interval_option,
    log_map_option,
    log_period_options,
    log_zone_option,
)

if TYPE_CHECKING:
    from pathlib import Path

    from flows.model.flow import Flow
    from simulation.calibration.calibration import Calibration
    from simulation.calibration.scenario_data import ScenarioData
    from simulation.call_logs.log import CallLog, IntervalReport

__all__ = ["calibrate"]


@click.command()
@click.argument("files", metavar="LOG...", shell_complete=any_file, nargs=-1, required=True)
@log_map_option
@click.option(
    "--out", metavar="FOLDER", shell_complete=any_file, help="Where to write; default: a folder named like the log."
)
@click.option(
    "--flow",
    "flow_file",
    metavar="FLOW",
    shell_complete=flow_names,
    help="The flow that callers called; default: a minimal one is made.",
)
@log_zone_option
@log_interval_option
@log_period_options
@click.option(
    "--volumes",
    "volumes_file",
    metavar="FILE",
    shell_complete=any_file,
    help="A report by intervals, for how many call and when; all else is estimated from LOG.",
)
@click.option("--format", "form", default="", metavar="NAME", help="The format of the log; default: it is recognised.")
@engine_option
@click.option(
    "--report",
    "report_file",
    metavar="FILE.html",
    shell_complete=any_file,
    help="Write a page with a picture of every estimate.",
)
@click.option("--no-check", is_flag=True, help="Do not simulate the log's own days.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def calibrate(
    files: tuple[str, ...],
    map_file: str | None,
    out: str | None,
    flow_file: str | None,
    zone: str | None,
    interval_s: float,
    since: str | None,
    until: str | None,
    volumes_file: str | None,
    form: str,
    engine: str,
    report_file: str | None,
    no_check: bool,
    as_json: bool,
) -> int:
    """Make a scenario and records from a call log.

    LOG is a folder of records, a call log of Twilio or Asterisk, a report by intervals, or any table with a row a
    call: CSV, Parquet or Excel. The scenario says of each value where it comes from; the records hold the whole log.

    \b
    Examples:
      ivr calibrate calls.csv
      ivr calibrate calls.csv --map calls/map.yaml --to 2026-03-14
      ivr calibrate calls.csv --volumes counts.csv
    """
    from pathlib import Path

    from simulation.backtesting.from_log import from_log
    from simulation.call_logs.log import IntervalReport
    from simulation.commands._output_files import check_folder, check_target
    from simulation.report.calls_of import in_period, log_of, volumes_of
    from simulation.report.period import date_of

    check_target(report_file, "--report", (".html", ".htm"))
    check_folder(out, "--out")
    flow = _flow(flow_file)
    log = log_of(files, map_file, zone, form)
    stem = log.name
    folder = Path(out) if out else _free_folder(Path(stem), files)
    volumes = volumes_of(volumes_file, zone, log)
    if isinstance(log, IntervalReport):
        return _intervals(log, folder, stem, since, until, report_file, as_json=as_json)
    report(list(log.findings))
    whole, log = log, in_period(log, since, until)
    with progress_bar("estimating") as bar:
        made = from_log(
            log,
            name=stem.replace("_", " "),
            file=str(folder / f"{stem}.scenario.yaml"),
            flow_file=f"{stem}.yaml" if flow_file is None else _beside(flow_file, folder),
            flow=flow,
            interval_s=interval_s,
            volumes=volumes,
            until=date_of("--to", until),
            check=not no_check,
            engine=engine,
            on_compile=bar.on_compile,
        )
    found, data, own = made.found, made.data, made.own
    report([found.at_once.finding(files[0])] if found.at_once else [])
    wrote = _write(folder, stem, data, whole, found)
    if report_file:
        from simulation.commands._output_files import write_text
        from simulation.report.calibration_page import calibration_page

        write_text(report_file, lambda: calibration_page(found, data.assumed, own))
        wrote.append(report_file)
    if as_json:
        from simulation.report.calibration_json import calibration_json

        click.echo(json.dumps(calibration_json(found, data, own, wrote), indent=2, ensure_ascii=False))
    else:
        from simulation.report.calibration_text import calibration_text

        say(calibration_text(found, data.assumed, own))
    for file in wrote:
        note(f"wrote {file}")
    return 0


def _flow(file: str | None) -> Flow | None:
    if file is None:
        return None
    from flows.model.load import load

    return load(file).flow


def _free_folder(path: Path, files: tuple[str, ...]) -> Path:
    """A folder named like the log; another name if the log itself is that folder."""
    from pathlib import Path

    taken = {Path(file).resolve() for file in files}
    return path if path.resolve() not in taken and not path.is_file() else path.with_name(f"{path.name}_calibrated")


def _beside(flow_file: str, folder: Path) -> str:
    """A flow as a scenario in a folder names it: a shipped flow by its name, a file by its path."""
    import os
    from pathlib import Path

    path = Path(flow_file)
    return os.path.relpath(path.resolve(), folder.resolve()) if path.is_file() else flow_file


def _write(
    folder: Path, stem: str, data: ScenarioData, log: CallLog | None = None, found: Calibration | None = None
) -> list[str]:
    """Write scenario, flow and column map, and the records of a log with a row a call."""
    from functools import partial

    from simulation.calibration.files import files_of
    from simulation.calibration.relabelled import with_priorities
    from simulation.call_logs.record_folder import write_records
    from simulation.commands._output_files import write_text, written

    written(str(folder), lambda: folder.mkdir(parents=True, exist_ok=True))
    wrote = []
    for name, text in files_of(data, stem, log).items():
        write_text(str(folder / name), partial(str, text))
        wrote.append(str(folder / name))
    if log is not None and found is not None and log.format != "own_records":
        records = folder / "records"
        written(str(records), lambda: write_records(with_priorities(log, found.head_start), records))
        wrote.append(str(records))
    return wrote


def _intervals(
    log: IntervalReport,
    folder: Path,
    stem: str,
    since: str | None,
    until: str | None,
    report_file: str | None,
    *,
    as_json: bool,
) -> int:
    from simulation.calibration.from_intervals import calibrate_intervals
    from simulation.commands._output_files import write_text
    from simulation.report.intervals_text import intervals_json, intervals_text
    from simulation.report.period import date_of

    report(list(log.findings))
    found = calibrate_intervals(
        log,
        name=stem.replace("_", " "),
        flow_file=f"{stem}.yaml",
        from_=date_of("--from", since),
        to=date_of("--to", until),
    )
    wrote = _write(folder, stem, found.scenario)
    if report_file:
        from simulation.report.intervals_page import intervals_page

        write_text(report_file, lambda: intervals_page(found))
        wrote.append(report_file)
    if as_json:
        click.echo(json.dumps(intervals_json(found, wrote), indent=2, ensure_ascii=False))
    else:
        say(intervals_text(found))
    for file in wrote:
        note(f"wrote {file}")
    return 0
