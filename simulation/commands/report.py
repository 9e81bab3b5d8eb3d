"""``ivr report``: measure live or simulated calls from their records."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import click

from flows.completion import any_file, scenario_names
from flows.display.console import guarded
from flows.display.options import SECONDS, SHARE, ZONE, Checked
from flows.display.terminal import note, say, table_columns
from flows.source.counted import counted
from flows.values.units import US_PER_S
from simulation.commands._by_queue import ByQueue, of_all_and_own
from simulation.commands._options import tables_option
from simulation.commands._records import records_at as records_at_place
from simulation.commands._records import zone_option

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from ivr.records.measures import Sums
    from ivr.records.tables import Records
    from simulation.clock.local_time import LocalClock
    from simulation.experiment.estimates import Estimate
    from simulation.report.data import ReportData
    from simulation.report.priced_records import PricedRecords
    from simulation.report.table_files import TableFormat

__all__ = ["report"]

_WITHIN_S = 20.0


def _when(option: str, text: str) -> None:
    import datetime as dt

    from simulation.report.period import when_of

    when_of(option, text, dt.date(2026, 1, 1))  # any date: whether a time alone suits the records is seen when read


@click.command()
@click.argument("records_at", metavar="RECORDS", shell_complete=any_file)
@tables_option
@click.option(
    "--report", "report_file", metavar="FILE.html", shell_complete=any_file, help="Write a report that opens offline."
)
@click.option(
    "--within",
    "within_s",
    type=ByQueue(SECONDS.between(0, 86_400)),
    multiple=True,
    metavar="TIME",
    help="Threshold of the service level, 20s unless stated; savings=60s for one queue; repeatable.",
)
@click.option(
    "--callback-within",
    "callback_s",
    type=SECONDS.between(0, 604_800),
    default="30m",
    show_default=True,
    metavar="TIME",
    help="A callback is in time within this long of its promise.",
)
@click.option(
    "--target",
    "targets",
    type=ByQueue(SHARE),
    multiple=True,
    metavar="SHARE",
    help="The target of the service level: 80%, 0.8; savings=90% for one queue; repeatable.",
)
@click.option(
    "--interval",
    "interval_s",
    type=SECONDS.between(60, 86_400),
    default="30m",
    show_default=True,
    metavar="TIME",
    help="Length of the intervals over the day.",
)
@click.option(
    "--from",
    "since",
    type=Checked(partial(_when, "--from")),
    metavar="WHEN",
    help="Calls that arrived from then on: a date, a time, or '2026-11-23 09:30'.",
)
@click.option(
    "--to",
    "until",
    type=Checked(partial(_when, "--to")),
    metavar="WHEN",
    help="Calls that arrived before then; a date alone is included.",
)
@click.option(
    "--queue",
    "queues",
    metavar="NAME",
    multiple=True,
    help="Only calls that joined this queue, and their visits to it; repeatable.",
)
@click.option(
    "--prices",
    "prices_from",
    metavar="SCENARIO",
    shell_complete=scenario_names,
    help="What the calls cost, by the costs and the agents' cost_per_hour of a scenario.",
)
@click.option("--full", is_flag=True, help="Print every interval, also over several days.")
@click.option(
    "--zone",
    type=ZONE,
    metavar="ZONE",
    help=(
        "Whose clock the report shows, e.g. America/New_York; default: that of the scenario, or of the flow's hours;"
        " else UTC."
    ),
)
@click.option("--title", metavar="TEXT", help="Of the report; default: the name of RECORDS.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def report(
    records_at: str,
    tables_at: str | None,
    tables_format: TableFormat,
    report_file: str | None,
    within_s: tuple[tuple[str, float], ...],
    callback_s: float,
    targets: tuple[tuple[str, float], ...],
    interval_s: float,
    since: str | None,
    until: str | None,
    queues: tuple[str, ...],
    prices_from: str | None,
    full: bool,
    zone: str | None,
    title: str | None,
    as_json: bool,
) -> int:
    """Measure calls, live or simulated, from their records.

    RECORDS is the database of a service (a SQLite file or a postgresql:// address), or a folder written by
    ivr data export or ivr simulate --records. Calls in progress are left out.

    \b
    Examples:
      ivr report calls.sqlite --report monday.html
      ivr report monday --within 30 --target 0.9 --json
      ivr report monday --within savings=60s --target savings=90%
      ivr report calls.sqlite --from 2026-11-23 --to 2026-11-27 --queue billing
      ivr report monday --prices northwind.scenario.yaml
    """
    from ivr.records.measures import sums
    from simulation.commands._output_files import check_libraries, check_tables, check_target, write_text, written
    from simulation.report.html import render, report_data

    check_target(report_file, "--report", (".html", ".htm"))
    check_tables(tables_at)
    check_libraries(tables_at=tables_at, tables_format=tables_format)
    records, name = records_at_place(records_at)
    within, own_within = of_all_and_own(within_s, partial(_queue, records, option="--within"))
    target, own_targets = of_all_and_own(targets, partial(_queue, records, option="--target"))
    records, asked = _part(records, zone_option(zone), since, until, queues)
    cut = _cut(records, round(interval_s * US_PER_S), zone_option(zone))
    clock, edges_us = cut or (None, None)
    part = sums(
        records,
        threshold_us=round((_WITHIN_S if within is None else within) * US_PER_S),
        own_threshold_us={queue: round(s * US_PER_S) for queue, s in own_within.items()},
        callback_us=round(callback_s * US_PER_S),
        interval_us=round(interval_s * US_PER_S) if records.horizon_us else None,
        edges_us=edges_us,
    )
    costs = None
    if prices_from:
        selected = bool(queues) or since is not None or until is not None
        costs = _priced(part, records, prices_from, edges_us, selected=selected)
        part = costs.part
    source = _source(records)
    runs = part.column("replications")
    calls = part.column("arrived")
    subtitle = counted(calls, "call") + (f" in {runs} replications" if runs > 1 else "")
    if asked:
        subtitle += f" to {' or '.join(asked)}"
    if clock is not None:
        subtitle += f" · {_period(clock)}"
    shown = report_data(
        [part],
        title=title or name,
        subtitle=subtitle,
        source=source,
        target_share=target,
        targets=own_targets,
        labels=cut[0].labels(cut[1]) if cut else (),
        queue_names=records.labels,
        moments=[cut[0].moment(at) for at in cut[1][:-1].tolist()] if cut else (),
    )
    shown = costs.shown(shown) if costs else shown
    if tables_at:
        from simulation.experiment.result_rows import result_rows
        from simulation.report.table_files import write_tables

        moments = [cut[0].moment(at) for at in cut[1].tolist()] if cut else []
        rows = result_rows([part], moments=moments, edges_us=edges_us, records=records)
        rows = costs.rows(rows) if costs else rows
        written(tables_at, lambda: write_tables(rows, tables_at, tables_format))
    if report_file:
        write_text(report_file, lambda: render(shown))
    if as_json:
        click.echo(json.dumps(_as_dict(shown, part, name, clock) | _of_costs(costs), indent=2, ensure_ascii=False))
    else:
        say(_text(shown, full=full))
    for file in (tables_at, report_file):
        if file:
            note(f"wrote {file}")
    return 0


def _part(
    records: Records, zone: str | None, since: str | None, until: str | None, queues: tuple[str, ...]
) -> tuple[Records, list[str]]:
    """The requested calls, and the labels of the requested queues."""
    from simulation.report.period import period_of

    if since is not None or until is not None:
        from ivr.records.selection import between

        records = between(records, *period_of(records, zone or records.zone or "UTC", since, until))
    if not queues:
        return records, []
    from ivr.records.selection import of_queues

    chosen = [_queue(records, queue) for queue in queues]
    return of_queues(records, chosen), [records.labels.get(queue) or queue for queue in dict.fromkeys(chosen)]


def _queue(records: Records, stated: str, *, option: str = "--queue") -> str:
    """Return the name of a queue given by its name or label."""
    from flows.source.document import nearest
    from flows.source.finding import usage_error

    known = records.names["queue"]
    found = [queue for queue in known if stated == queue] or [
        queue for queue in known if stated == records.labels.get(queue)
    ]
    if len(found) == 1:
        return found[0]
    near = nearest(stated, [*known, *records.labels.values()])
    message = (
        f"{option} {stated!r} is what several queues are called" if found else f"no call joined a queue {stated!r}"
    )
    hint = (
        f"write its name: {', '.join(found)}"
        if found
        else f"did you mean {near!r}?"
        if near
        else f"queues: {', '.join(known) or 'none'}"
    )
    raise usage_error("X005", message, hint)


def _priced(
    part: Sums, records: Records, scenario: str, edges_us: NDArray[np.int64] | None, *, selected: bool
) -> PricedRecords:
    """What the calls cost, by the prices of a scenario."""
    from ivr.records.measures import interval_edges
    from simulation.loading.load import load_scenario
    from simulation.report.priced_records import priced_records

    interval_us = part.interval_us if part.intervals else None
    edges = interval_edges(records.horizon_us, interval_us) if edges_us is None else edges_us
    return priced_records(part, records, load_scenario(scenario), edges_us=edges, selected=selected)


def _of_costs(costs: PricedRecords | None) -> dict[str, object]:
    """What the JSON says of costs beside the measures."""
    if costs is None:
        return {}
    return {"currency": costs.currency, "costs_without": list(costs.unknown), "cost_notes": list(costs.notes)}


def _period(clock: LocalClock) -> str:
    """The period, and the clock in which it is shown."""
    begin, end = clock.moment(0), clock.moment(clock.length_us)
    until = f"{end:%H:%M}" if end.date() == begin.date() else f"{end:%a %d %b %Y %H:%M}"
    return f"{begin:%a %d %b %Y %H:%M} to {until} ({clock.zone})"


def _cut(records: Records, interval_us: int, zone: str | None) -> tuple[LocalClock, NDArray[np.int64]] | None:
    """The clock of the records and the edges of intervals, counted from midnight; None if the records have no date."""
    import datetime as dt

    from simulation.clock.local_time import EPOCH, local_clock_of

    if records.begins_us is None or not records.horizon_us:
        return None
    clock = local_clock_of(
        EPOCH + dt.timedelta(microseconds=records.begins_us), zone or records.zone or "UTC", records.horizon_us
    )
    return clock, clock.intervals(interval_us, anchor_us=0).edges_us


def _source(records: Records) -> str:
    from ivr.records.schema import SOURCES

    codes = records.calls["source"]
    return SOURCES[int(codes[0])] if len(codes) else "live"


def _as_dict(shown: ReportData, part: Sums, name: str, clock: LocalClock | None) -> dict[str, object]:
    def plain(values: Mapping[str, Estimate]) -> dict[str, float]:
        return {key: value.mean for key, value in values.items()}

    return {
        "records": name,
        "source": shown.source,
        "zone": clock.zone if clock else None,
        "begins": clock.moment(0).isoformat() if clock else None,
        "ends": clock.moment(clock.length_us).isoformat() if clock else None,
        "calls": part.column("arrived"),
        "threshold_s": shown.threshold_s,
        "target": shown.target_share,
        "queue_levels": {one.queue: one.as_dict() for one in shown.queue_levels},
        "measures": plain(shown.overall),
        "queues": dict(zip(part.queues, shown.by_queue, strict=True)),
        "by_queue": {queue: plain(values) for queue, values in zip(part.queues, shown.by_queue.values(), strict=True)},
        "by_day": [{"date": date.isoformat(), "measures": plain(values)} for date, values in shown.by_day],
        "by_time_of_day": [
            {"time": f"{one.time:%H:%M}", "days": one.days, "measures": plain(one.measures)} for one in shown.by_time
        ],
        "by_interval": [
            {
                "start_s": round(sum(shown.lengths_s[:i]), 6),
                "start": shown.labels[i],
                "begins": shown.moments[i].isoformat() if shown.moments else None,
                "measures": plain(values),
            }
            for i, values in enumerate(shown.by_interval)
        ],
        "outcomes": {outcome: count for outcome, count in shown.outcomes.items() if count},
    }


def _text(shown: ReportData, *, full: bool) -> str:
    import sys

    from simulation.commands._options import painter
    from simulation.report.records_text import report_text

    return report_text(shown, full=full, paint=painter(sys.stdout), width=table_columns())
