"""M105 order-wastes-time: another order of the choices would save callers time."""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import Context
from flows.errors import Fix
from flows.nodes.menu import Type as Menu
from flows.order import MenuOrder, menu_order
from flows.rules._precedence import PRECEDENCE
from flows.rules.base import Option, Problem, Rule

SAVES = Option("saves_s", 1.0, "Told when a caller of the menu saves more than so many seconds on average.")
_CALLS = 1_000


def check(context: Context) -> Iterator[Problem]:
    """Menus whose choices state their shares, against the best order of them."""
    saves_s = context.option("M105", SAVES)
    for name, menu in context.nodes(Menu):
        if name not in context.graph.reachable or all(choice.share is None for choice in menu.choices):
            continue
        order = menu_order(name, context.flow)
        announced = {option.key for option in order.current}
        if order.saves_s <= saves_s or any(choice.label and choice.key not in announced for choice in menu.choices):
            continue
        per_call_s = order.saves_s * context.visits.get(name, 0.0)
        best = ", ".join(f"{option.label} ({option.share:.0%})" for option in order.best if option.share)
        message = (
            f"the order of the choices costs callers {order.saves_s:.1f} s in menu {name!r}: "
            f"{order.current_s:.1f} s on average, {order.best_s:.1f} s in the best order"
        )
        hint = f"best order: {best}; saves {per_call_s:.1f} s a call, {per_call_s * _CALLS / 60:.0f} minutes for {_CALLS:,} calls"
        if order.written:
            hint += "; the written prompt changes with it"
        if context.assumed:
            hint += f"; assumed: {', '.join(context.assumed)}"
        yield Problem(("nodes", name, "choices"), message, hint, of_key=True, fix=_reordered(name, menu, order))


def _reordered(name: str, menu: Menu, order: MenuOrder) -> Fix | None:
    """The choices in the best order; a written prompt would then announce another order than they have."""
    if order.written:
        return None
    place = {choice.key: index for index, choice in enumerate(menu.choices) if choice.label}
    best = iter([place[option.key] for option in order.best if option.key in place])
    return Fix(
        ("nodes", name, "choices"), None, kind="reorder",
        order=tuple(next(best) if choice.label else index for index, choice in enumerate(menu.choices)),
    )  # fmt: skip


RULE = Rule(
    code="M105", name="order-wastes-time", severity="info", check=check,
    summary="another order saves time",
    what="Choices whose shares are stated would, in the best order (seconds divided by share, smallest first), save the "
    "average caller of this menu more than a second. Pinned choices keep their place, and so does a last one that means the "
    "rest ('all other questions'). The keys go along with their choices.",
    why="Everybody who wants a later choice hears the earlier ones first.",
    example="choices:\n  - {key: 1, label: changes of your personal data, share: 0.1, next: data}\n"
    "  - {key: 2, label: bills, share: 0.9, next: bills}",
    better="choices:\n  - {key: 1, label: bills, share: 0.9, next: bills}\n"
    "  - {key: 2, label: changes of your personal data, share: 0.1, next: data}",
    options=f"'pinned: true' keeps a choice in place; 'ivr optimise' shows every menu. {PRECEDENCE}", settings=(SAVES,),
    source="Arithmetic: Smith 1956, Naval Research Logistics Quarterly 3, 59-66",
)  # fmt: skip
