"""Every measure as data: its name, formula, denominator, unit and source.

A measure is a ratio of two sums of ``ivr.records.measures.Sums``: both are additive
over replications, so every measure over several replications is a ratio of
averages. Reports, JSON and the documentation read names and texts from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from ivr.records.schema import OUTCOMES

__all__ = ["COLUMNS", "MEASURES", "QUANTILES", "Measure"]

Scope = Literal["overall", "queue", "group", "interval"]

COLUMNS = (
    "replications",
    "horizon_us",
    "arrived",
    "entered",
    "menu_us",
    "zero_outs",
    "retries",
    "keyed_calls",
    "key_presses",
    *(f"ended_{outcome}" for outcome in OUTCOMES),
    "offered",
    "waited",
    "handled",
    "handled_within",
    "abandoned",
    "abandoned_within",
    "short_abandoned",
    "overflowed",
    "wait_us",
    "handled_wait_us",
    "abandoned_wait_us",
    "full",
    "balked",
    "talk_us",
    "acw_us",
    "handed_over",
    "handed_over_wait_us",
    "promised",
    "promised_wait_us",
    "longest_wait_us",
    "callbacks_kept",
    "callback_attempts",
    "callbacks_reached",
    "callbacks_within",
    "callback_wait_us",
    "staffed_us",
    "busy_us",
    "wrap_us",
)
"""The additive sums, in the order of ``Sums.values``' last axis.

