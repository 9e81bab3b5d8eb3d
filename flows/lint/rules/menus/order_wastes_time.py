"""M105 order-wastes-time: another order saves time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.analysis.menu_order import MenuOrder, menu_order
from flows.analysis.menu_order import Option as Spoken
from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.lint.rules.menus._precedence import PRECEDENCE
from flows.nodes.menu import Menu
from flows.source.counted import counted
from flows.source.finding import Fix

SAVES = Option("saves_s", 1.0, "Reported if a caller of the menu saves more seconds than this on average.")
_CALLS = 1_000


def check(context: Context) -> Iterator[Problem]:
    """Compare menus with stated shares with their best order."""
    saves_s = context.option("M105", SAVES)
    for name, menu in context.nodes(Menu):
        if name not in context.graph.reachable or all(choice.share is None for choice in menu.choices):
            continue
        order = menu_order(name, context.flow)
        announced = {option.key for option in order.current}
        if order.saves_s <= saves_s or any(choice.label and choice.key not in announced for choice in menu.choices):
            continue
        wanted, wanted_s, which = order.best, order.best_s, "best"
        by_key, by_key_s = order.by_key()
        if by_key != order.best and order.current_s - by_key_s > saves_s >= by_key_s - order.best_s:
            wanted, wanted_s, which = (
                by_key,
                by_key_s,
                "better",
            )  # the best order's extra saving is not worth keys out of order
        per_call_s = (order.current_s - wanted_s) * context.visits.get(name, 0.0)
        best = ", ".join(f"{option.label} ({option.share:.0%})" for option in wanted if option.share)
        message = (
            f"the order of the choices costs callers {order.current_s - wanted_s:.1f} s in menu {name!r}:"
            f" {order.current_s:.1f} s on average, {wanted_s:.1f} s in {'the best' if which == 'best' else 'a better'}"
            " order"
        )
        hint = (
            f"{which} order: {best}; saves {per_call_s:.1f} s a call,"
            f" {counted(round(per_call_s * _CALLS / 60), 'minute')} for {_CALLS:,} calls"
        )
        if order.written:
            hint += "; the written prompt changes with it"
        if context.assumed:
            hint += f"; assumed: {', '.join(context.assumed)}"
        yield Problem(("nodes", name, "choices"), message, hint, of_key=True, fix=_reordered(name, menu, order, wanted))


def _reordered(name: str, menu: Menu, order: MenuOrder, wanted: Sequence[Spoken]) -> Fix | None:
    """A fix that reorders the choices; None for a written prompt, which would still announce the old order."""
    if order.written:
        return None
    place = {choice.key: index for index, choice in enumerate(menu.choices) if choice.label}
    best = iter([place[option.key] for option in wanted if option.key in place])
    return Fix(
        ("nodes", name, "choices"),
        None,
        kind="reorder",
        order=tuple(next(best) if choice.label else index for index, choice in enumerate(menu.choices)),
    )


RULE = Rule(
    code="M105",
    name="order-wastes-time",
    severity="info",
    check=check,
    summary="another order saves time",
    what=(
        "Sorting choices with stated shares by seconds divided by share, smallest first, would save the average "
        "caller of this menu more than a second. Pinned choices stay where they are, and a choice that means the rest "
        "('all other questions') comes last. Each choice keeps its key."
    ),
    why="Everyone who wants a later choice has to hear the earlier ones first.",
    example=(
        "choices:\n  - {key: 1, label: changes of your personal data, share: 0.1, next: data}\n"
        "  - {key: 2, label: bills, share: 0.9, next: bills}"
    ),
    better=(
        "choices:\n  - {key: 1, label: bills, share: 0.9, next: bills}\n"
        "  - {key: 2, label: changes of your personal data, share: 0.1, next: data}"
    ),
    options=f"'pinned: true' keeps a choice in place; 'ivr optimise' shows every menu. {PRECEDENCE}",
    settings=(SAVES,),
    source="Arithmetic: Smith 1956, Naval Research Logistics Quarterly 3, 59-66",
)
