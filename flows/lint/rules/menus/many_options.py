"""M102 many-options: very many choices in one menu."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.lint.rules.menus.long_menu import TELL as LONG
from flows.lint.rules.menus.long_menu import WARN as TOO_LONG
from flows.nodes.menu import Menu

TELL = Option("tell_from", 6, "Choices from which an info is reported.")
"""One more than AT&T's and Plum Voice's five."""
WARN = Option("warn_from", 9, "Choices from which a warning is reported.")
"""More than the keys 1 to 8, with 0, 9, star and pound kept for their usual meanings."""


def check(context: Context) -> Iterator[Problem]:
    """Count the announced choices of each menu; menus that take too long to hear are left to M101."""
    tell_from, warn_from = context.option("M102", TELL), context.option("M102", WARN)
    long_s = min(context.option("M101", LONG), context.option("M101", TOO_LONG))
    for name, menu in context.nodes(Menu):
        if len(menu.choices) < min(tell_from, warn_from):
            continue
        seconds, own = context.slowest_language(name)[1].total_s, {choice.key for choice in menu.choices}
        number = max(
            len(own & {option.key for option in context.spoken(name, tag).options}) for tag in context.flow.languages
        )
        if number >= min(tell_from, warn_from) and seconds <= long_s:
            warn = number >= warn_from
            message = (
                f"menu {name!r} announces {number} choices, which take {seconds:.1f} s to hear; guides advise at most 5"
            )
            hint = (
                "put what few callers want into a menu of its own"
                if warn
                else "fine if all are short and equally wanted; otherwise group them"
            )
            yield Problem(
                ("nodes", name, "choices"), message, hint, of_key=True, severity="warning" if warn else "info"
            )


RULE = Rule(
    code="M102",
    name="many-options",
    severity="warning",
    check=check,
    summary="very many choices in one menu",
    what=(
        "A menu announces six choices or more (info), or nine or more (warning). Keys that work everywhere and "
        "unannounced choices do not count. A menu that takes too long to hear is reported by M101 only."
    ),
    why=(
        "Guides recommend four or five choices. Experiments disagree: broad menus are as fast as deep ones or faster, "
        "with fewer wrong turns. Treat this as a hint, and fix M101 and M103 first."
    ),
    example="choices:  # nine of them\n  - {key: 1, label: billing, next: billing}",
    better="choices:  # four, and one that leads to the rest\n  - {key: 1, label: billing, next: billing}",
    settings=(TELL, WARN),
    source=(
        "Guides: ISO/IEC 13714 as summarised by vendors (4), AT&T (5), Plum Voice (5). Against a hard limit: "
        "Huguenard et al. 1997, ACM TOCHI 4(2); Virzi & Huitema 1997, HFES; Commarford et al. 2008, Human Factors 50(1)"
    ),
)
