"""What calls cost: agents, overtime, lost calls, lines, self-service, and what served calls are worth."""

from __future__ import annotations

from simulation.validation.by_hand import certain

__all__ = ["TARGETS", "TITLE"]

TITLE = "Costs: agents, overtime, lost calls, lines, self-service, and the value of served calls"

_DAY = (
    "Everybody hears all of the menu. Each caller for help spends 6 + 1 + 0.5 s in it and 100 s in talk; the second, at"
    " 30 s, finds the agent busy and hangs up after 60 s; the third hears the hours, 7.5 + 22.5 s. "
)
_OVERTIME = (
    "The talks that begin at 557.5 and 1157.5 s end with their after-call work 77.5 s after the shifts, at 600 and"
    " 1200 s, at twice 36 and 18 an hour. "
)

TARGETS = (
    *certain(
        "costs",
        "all calls",
        _DAY
        + _OVERTIME
        + "Lines 4 x 7.5 + 30 + 3 x 100 + 60 = 420 s at 0.60 a minute, of them 60 s in the menu at 1.20; one call lost,"
        " three handled at 10, one contained at 3.",
        cost_agents=6 + 3,
        cost_overtime=77.5 / 3600 * (2 * 36 + 2 * 18),
        cost_lost_calls=4,
        cost_lines=4.2,
        cost_menu=1.2,
        cost=9 + 2.325 + 4 + 4.2 + 1.2,
        value=33,
        net_value=33 - 20.725,
        cost_per_call=20.725 / 5,
        cost_per_served_call=20.725 / 4,
        overtime_hours=2 * 77.5 / 3600,
        line_minutes=7,
        menu_and_wait_s=(60 + 60) / 5,
    ),
    *certain(
        "costs",
        "interval 1",
        "Four calls and the early agent: lines 2 x 107.5 + 67.5 + 30 s, menu 3 x 7.5 + 30 s; overtime comes later.",
        cost_agents=6,
        cost_overtime=0,
        cost_lost_calls=4,
        cost_lines=3.125,
        cost_menu=1.05,
        cost=14.175,
        value=23,
        net_value=23 - 14.175,
        cost_per_call=14.175 / 4,
        cost_per_served_call=14.175 / 3,
        overtime_hours=0,
        line_minutes=312.5 / 60,
        menu_and_wait_s=(52.5 + 60) / 4,
    ),
    *certain(
        "costs",
        "interval 2",
        _OVERTIME + "Both pass in this interval, or after it, which counts in the last.",
        cost_agents=3,
        cost_overtime=2.325,
        cost_lost_calls=0,
        cost_lines=1.075,
        cost_menu=0.15,
        cost=6.55,
        value=10,
        net_value=3.45,
        cost_per_call=6.55,
        cost_per_served_call=6.55,
        overtime_hours=155 / 3600,
        line_minutes=107.5 / 60,
        menu_and_wait_s=7.5,
    ),
    *certain(
        "costs",
        "queue desk",
        "Three talks of 100 s and a wait of 60 s; the call that is lost, and those handled.",
        cost_lost_calls=4,
        cost_lines=3.6,
        value=30,
        line_minutes=6,
    ),
    *certain("costs", "group early", _OVERTIME, cost_agents=6, cost_overtime=1.55, overtime_hours=77.5 / 3600),
    *certain("costs", "group late", _OVERTIME, cost_agents=3, cost_overtime=0.775, overtime_hours=77.5 / 3600),
)
