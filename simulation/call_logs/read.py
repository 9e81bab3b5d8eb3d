"""Reads a call log in whichever format it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from flows.kinds import Sample, kind_of
from flows.source.document import nearest
from flows.source.finding import Finding, IvrError, usage_error
from simulation.call_logs.formats import Format, formats
from simulation.call_logs.formats.base import Source
from simulation.call_logs.log import CallLog, IntervalReport, Options
from simulation.call_logs.tables import ENDINGS

__all__ = ["read_log"]

_NO_LOGS = (".yaml", ".yml")
"""How the names of files end that belong to a line and hold no calls."""


def read_log(
    files: Sequence[str | Path], *, zone: str = "UTC", map: dict[str, Any] | None = None, format: str = ""
) -> CallLog | IntervalReport:
    """Read a call log.

    Parameters
    ----------
    files : sequence of str or Path
        A file, a folder of records, a folder of files, several parts of one table, or a report for each queue.
    zone : str
        IANA zone of times that have none.
    map : dict, optional
        A column map for a table.
    format : str
        One of ``formats()``; empty lets the file tell.

    Returns
    -------
    CallLog or IntervalReport

    Raises
    ------
    IvrError
        K001, when the log cannot be read.

    Examples
    --------
    >>> read_log(["no such log.csv"])
    Traceback (most recent call last):
    flows.source.finding.IvrError: no such log.csv: K001 there is no such file
    """
    paths = [path for file in files for path in _files(Path(file))]
    known = formats()
    if format and format not in known:
        near = nearest(format, list(known))
        hint = f"did you mean {near!r}?" if near else f"formats: {', '.join(known)}"
        raise usage_error("X005", f"--format: there is no format {format!r}", hint)
    options = Options(zone, map, Path(files[0]).resolve().stem, tuple(paths))
    source = Source(paths[0])
    if format or map is not None:
        return known[format or "table"].read(source, options)
    of = next(one for one in known.values() if one.recognises(source))
    if len(paths) > 1 and of.name not in ("interval_report", "table"):
        raise usage_error(
            "X005",
            f"{len(paths)} files of {of.title}; only tables and interval reports may have several",
            "name one log",
        )
    _all_alike(of, source, paths[1:])
    found = of.read(source, options)
    return replace(found, name=options.name)


def _all_alike(of: Format, first: Source, others: Sequence[Path]) -> None:
    """Refuse a report by intervals beside a table with a row a call: neither is a part of the other."""
    for path in others:
        other = Source(path)
        if other.names == first.names:
            continue
        kind = next(one for one in formats().values() if one.recognises(other))
        if {kind.name, of.name} == {"interval_report", "table"}:
            log, report = (path, first.path) if of.name == "interval_report" else (first.path, path)
            raise usage_error(
                "X005",
                f"{report} is {formats()['interval_report'].title}, {log} {formats()['table'].title}; files of one log"
                " are alike",
                f"for how many call from the one and all else from the other: ivr calibrate {log} --volumes {report}",
            )


def _files(path: Path) -> list[Path]:
    """The files of a log: itself, or those in a folder that is not one of records."""
    if not path.exists():
        raise IvrError(
            Finding(
                code="K001", severity="error", message="there is no such file", file=str(path), hint="check the path"
            )
        )
    if path.suffix in _NO_LOGS and path.is_file():
        kind = kind_of(Sample(path.name, path.read_text("utf-8", errors="replace")))
        message = f"this is {kind.title if kind else 'a YAML file'}, not a log"
        hint = "name a log of calls, a report by intervals or a folder of records"
        raise IvrError(Finding(code="K001", severity="error", message=message, file=str(path), hint=hint))
    if path.is_file() or (path / "records.json").is_file():
        return [path]
    inside = sorted(one for one in path.iterdir() if one.suffix in ENDINGS)
    if not inside:
        raise IvrError(
            Finding(
                code="K001",
                severity="error",
                message="the folder holds no log",
                file=str(path),
                hint=f"name a folder of records, or files that end in {', '.join(ENDINGS)}",
            )
        )
    return inside
