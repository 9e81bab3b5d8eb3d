"""Measures in money, and of what is paid for by the hour or the minute; given only where prices are known."""

from __future__ import annotations

from ivr.records.definitions.measure_type import AGENTS, CALLS, OWN, VISITS, Measure, money, sum_of

__all__ = ["COSTS", "COST_KINDS"]

COST_KINDS = ("cost_agents", "cost_overtime", "cost_lost_calls", "cost_lines", "cost_menu")
"""The kinds of cost; together they are the cost."""

_COST = " + ".join(COST_KINDS)

COSTS: tuple[Measure, ...] = (
    money(
        "cost_agents",
        "Agents",
        "time on duty within the horizon (or interval), without overtime, x the agent-hour of the group",
        "cost_agents",
        AGENTS,
        "lower",
    ),
    money(
        "cost_overtime",
        "Overtime",
        "overtime x the agent-hour of the group x the overtime factor",
        "cost_overtime",
        AGENTS,
        "lower",
    ),
    money(
        "cost_lost_calls",
        "Lost calls",
        "calls x the price of a lost call of their outcome; by queue, those whose last queue it was",
        "cost_lost_calls",
        VISITS,
        "lower",
    ),
    money(
        "cost_lines",
        "Telephone lines",
        "line minutes x the trunk minute",
        "cost_lines",
        VISITS,
        "lower",
    ),
    money(
        "cost_menu",
        "Self-service",
        "minutes in the menu, of every caller who got a line x the self-service minute",
        "cost_menu",
        CALLS,
        "lower",
    ),
    money("cost", "Cost", "agents + overtime + lost calls + telephone lines + self-service", _COST, CALLS, "lower"),
    money(
        "value",
        "Value",
        "calls handled, and callers reached by a callback, x the value of a handled call + calls contained x the value"
        " of a contained call; by queue, calls whose last queue it was",
        "value",
        VISITS,
        "higher",
    ),
    money("net_value", "Net value", "value - cost", f"value - {_COST.replace('+', '-')}", CALLS, "higher"),
    money("cost_per_call", "Cost a call", "cost / arrived", _COST, CALLS, "lower", "priced_calls"),
    money(
        "cost_per_served_call",
        "Cost a served call",
        "cost / (calls handled or contained, and callers reached by a callback)",
        _COST,
        CALLS,
        "lower",
        "served",
    ),
    Measure(
        "overtime_hours",
        "Overtime hours",
        "hours",
        "ringing, talk and ACW after the end of the agent's shift, after the horizon too",
        sum_of("overtime_us"),
        sum_of("priced"),
        1 / 3_600_000_000,
        AGENTS,
        "lower",
        OWN,
    ),
    Measure(
        "line_minutes",
        "Line minutes",
        "minutes",
        "time from arrival to the end of the call, of every caller who got a line, and ringing and talk of callbacks"
        " and outbound calls; by queue, waits and talk",
        sum_of("line_us"),
        sum_of("priced"),
        1 / 60_000_000,
        VISITS,
        "lower",
        OWN,
    ),
)
"""In reading order."""
