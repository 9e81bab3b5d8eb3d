"""The table of ``ivr optimise``, as text for people and as data for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from flows.analysis.assumptions import assumed
from flows.analysis.expected_visits import SHARE_LEAVES
from flows.analysis.menu_order import MenuOrder, Option
from flows.display.numbers import count, share
from flows.display.tables import table
from flows.model.flow import Flow
from flows.source.counted import counted

__all__ = ["orders_dict", "orders_text"]

_WIDTH = 80


def orders_text(
    flow: Flow,
    orders: Sequence[MenuOrder],
    *,
    calls_per_year: float,
    least_s: float,
    leaves: float = SHARE_LEAVES,
    width: int = _WIDTH,
) -> str:
    """Every menu in its current and best order, and what to change.

    Parameters
    ----------
    flow : Flow
    orders : sequence of MenuOrder
    calls_per_year : float
    least_s : float
        Fewest seconds saved per caller in the menu that make a change worthwhile.
    leaves : float
        Share of served callers who hang up, 0..1, used to compute the orders.
    width : int
        Columns of the assumptions.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> flow = load_text("{ivr: 1, name: L, start: bye, nodes: {bye: {type: hangup}}}").flow
    >>> print(orders_text(flow, (), calls_per_year=1000, least_s=0.5))
    L has no menu.
    """
    if not orders:
        return f"{flow.name} has no menu."
    head = ("menu", "visits", "now", "best", "saves", "hours a year")
    rows = [
        (
            o.menu,
            _part(o.visits_per_call),
            _s(o.current_s),
            _s(o.best_s),
            _s(o.saves_s),
            count(round(o.caller_hours(calls_per_year))),
        )
        for o in orders
    ]
    total = sum(o.caller_hours(calls_per_year) for o in orders)
    saved_s = sum(o.saves_s_per_call for o in orders)
    worth = [o for o in orders if o.saves_s >= least_s]
    lines = [
        f"{flow.name}: expected seconds in each menu, {counted(count(calls_per_year), 'call')} a year",
        "",
        *table(rows, head=head, indent=""),
        "",
    ]
    lines.append(
        f"The best order of every menu saves {saved_s:.2f} s a call, {counted(round(total), 'caller-hour')} a year."
    )
    if not worth:
        lines.append(f"Nothing to change: no menu would save its callers {least_s:g} s.")
    for o in worth:
        lines += ["", *_change(o, calls_per_year)]
    return "\n".join([*lines, "", *_assumptions(flow, leaves, width)])


def _change(order: MenuOrder, calls_per_year: float) -> list[str]:
    what = "rewrite the prompt of" if order.written else "reorder the choices of"
    hours = counted(round(order.caller_hours(calls_per_year)), "hour")
    saved = f"saves {order.saves_s:.1f} s a caller, {hours} a year"
    lines = [
        f"{what[0].upper()}{what[1:]} {order.menu}: {saved}",
        f"  now:  {_spoken(order.current)}",
        f"  best: {_spoken(order.best)}",
    ]
    if not order.stated:
        lines.append(
            "  The file states no shares here, so this is the order by length alone; add 'share' to the choices."
        )
    return [*lines, "  The keys may stay as they are; that keeps them for callers who know them."]


def _assumptions(flow: Flow, leaves: float, width: int) -> list[str]:
    said = "; ".join((*assumed(flow, leaves=leaves), "callers press on hearing the option"))
    return textwrap.wrap(f"Assumed: {said}.", width)


def _spoken(options: Sequence[Option]) -> str:
    return ", ".join(f"{o.key} {o.label}{f' ({share(o.share)})' if o.share else ''}" for o in options)


def _part(visits: float) -> str:
    """Visits per call; not a share of calls, because a call may visit more than once."""
    return f"{visits:.2f} x"


def _s(seconds: float) -> str:
    return f"{seconds:.1f} s"


def orders_dict(
    flow: Flow,
    orders: Sequence[MenuOrder],
    *,
    calls_per_year: float,
    least_s: float,
    leaves: float = SHARE_LEAVES,
) -> dict[str, object]:
    """The table as JSON-ready data, in the stable schema of ``ivr optimise --json``."""
    return {
        "flow": flow.name,
        "calls_per_year": calls_per_year,
        "saves_s_per_call": round(sum(o.saves_s_per_call for o in orders), 3),
        "caller_hours_per_year": round(sum(o.caller_hours(calls_per_year) for o in orders), 1),
        "assumed": list(assumed(flow, leaves=leaves)),
        "menus": [
            {
                "menu": o.menu,
                "visits_per_call": round(o.visits_per_call, 4),
                "current_s": round(o.current_s, 3),
                "best_s": round(o.best_s, 3),
                "saves_s": round(o.saves_s, 3),
                "caller_hours_per_year": round(o.caller_hours(calls_per_year), 1),
                "current": [option.key for option in o.current],
                "best": [option.key for option in o.best],
                "shares_stated": o.stated,
                "prompt_written": o.written,
                "worth_changing": o.saves_s >= least_s,
            }
            for o in orders
        ],
    }
