"""The column map of a table of calls: which column holds what. It is proposed, shown, saved, and edited by people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, model_validator

from flows.kinds import Sample
from flows.model.flow import Flow
from flows.source.document import nearest
from flows.source.finding import Finding, IvrError
from flows.source.yaml_reader import parse, read
from ivr.records.schema import OUTCOMES
from simulation.scenario.field_types import Part

__all__ = ["LEAVE_OUT", "ColumnMap", "map_findings", "map_text", "read_map"]

LEAVE_OUT = "leave_out"
"""In `outcomes`: rows that are not calls."""
_HEAD = "# Which column of the log holds what. Edit it, and give it to ivr calibrate with --map.\n"
_PLACES: dict[str, tuple[str, ...]] = {"missing": (), "value_error": ("outcomes",)}
"""Where to point if pydantic points at nothing that is there."""


class ColumnMap(Part):
    """Which column of a table holds what; empty where the table has no such column.

    Parameters
    ----------
    date
        Column of dates, when the other columns have times of day alone.
    date_format
        Pattern of the dates, such as ``%y%m%d``; or ``day_first`` or ``month_first``.
    arrived, menu_ends, queue_joined, answered, queue_left, ended
        Moments: when the call came, when its menu ended, when it joined the queue, was answered, left the queue, ended.
    menu_seconds, wait_seconds, talk_seconds, after_call_seconds, total_seconds
        Lengths; they go before differences of moments.
    queue, intent, agent, caller, priority, outcome
        Columns of names; callers are hashed and never written anywhere.
    outcomes
        What each value of `outcome` means: an outcome of the records, or ``leave_out``.
    nobody
        Values of `agent` that mean that nobody answered.
    """

    date: str = ""
    date_format: str = ""
    arrived: str
    menu_ends: str = ""
    queue_joined: str = ""
    answered: str = ""
    queue_left: str = ""
    ended: str = ""
    menu_seconds: str = ""
    wait_seconds: str = ""
    talk_seconds: str = ""
    after_call_seconds: str = ""
    total_seconds: str = ""
    queue: str = ""
    intent: str = ""
    agent: str = ""
    caller: str = ""
    priority: str = ""
    outcome: str = ""
    outcomes: dict[str, str] = Field(default={})
    nobody: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _outcomes_known(self) -> ColumnMap:
        for value, meaning in self.outcomes.items():
            if meaning not in (*OUTCOMES, LEAVE_OUT):
                raise ValueError(
                    f"outcomes: {value!r} means {meaning!r}; write one of {', '.join((*OUTCOMES, LEAVE_OUT))}"
                )
        return self

    def columns(self) -> dict[str, str]:
        """Columns by what they hold."""
        texts = {name: value for name, value in self if isinstance(value, str)}
        return {name: value for name, value in texts.items() if value and name != "date_format"}


def map_text(of: ColumnMap) -> str:
    """A column map as YAML."""
    lines = [_HEAD.rstrip("\n")]
    lines += [f"{name}: {_quoted(value)}" for name, value in of if isinstance(value, str) and value]
    if of.outcomes:
        lines.append("outcomes:")
        lines += [f"  {_quoted(value)}: {meaning}" for value, meaning in of.outcomes.items()]
    if of.nobody:
        lines.append(f"nobody: [{', '.join(map(_quoted, of.nobody))}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    plain = text and text[0].isalpha() and all(c.isalnum() or c in "_ " for c in text) and text == text.strip()
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def read_map(file: str | Path) -> dict[str, Any]:
    """Read a column map; it is checked when it meets its table.

    Raises
    ------
    IvrError
        When the file is not ``name: column`` lines.
    """
    document = read(Path(file))
    if not isinstance(document.data, dict):
        raise IvrError(
            document.finding("K009", "a column map is 'what: column' lines", (), hint="begin with arrived: COLUMN")
        )
    return dict(document.data) | {"": str(file)}


def checked_map(given: dict[str, Any], columns: list[str]) -> ColumnMap:
    """The map as given, if its table has the columns.

    Raises
    ------
    IvrError
        K009, with what is unknown and what there is.
    """
    given = dict(given)
    file = str(given.pop("", ""))
    try:
        found = ColumnMap.model_validate(given)
    except ValidationError as error:
        wrong = [_what_is_wrong(of) for of in error.errors()]
        raise IvrError(
            [Finding(code="K009", severity="error", message=text, file=file, hint=hint) for text, hint in wrong]
        ) from None
    missing = [(name, column) for name, column in found.columns().items() if column not in columns]
    if missing:
        raise IvrError(
            [
                Finding(
                    code="K009",
                    severity="error",
                    message=f"{name}: the log has no column {column!r}; it has {', '.join(columns)}",
                    file=file,
                    hint=f"did you mean {near!r}?" if (near := nearest(column, columns)) else "name one of them",
                )
                for name, column in missing
            ]
        )
    return found


def map_findings(sample: Sample, flow: Flow | None) -> tuple[Finding, ...]:
    """K009 for every line that ``--map`` refuses.

    Parameters
    ----------
    sample : Sample
    flow : Flow or None
        Not used: a map is about a table.

    Examples
    --------
    >>> map_findings(Sample("map.yaml", "arrived: came\\nquew: line\\n"), None)[0].where
    'map.yaml:2:1'
    """
    try:
        document = parse(sample.text, sample.file)
    except IvrError as error:
        return error.findings
    try:
        ColumnMap.model_validate(document.data)
    except ValidationError as error:
        return tuple(
            document.finding("K009", message, place, of_key=of["type"] == "extra_forbidden", hint=hint)
            for of in error.errors()
            for message, hint in [_what_is_wrong(of)]
            for place in [_PLACES.get(of["type"], of["loc"])]
        )
    return ()


def _what_is_wrong(of: Any) -> tuple[str, str]:
    """The message and the hint for what pydantic says of a value."""
    name = ".".join(map(str, of["loc"]))
    known = list(ColumnMap.model_fields)
    if of["type"] == "extra_forbidden":
        near = nearest(name, known)
        return f"a column map has no {name!r}", f"did you mean {near!r}?" if near else ", ".join(known)
    if of["type"] == "missing":
        return f"the map names no column for {name!r}", f"write {name}: COLUMN"
    if of["type"] == "value_error":
        message, _, hint = str(of["msg"]).removeprefix("Value error, ").partition("; ")
        return message, hint
    return f"{name}: {of['input']!r} is not the name of a column", f"write {name}: COLUMN"
