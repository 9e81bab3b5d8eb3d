"""Measures that count: numbers per replication."""

from __future__ import annotations

from ivr.records.definitions.measure_type import (
    AGENTS,
    ARMONY,
    CALLS,
    CONTACTCENTERS,
    EVERYWHERE,
    VISITS,
    Measure,
    count,
)

__all__ = ["COUNTS"]

COUNTS: tuple[Measure, ...] = (
    count("arrived", "Arrived", "arrived", "calls that arrived at the line, blocked ones too", CALLS),
    count("blocked", "Blocked", "ended_blocked", "calls that found all lines busy", CALLS, "lower"),
    count(
        "contained", "Contained", "ended_contained", "calls that ended in the menu with what the caller wanted", CALLS
    ),
    count(
        "abandoned_in_menu",
        "Abandoned in the menu",
        "ended_abandoned_in_menu",
        "calls hung up in the menu",
        CALLS,
        "lower",
    ),
    count(
        "offered",
        "Offered",
        "offered",
        "callers who wait for an agent on the line: once until an agent has handled them, however many queues they"
        " pass, again after a transfer; not those who are promised a callback; by queue, once in each queue",
        VISITS,
    ),
    count(
        "handled", "Handled", "handled", "offered and answered by an agent who finished the talk", EVERYWHERE, "higher"
    ),
    count("abandoned", "Abandoned", "abandoned", "offered and ended by the caller hanging up", VISITS, "lower"),
    count(
        "short_abandoned",
        "Short-abandoned",
        "short_abandoned",
        "abandoned with a wait of at most the short-abandon limit (5 s unless stated)",
        VISITS,
    ),
    count("balked", "Balked", "balked", "abandoned the moment the expected wait was told", VISITS, "lower", ARMONY),
    count(
        "full",
        "Full",
        "full",
        "times a caller found a queue full, even if they then joined another",
        VISITS,
        "lower",
        CONTACTCENTERS,
    ),
    count(
        "handed_over",
        "Handed over",
        "handed_over",
        "times a talk was cut by the end of a shift and waited for another agent",
        VISITS,
        "lower",
    ),
    count("voicemail", "Voicemail", "ended_voicemail", "calls that ended at voicemail", VISITS),
    count("callback", "Callback", "ended_callback", "calls that ended with a callback booked", VISITS),
    count(
        "callbacks_promised",
        "Callbacks promised",
        "promised",
        "callers who left the line for the promise of a callback, made in a queue or after it; they are not offered",
        VISITS,
    ),
    count(
        "callback_attempts",
        "Callbacks tried",
        "callback_attempts",
        "times an agent rang a caller whose place in the queue was kept; each counts in the queue and the interval of"
        " the promise",
        VISITS,
    ),
    count(
        "callbacks_reached",
        "Callbacks reached",
        "callbacks_reached",
        "callers who answered a callback",
        VISITS,
        "higher",
    ),
    count(
        "conferences_asked",
        "Colleagues asked",
        "conferences_asked",
        "times an agent asked a colleague into a talk; by queue, that of the colleague",
        VISITS,
    ),
    count(
        "conferences_joined",
        "Conferences",
        "conferences_joined",
        "times a colleague came into a talk within the limit",
        VISITS,
        "higher",
    ),
    count("outbound_made", "Outbound calls", "outbound_made", "times an agent dialled while nobody waited", AGENTS),
    count(
        "outbound_reached",
        "Outbound calls reached",
        "outbound_reached",
        "outbound calls that somebody answered",
        AGENTS,
        "higher",
    ),
    count("transferred_out", "Transferred out", "ended_transferred_out", "calls handed to another number", CALLS),
    count("closed", "Closed", "ended_closed", "calls told that the line is closed", VISITS, "lower"),
    count("failed", "Failed", "ended_failed", "calls that a technical failure ended", CALLS, "lower"),
    count(
        "turned_away",
        "Turned away",
        "ended_turned_away",
        "calls that the line ended before anyone answered",
        CALLS,
        "lower",
    ),
    count("rejected", "Rejected", "ended_rejected", "calls that the flow refused unanswered", CALLS),
    count("zero_outs", "Pressed 0", "zero_outs", "calls that asked for the operator to leave the menu", CALLS),
    count("retries", "Calls again", "retries", "calls by callers who were not served the time before", CALLS, "lower"),
    count(
        "repeats",
        "Repeat calls",
        "repeats",
        "calls by callers whose call before was handled",
        CALLS,
        "lower",
    ),
)
"""In reading order."""
