"""What a measure is: a ratio of two sums, with its formula, unit and source as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ivr.records.schema import OUTCOMES

__all__ = [
    "AGENTS",
    "ARMONY",
    "CALLBACK_SUMS",
    "CALLS",
    "CALL_SUMS",
    "COLUMNS",
    "CONFERENCE_SUMS",
    "CONTACTCENTERS",
    "COST_SUMS",
    "EVERYWHERE",
    "GANS",
    "IN_HAND_SUMS",
    "KOOLE",
    "MONEY",
    "OUTBOUND_SUMS",
    "OWN",
    "TIME_SUMS",
    "VISITS",
    "VISIT_SUMS",
    "Measure",
    "Scope",
    "count",
    "money",
    "share",
    "sum_of",
    "time",
]

Scope = Literal["overall", "queue", "group", "interval"]

CALL_SUMS = ("arrived", "entered", "menu_us", "zero_outs", "retries", "keyed_calls", "key_presses", "repeats")
VISIT_SUMS = (
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
)
CALLBACK_SUMS = ("callbacks_kept", "callback_attempts", "callbacks_reached", "callbacks_within", "callback_wait_us")
CONFERENCE_SUMS = ("conferences_asked", "conferences_joined", "conference_wait_us")
OUTBOUND_SUMS = ("outbound_made", "outbound_reached")
IN_HAND_SUMS = ("in_hand_us", "holding_us", "taken_us", "slots_us")
TIME_SUMS = ("staffed_us", "busy_us", "wrap_us", "outbound_us", "paused_us", *IN_HAND_SUMS)
COST_SUMS = (
    "priced",
    "priced_calls",
    "served",
    "overtime_us",
    "line_us",
    "cost_agents",
    "cost_overtime",
    "cost_lost_calls",
    "cost_lines",
    "cost_menu",
    "value",
)
MONEY = 10_000
"""Sums of money are whole numbers of this part of a unit of the currency, so that they add up exactly."""
COLUMNS = (
    "replications",
    "horizon_us",
    *CALL_SUMS,
    *(f"ended_{outcome}" for outcome in OUTCOMES),
    *VISIT_SUMS,
    *CALLBACK_SUMS,
    *CONFERENCE_SUMS,
    *OUTBOUND_SUMS,
    *TIME_SUMS,
    *COST_SUMS,
)
"""The additive sums, in the order of ``Sums.values``' last axis.

``entered`` are calls that got a line; ``ended_*`` are calls by outcome (in the
row of a queue: visits by result); ``retries`` are calls after one that was not
served, ``repeats`` after one that was handled;
``keyed_calls`` are calls whose key presses are known. ``offered`` to
``promised_wait_us`` count callers on the line as ``ivr.records.visits`` says;
``overflowed``, ``full`` and ``handed_over`` count each time it happened.
``longest_wait_us`` is the sum over replications of the longest wait in each.
``callbacks_*`` are places kept for callers who are called back, and what became
of them; ``conferences_*`` are colleagues asked into talks; ``outbound_*`` are
calls that agents made themselves; ``staffed_us``, ``busy_us`` (ringing or
talking), ``wrap_us`` and ``paused_us`` are agents' time within the horizon, and
``outbound_us`` is what outbound calls have of busy and wrap-up time. Of agents
who chat, ``in_hand_us`` is the time of all that they have in hand, ``holding_us``
that with anything in hand, ``taken_us`` and ``slots_us`` are the time of slots,
taken or in all.
``priced`` are replications whose prices are known, and what follows it is 0
without prices: their calls, those of them that were ``served``, agents' work
after the end of their shifts, time on telephone lines, and money, by
``ivr.records.costs``.
"""


@dataclass(frozen=True)
class Measure:
    """One measure: how it is computed, and how it is presented.

    Parameters
    ----------
    name : str
        Its name in JSON and in reports.
    title : str
        Its name in words.
    unit : str
        ``"share"`` (0..1), ``"s"``, ``"calls"``, ``"presses"``, ``"agents"``, ``"callers"``, ``"hours"``,
        ``"minutes"``, ``"chats"`` or ``"money"``.
    formula : str
        In the vocabulary of the records.
    numerator, denominator : tuple of (str, int)
        Columns and their coefficients.
    scale : float
        Factor on the ratio, for example 1e-6 from microseconds to seconds.
    scopes : tuple of str
        Where it makes sense: overall, queue, group, interval.
    better : {"higher", "lower", ""}
        Which direction is better for callers, or of money for who pays; empty for neither.
    source : str
        Where the definition comes from.

    Examples
    --------
    >>> from ivr.records.definitions.all_measures import MEASURES
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


EVERYWHERE: tuple[Scope, ...] = ("overall", "queue", "group", "interval")
CALLS: tuple[Scope, ...] = ("overall", "interval")
VISITS: tuple[Scope, ...] = ("overall", "queue", "interval")
AGENTS: tuple[Scope, ...] = ("overall", "group", "interval")

GANS = "Gans, Koole and Mandelbaum (2003), Telephone call centers: tutorial, review, and research prospects"
ARMONY = "Armony, Shimkin and Whitt (2009), The impact of delay announcements in many-server queues with abandonment"
KOOLE = "Koole (2013), Call Center Optimization"
CONTACTCENTERS = "ContactCenters library, PerformanceMeasureType"
OWN = "the records' own vocabulary"


def sum_of(text: str) -> tuple[tuple[str, int], ...]:
    """Columns with their coefficients, read from text.

    Examples
    --------
    >>> sum_of("offered - abandoned_within")
    (('offered', 1), ('abandoned_within', -1))
    """
    terms: list[tuple[str, int]] = []
    sign = 1
    for token in text.split():
        if token in "+-":
            sign = 1 if token == "+" else -1
        else:
            terms.append((token, sign))
    return tuple(terms)


def count(
    name: str,
    title: str,
    column: str,
    formula: str,
    scopes: tuple[Scope, ...],
    better: Literal["higher", "lower", ""] = "",
    source: str = OWN,
) -> Measure:
    """A measure that counts: the sum `column` per replication."""
    return Measure(name, title, "calls", formula, sum_of(column), sum_of("replications"), 1.0, scopes, better, source)


def share(
    name: str,
    title: str,
    formula: str,
    numerator: str,
    denominator: str,
    scopes: tuple[Scope, ...],
    better: Literal["higher", "lower", ""],
    source: str,
) -> Measure:
    """A measure that is a share, 0..1."""
    return Measure(name, title, "share", formula, sum_of(numerator), sum_of(denominator), 1.0, scopes, better, source)


def time(
    name: str,
    title: str,
    formula: str,
    numerator: str,
    denominator: str,
    scopes: tuple[Scope, ...],
    better: Literal["higher", "lower", ""],
    source: str,
) -> Measure:
    """A measure that is a time in seconds, of sums in microseconds."""
    return Measure(name, title, "s", formula, sum_of(numerator), sum_of(denominator), 1e-6, scopes, better, source)


def money(
    name: str,
    title: str,
    formula: str,
    numerator: str,
    scopes: tuple[Scope, ...],
    better: Literal["higher", "lower", ""],
    denominator: str = "priced",
) -> Measure:
    """A measure in units of the currency, of sums of money."""
    parts = sum_of(numerator), sum_of(denominator)
    return Measure(name, title, "money", formula, *parts, 1 / MONEY, scopes, better, OWN)
