"""How calls arrive, as stated in a scenario."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from flows.values.scalars import Duration
from simulation.clock.logged_times import FORMATS
from simulation.scenario.field_types import Part, Share, When

__all__ = ["Arrivals", "Busyness", "Day", "Surge"]

Shape = Annotated[float, Field(ge=0.1, le=1e9)]
Correlation = Annotated[float, Field(ge=-1, le=1)]
Calls = Annotated[float, Field(ge=0, le=5_000_000)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Busyness(Part):
    """How much whole days differ: a gamma factor, of mean 1 and this shape, on all rates of a day.

    Parameters
    ----------
    gamma : float, or dict of intent to float
        The shape; the factor's standard deviation is 1 / sqrt(gamma).
    correlation : float, or dict of intent to dict of intent to float, or None
        With it, every intent has its own factor, and a normal copula correlates any two factors by this value, or those
        of the pairs named (0 for all others). Without it, all intents share one factor.
    """

    gamma: Shape | dict[str, Shape]
    correlation: Correlation | dict[str, dict[str, Correlation]] | None = None

    @model_validator(mode="after")
    def _one_factor_has_one_shape(self) -> Busyness:
        if isinstance(self.gamma, dict) and self.correlation is None:
            raise ValueError(
                "shapes by intent need a correlation between the intents; write for example correlation: 0.5"
            )
        return self


class Surge(Part):
    """Many additional calls within a short time, at a constant rate.

    Parameters
    ----------
    at : time of day, or date and time
        When it begins; a time of day is on the first day of the horizon.
    calls : float
        Expected number.
    over : duration
        How long it lasts.
    intents : dict of intent to share
        What these callers want; default: the same as all callers.
    """

    at: When
    calls: float = Field(ge=0, le=5_000_000)
    over: Duration = Field(default=900.0, gt=0)
    intents: dict[str, Share] = Field(default={})


class Arrivals(Part):
    """How calls arrive: as a Poisson process, or as logged (trace).

    Parameters
    ----------
    kind : {"constant", "per_interval", "csv", "profile", "history", "trace"}
        One rate, one rate for each interval, a CSV file of counts, a day's profile times the totals of dates, days
        drawn from those of a file, or logged calls.
    per_hour : float or list of float
        Calls an hour: one number (constant), or one for each interval of the horizon, or of a day that repeats. By
        intent, or by queue, in a mapping: ``{sales: [60, 50], support: [10, 20]}``.
    calls : list of float
        Expected calls in each interval, instead of `per_hour`; also by intent or queue.
    profile : list of float
        For profile: how the calls of a day fall on its intervals, in any unit; or ``{file, column}``.
    daily : float, list of float, or dict of date to float
        For profile: calls of each date: one number, one for each date of the horizon, by date, or ``{file, date,
        column}``.
    columns : dict of intent or queue to str
        For csv: the column of calls of each intent, or of each queue, instead of `column`; a list if they have the same
        names.
    file, column : str
        For csv: a file with a header and one row per interval, and its column of calls (``calls``). For trace: a CSV or
        Parquet file with one row per call and its column of arrivals (``arrived_us``), or a folder of records.
    intent : str
        For trace: the column of what callers wanted; for an empty cell the intent is drawn.
    time_column : str
        For trace and history: the column of times of day, if that of dates has only dates.
    date_column : str
        For history: the column of dates (``date``), of a file with a row for each interval of each date; `column` or
        `columns` name the counts.
    same_weekday : bool
        For history: whether a date draws only days of its own day of the week.
    format : str
        For trace: ``month_first``, ``day_first``, ``epoch`` (seconds since 1970) or a pattern of ``strptime``; only
        if the column does not reveal it.
    replication : int or None
        For trace: which replication to use, if the records hold several.
    shift : {"to_start"} or None
        For trace: with ``to_start``, a folder of records begins where the scenario does; otherwise calls keep their
        times.
    weekdays : dict of day to float
        Factor on the rates of a day of the week; default: 1.
    busyness : Busyness or None
        How much whole calendar days differ.
    surges : list of Surge
        Many additional calls within a short time.
    """

    kind: Literal["constant", "per_interval", "csv", "profile", "history", "trace"]
    per_hour: tuple[float, ...] = ()
    calls: tuple[float, ...] = ()
    file: str = ""
    column: str = ""
    columns: dict[str, str] = Field(default={})
    profile: tuple[Calls, ...] = ()
    daily: tuple[Calls, ...] = ()
    dated: dict[dt.date, Calls] = Field(default={}, description="daily by date, as it is read")
    date_column: str = Field(default="", description="for a history: the column of dates; date unless stated")
    same_weekday: bool = Field(default=False, description="for a history: a date draws days of its day of the week")
    intent: str = ""
    time_column: str = Field(
        default="", description="for a trace: the column of times of day, when `column` has dates alone"
    )
    format: str = Field(
        default="",
        description=(
            "for a trace: month_first, day_first, epoch, or a pattern like '%d.%m.%y %H.%M'; only if the column does"
            " not reveal it"
        ),
    )
    replication: int | None = Field(default=None, ge=0, description="for a trace: which replication of the records")
    shift: Literal["to_start"] | None = Field(
        default=None, description="for a trace: records begin where the scenario does"
    )
    weekdays: dict[Day, Annotated[float, Field(ge=0, le=1000)]] = Field(default={})
    busyness: Busyness | None = None
    surges: tuple[Surge, ...] = Field(default=(), max_length=1000)

    @model_validator(mode="before")
    @classmethod
    def _one_rate(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        single = {
            name: [value[name]] for name in ("per_hour", "daily") if isinstance(value.get(name), str | int | float)
        }
        return {**value, **single}

    @model_validator(mode="after")
    def _what_the_kind_needs(self) -> Arrivals:
        given = {name for name in ("per_hour", "calls", "file", "profile") if getattr(self, name)}
        given |= {"daily"} if self.daily or self.dated else set()
        needs = {
            "constant": ({"per_hour"},),
            "per_interval": ({"per_hour"}, {"calls"}),
            "csv": ({"file"},),
            "profile": ({"profile", "daily"},),
            "trace": ({"file"},),
            "history": ({"file"},),
        }[self.kind]
        if given not in needs:
            wanted = " or ".join(" and ".join(sorted(n)) for n in needs)
            raise ValueError(
                f"arrivals of kind {self.kind} need {wanted}, and have {', '.join(sorted(given)) or 'none'}; state"
                f" {wanted}"
            )
        if self.columns and self.kind != "history":  # those of a csv are read before
            raise ValueError(f"arrivals of kind {self.kind} have no columns; write kind: csv, or leave out columns")
        if self.kind == "constant" and len(self.per_hour) != 1:
            raise ValueError(
                f"constant arrivals have one rate, not {len(self.per_hour)}; write kind: per_interval for a list"
            )
        if self.kind in ("trace", "history") and (self.busyness or self.weekdays):
            raise ValueError(
                f"a {self.kind} is what happened, so its days cannot be busier; leave out busyness and weekdays"
            )
        return self

    @model_validator(mode="after")
    def _what_a_log_has(self) -> Arrivals:
        if self.kind != "history" and (self.date_column or self.same_weekday):
            raise ValueError(
                f"arrivals of kind {self.kind} have no days to draw; write kind: history, or leave out date_column and"
                " same_weekday"
            )
        if self.kind != "trace" and self.intent:
            raise ValueError(f"arrivals of kind {self.kind} have no column of intents; write kind: trace")
        if self.kind not in ("trace", "history") and (self.time_column or self.format):
            raise ValueError(
                f"arrivals of kind {self.kind} have no moments to read; write kind: trace, or leave out time_column and"
                " format"
            )
        if self.format and self.format not in FORMATS and "%" not in self.format:
            raise ValueError(
                f"format {self.format!r} is not known; write {', '.join(FORMATS)}, or a pattern like '%d.%m.%y %H.%M'"
            )
        if self.kind != "trace" and (self.replication is not None or self.shift):
            raise ValueError(
                f"arrivals of kind {self.kind} have no records to choose from or to shift; write kind: trace, or leave"
                " out replication and shift"
            )
        return self