``entered`` are calls that got a line; ``ended_*`` are calls by outcome (in the
row of a queue: visits by result); ``retries`` are calls that are not a first
attempt; ``keyed_calls`` are calls whose key presses are known. ``offered`` to
``promised_wait_us`` count callers on the line as ``ivr.records.visits`` says;
``overflowed``, ``full`` and ``handed_over`` count what happened to them, each
time. ``longest_wait_us`` is the longest wait of a replication, and so adds up
to the sum of those. ``callbacks_*`` are places kept for callers who are called
back and what became of them; ``staffed_us``, ``busy_us`` (talking) and
``wrap_us`` are agents' time within the horizon.
"""


@dataclass(frozen=True)
class Measure:
    """One measure: how it is computed, and how it is read.

    Parameters
    ----------
    name : str
        Its name in JSON and in reports.
    title : str
        Its name in words.
    unit : str
        ``"share"`` (0..1), ``"s"``, ``"calls"``, ``"presses"``, ``"agents"`` or ``"callers"``.
    formula : str
        In the vocabulary of the records.
    numerator, denominator : tuple of (str, int)
        Columns and their coefficients.
    scale : float
        Factor on the ratio, for example 1e-6 from microseconds to seconds.
    scopes : tuple of str
        Where it makes sense: overall, queue, group, interval.
    better : {"higher", "lower", ""}
        The direction that callers prefer.
    source : str
        Where the definition comes from.

    Examples
    --------
    >>> MEASURES["service_level"].formula
    'handled within the threshold / (offered - abandoned within the threshold)'
    """

    name: str
    title: str
    unit: str
    formula: str
    numerator: tuple[tuple[str, int], ...]
    denominator: tuple[tuple[str, int], ...]
    scale: float
    scopes: tuple[Scope, ...]
    better: Literal["higher", "lower", ""]
    source: str


_EVERYWHERE: tuple[Scope, ...] = ("overall", "queue", "group", "interval")
_CALLS: tuple[Scope, ...] = ("overall", "interval")
_VISITS: tuple[Scope, ...] = ("overall", "queue", "interval")
_AGENTS: tuple[Scope, ...] = ("overall", "group", "interval")

_GANS = "Gans, Koole and Mandelbaum (2003), Telephone call centers: tutorial, review, and research prospects"
_ARMONY = "Armony, Shimkin and Whitt (2009), The impact of delay announcements in many-server queues with abandonment"
_KOOLE = "Koole (2013), Call Center Optimization"
_CONTACTCENTERS = "ContactCenters library, PerformanceMeasureType"
_SCHEMA = "the records' own vocabulary"


def _sum(text: str) -> tuple[tuple[str, int], ...]:
    """Read "offered - abandoned_within" as columns with coefficients."""
    terms, sign = [], 1
    for token in text.split():
        if token in "+-":
            sign = 1 if token == "+" else -1
        else:
            terms.append((token, sign))
    return tuple(terms)


def _count(
    name: str,
    title: str,
    column: str,
    formula: str,
    scopes: tuple[Scope, ...],
    better: Literal["higher", "lower", ""] = "",
    source: str = _SCHEMA,
) -> Measure:
    return Measure(name, title, "calls", formula, _sum(column), _sum("replications"), 1.0, scopes, better, source)


def _share(
    name: str,
    title: str,
    formula: str,
    numerator: str,
    denominator: str,
    scopes: tuple[Scope, ...],
    better: Literal["higher", "lower", ""],
    source: str,
) -> Measure:
    return Measure(name, title, "share", formula, _sum(numerator), _sum(denominator), 1.0, scopes, better, source)


def _time(
    name: str,
    title: str,
    formula: str,
    numerator: str,
    denominator: str,
    scopes: tuple[Scope, ...],
    better: Literal["higher", "lower", ""],
    source: str,
) -> Measure:
    return Measure(name, title, "s", formula, _sum(numerator), _sum(denominator), 1e-6, scopes, better, source)


_ALL = (
    _count("arrived", "Arrived", "arrived", "calls that arrived at the line, blocked ones too", _CALLS),
    _count("blocked", "Blocked", "ended_blocked", "calls that found all lines busy", _CALLS, "lower"),
    _count("contained", "Contained", "ended_contained", "calls that ended in the menu with what they came for", _CALLS),
    _count(
        "abandoned_in_menu",
        "Abandoned in the menu",
        "ended_abandoned_in_menu",
        "calls hung up in the menu",
        _CALLS,
        "lower",
    ),
    _count(
        "offered",
        "Offered",
        "offered",
        "callers who wait for an agent on the line: once until an agent has handled them, however many queues they"
        " pass, again after a transfer; not who is promised a callback; by queue, once in each queue",
        _VISITS,
    ),
    _count(
        "handled", "Handled", "handled", "offered and answered by an agent who finished the talk", _EVERYWHERE, "higher"
    ),
    _count("abandoned", "Abandoned", "abandoned", "offered and ended by the caller hanging up", _VISITS, "lower"),
    _count(
        "short_abandoned",
        "Short-abandoned",
        "short_abandoned",
        "abandoned with a wait of at most the short-abandon limit (5 s unless stated)",
        _VISITS,
    ),
    _count("balked", "Balked", "balked", "abandoned the moment the expected wait was told", _VISITS, "lower", _ARMONY),
    _count(
        "full",
        "Full",
        "full",
        "times a caller found no room in a queue, also if they then joined another",
        _VISITS,
        "lower",
        _CONTACTCENTERS,
    ),
    _count(
        "handed_over",
        "Handed over",
        "handed_over",
        "times a talk was cut by the end of a shift and waited for another agent",
        _VISITS,
        "lower",
    ),
    _count("voicemail", "Voicemail", "ended_voicemail", "calls that ended at voicemail", _VISITS),
    _count("callback", "Callback", "ended_callback", "calls that ended with a callback booked", _VISITS),
    _count(
        "callbacks_promised",
        "Callbacks promised",
        "promised",
        "callers who left the line for the promise of a callback, made in a queue or after it; they are not offered",
        _VISITS,
    ),
    _count(
        "callback_attempts",
        "Callbacks tried",
        "callback_attempts",
        "times an agent rang a caller whose place in the queue was kept; each counts in the queue and the interval of"
        " the promise",
        _VISITS,
    ),
    _count(
        "callbacks_reached",
        "Callbacks reached",
        "callbacks_reached",
        "callers who answered a callback",
        _VISITS,
        "higher",
    ),
    _count("transferred_out", "Transferred out", "ended_transferred_out", "calls handed to another number", _CALLS),
    _count("closed", "Closed", "ended_closed", "calls told that the line is closed", _VISITS, "lower"),
    _count("failed", "Failed", "ended_failed", "calls that a technical failure ended", _CALLS, "lower"),
    _count(
        "turned_away",
        "Turned away",
        "ended_turned_away",
        "calls that the line ended before anybody answered",
        _CALLS,
        "lower",
    ),
    _count("zero_outs", "Pressed 0", "zero_outs", "calls that asked for the operator to leave the menu", _CALLS),
    _count(
        "retries", "Calls again", "retries", "calls by callers who were not served the time before", _CALLS, "lower"
    ),
    Measure(
        "attempts",
        "Attempts a caller",
        "calls",
        "arrived / (arrived - calls again)",
        _sum("arrived"),
        _sum("arrived - retries"),
        1.0,
        _CALLS,
        "lower",
        "Aguir, Karaesmen, Aksin and Chauvet (2004), The impact of retrials on call center performance",
    ),
    _share(
        "callback_reached_share",
        "Callbacks reached, share",
        "callbacks reached / places kept in a queue for a callback",
        "callbacks_reached",
        "callbacks_kept",
        _VISITS,
        "higher",
        _SCHEMA,
    ),
    _share(
        "callback_level",
        "Callbacks in time",
        "callbacks reached within their own threshold (30 min unless stated) of the promise / places kept in a queue"
        " for a callback",
        "callbacks_within",
        "callbacks_kept",
        _VISITS,
        "higher",
        _SCHEMA,
    ),
    _time(
        "callback_wait_s",
        "Wait for the callback",
        "sum of times from the promise until the ringing that is answered begins / callbacks reached",
        "callback_wait_us",
        "callbacks_reached",
        _VISITS,
        "lower",
        _SCHEMA,
    ),
    _time(
        "promise_wait_s",
        "Wait for the promise",
        "sum of waits on the line until the promise / callbacks promised",
        "promised_wait_us",
        "promised",
        _VISITS,
        "lower",
        _SCHEMA,
    ),
    _share("blocking", "Blocked share", "blocked / arrived", "ended_blocked", "arrived", _CALLS, "lower", _GANS),
    _share(
        "containment",
        "Containment",
        "contained / calls that got a line",
        "ended_contained",
        "entered",
        _CALLS,
        "higher",
        _KOOLE,
    ),
    _share(
        "share_abandoned_in_menu",
        "Hung up in the menu",
        "abandoned in the menu / calls that got a line",
        "ended_abandoned_in_menu",
        "entered",
        _CALLS,
        "lower",
        _SCHEMA,
    ),
    _share(
        "share_zero_out",
        "Zero-out share",
        "calls that pressed 0 / calls that got a line",
        "zero_outs",
        "entered",
        _CALLS,
        "lower",
        _SCHEMA,
    ),
    _time(
        "menu_s",
        "Time in the menu",
        "sum of time in the menu / calls that got a line",
        "menu_us",
        "entered",
        _CALLS,
        "lower",
        _SCHEMA,
    ),
    Measure(
        "key_presses",
        "Key presses",
        "presses",
        "sum of key presses (a number that is entered is one) / calls whose key presses are known",
        _sum("key_presses"),
        _sum("keyed_calls"),
        1.0,
        _CALLS,
        "lower",
        _SCHEMA,
    ),
    _share(
        "service_level",
        "Service level",
        "handled within the threshold / (offered - abandoned within the threshold)",
        "handled_within",
        "offered - abandoned_within",
        _VISITS,
        "higher",
        _CONTACTCENTERS,
    ),
    _share(
        "service_level_of_offered",
        "Service level, of offered",
        "handled within the threshold / offered",
        "handled_within",
        "offered",
        _VISITS,
        "higher",
        _KOOLE,
    ),
    _share(
        "service_level_of_handled",
        "Service level, of handled",
        "handled within the threshold / handled",
        "handled_within",
        "handled",
        _VISITS,
        "higher",
        _KOOLE,
    ),
    _share(
        "service_level_abandoned_count",
        "Service level, quick hang-ups count as met",
        "(handled within + abandoned within the threshold) / offered",
        "handled_within + abandoned_within",
        "offered",
        _VISITS,
        "higher",
        _KOOLE,
    ),
    _share("abandonment", "Abandonment", "abandoned / offered", "abandoned", "offered", _VISITS, "lower", _GANS),
    _share(
        "abandonment_without_short",
        "Abandonment without short-abandoned",
        "(abandoned - short-abandoned) / (offered - short-abandoned)",
        "abandoned - short_abandoned",
        "offered - short_abandoned",
        _VISITS,
        "lower",
        _KOOLE,
    ),
    _share(
        "wait_probability",
        "Waited at all",
        "offered with a wait above 0 / offered",
        "waited",
        "offered",
        _VISITS,
        "lower",
        _GANS,
    ),
    _time(
        "asa_s",
        "ASA",
        "sum of waits of handled until the first agent answered / handled",
        "handled_wait_us",
        "handled",
        _EVERYWHERE,
        "lower",
        _GANS,
    ),
    _time(
        "mean_wait_s",
        "Mean wait",
        "sum of waits of all offered, until the first agent answered / offered",
        "wait_us",
        "offered",
        _VISITS,
        "lower",
        _GANS,
    ),
    _time(
        "mean_wait_of_abandoned_s",
        "Mean wait of abandoned",
        "sum of waits of abandoned, all of a call / abandoned",
        "abandoned_wait_us",
        "abandoned",
        _VISITS,
        "",
        _GANS,
    ),
    Measure(
        "max_wait_s",
        "Longest wait",
        "s",
        "sum over replications of the longest wait of an offered caller, 0 with none / replications",
        _sum("longest_wait_us"),
        _sum("replications"),
        1e-6,
        _VISITS,
        "lower",
        _SCHEMA,
    ),
    _time(
        "handed_over_wait_s",
        "Wait when handed over",
        "sum of waits for the agents after the first / handed over",
        "handed_over_wait_us",
        "handed_over",
        _VISITS,
        "lower",
        _SCHEMA,
    ),
    Measure(
        "queue_length",
        "Callers waiting",
        "callers",
        "sum of all waits on the line, before promises and after hand-overs too / horizon (or interval)",
        _sum("wait_us + promised_wait_us + handed_over_wait_us"),
        _sum("horizon_us"),
        1.0,
        _VISITS,
        "lower",
        _GANS,
    ),
    _time("aht_s", "AHT", "(talk + ACW) / handled", "talk_us + acw_us", "handled", _EVERYWHERE, "", _GANS),
    _time(
        "talk_s",
        "Talk",
        "talk, all parts of one that was handed over / handled",
        "talk_us",
        "handled",
        _EVERYWHERE,
        "",
        _GANS,
    ),
    _time("acw_s", "ACW", "ACW / handled", "acw_us", "handled", _EVERYWHERE, "", _GANS),
    _share(
        "occupancy",
        "Occupancy",
        "(talking + ACW) / staffed, both within the horizon (or interval); overtime before its end counts as staffed",
        "busy_us + wrap_us",
        "staffed_us",
        _AGENTS,
        "",
        _GANS,
    ),
    Measure(
        "staffed_agents",
        "Agents on duty",
        "agents",
        "staffed time within the horizon (or interval) / its length",
        _sum("staffed_us"),
        _sum("horizon_us"),
        1.0,
        _AGENTS,
        "",
        _GANS,
    ),
    Measure(
        "busy_agents",
        "Agents busy",
        "agents",
        "(talking + ACW) within the horizon (or interval) / its length",
        _sum("busy_us + wrap_us"),
        _sum("horizon_us"),
        1.0,
        _AGENTS,
        "",
        _GANS,
    ),
)

MEASURES: Mapping[str, Measure] = MappingProxyType({measure.name: measure for measure in _ALL})
"""Every measure that is a ratio of sums, by name, in reading order."""

QUANTILES: Mapping[str, float] = MappingProxyType({"wait_p50_s": 0.5, "wait_p80_s": 0.8, "wait_p95_s": 0.95})
"""Quantiles of the wait of all offered: the smallest bound, in whole seconds up to 10 minutes and tens of seconds
beyond, that so large a share of all waits of all replications together does not exceed."""
