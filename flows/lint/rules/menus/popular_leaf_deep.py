"""M106 popular-leaf-deep: a popular goal buried deep."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from flows.analysis.expected_visits import choice_shares
from flows.analysis.quickest_paths import QuickestPath
from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu
from flows.source.counted import counted

POPULAR = Option("popular_share", 0.2, "Share of callers (0 to 1) from which a goal is popular.")
MOST_LEVELS = Option("most_levels", 2, "Menus on the path that are not too deep.")


def check(context: Context) -> Iterator[Problem]:
    """Check nodes where callers are served, by the shares of the choices on the quickest path."""
    popular_share = context.option("M106", POPULAR)
    most_levels = context.option("M106", MOST_LEVELS)
    shares = {
        name: choice_shares(menu)
        for name, menu in context.nodes(Menu)
        if any(choice.share is not None for choice in menu.choices)
    }
    if not shares:
        return
    found = context.quickest_paths(context.flow.languages[0])
    for name in found:
        if name not in context.goal_nodes or found[name].levels <= most_levels:
            continue
        menus = _menus(context, found, name)
        share = prod(shares.get(menu, {}).get(key, 0.0) for menu, key in menus)
        if share >= popular_share:
            message = (
                f"{share:.0%} of callers want {name!r}, and it is behind {counted(len(menus), 'menu')}"
                f" ({' -> '.join(menu for menu, _ in menus)})"
            )
            hint = "offer it in the first menu; 'ivr show' has the seconds of every menu"
            yield Problem(("nodes", name), message, hint, of_key=True)


def _menus(context: Context, found: dict[str, QuickestPath], name: str) -> list[tuple[str, str]]:
    """The menus on the path, with the keys pressed in them."""
    menus: list[tuple[str, str]] = []
    seen = set()
    while name not in seen and found[name].source:
        seen.add(name)
        if context.flow.nodes[found[name].source].keeps_place:
            menus.append((found[name].source, found[name].outcome))
        name = found[name].source
    return menus[::-1]


RULE = Rule(
    code="M106",
    name="popular-leaf-deep",
    severity="warning",
    check=check,
    summary="a popular goal buried deep",
    what=(
        "By the stated shares, a fifth of all callers or more want a person, a message box or an answer that is "
        "behind more than two menus."
    ),
    why="Each menu on the path costs these callers about ten seconds, and some of them take a wrong turn.",
    example="main -> accounts (share: 0.8) -> balances (share: 0.7) -> checking (share: 0.6)",
    better="main -> checking (share: 0.34)",
    options="Without stated shares nothing is reported.",
    settings=(POPULAR, MOST_LEVELS),
    source=(
        "Guides: AT&T (most wanted first). Experiments count against deep menus: Huguenard et al. 1997, ACM TOCHI 4(2);"
        " Commarford et al. 2008, Human Factors 50(1). Arithmetic: shares multiplied"
    ),
)
