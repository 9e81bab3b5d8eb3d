"""M101 long-menu: a menu that takes too long to hear."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu
from flows.source.counted import counted
from flows.source.finding import Severity

WARN = Option("warn_s", 30.0, "Seconds above which a warning is reported.")
"""Half as long again as the 20 s in practitioners' guides (Plum Voice)."""
TELL = Option("tell_s", 20.0, "Seconds above which an info is reported.")
"""Plum Voice, "IVR best practices": prompts of at most 20 s."""


def check(context: Context) -> Iterator[Problem]:
    """Check menus in the language in which they take longest."""
    tell_s, warn_s = context.option("M101", TELL), context.option("M101", WARN)
    for name, menu in context.nodes(Menu):
        tag, spoken = context.slowest_language(name)
        if spoken.total_s > min(tell_s, warn_s):
            severity: Severity = "warning" if spoken.total_s > warn_s else "info"
            limit = warn_s if severity == "warning" else tell_s
            message = (
                f"menu {name!r} takes {spoken.total_s:.1f} s to hear{context.in_language(tag)}, "
                f"{counted(len(spoken.options), 'option')}; more than {limit:g} s"
            )
            longest = max(spoken.options, key=lambda option: option.seconds, default=None)
            hint = "shorten the labels"
            if longest is not None and spoken.intro_s < longest.seconds:
                hint += f" (key {longest.key} alone takes {longest.seconds:.1f} s)"
            elif spoken.intro_s:
                hint = f"shorten what is said before the first option ({spoken.intro_s:.1f} s)"
            hint += ", or move rare options into a menu of their own"
            place = ("nodes", name, "prompt") if menu.prompt else ("nodes", name)
            yield Problem(place, message, hint, of_key=True, severity=severity)


RULE = Rule(
    code="M101",
    name="long-menu",
    severity="warning",
    check=check,
    summary="a menu that takes too long to hear",
    what="A menu takes more than 20 s (info) or 30 s (warning) to hear in any of its languages.",
    why=(
        "Callers forget the first options before they hear the last, press 0 or hang up. Time matters more than the "
        "number of options: experiments do not support a hard limit of five."
    ),
    example=(
        "choices:\n  - key: 1\n    label: questions about a recent bill, a payment, a refund or a change of your"
        " payment method\n    next: billing"
    ),
    better="choices:\n  - {key: 1, label: billing, next: billing}",
    options="Seconds are counted as in 'ivr show'.",
    settings=(TELL, WARN),
    source=(
        "Guide: Plum Voice (prompts of at most 20 s). Experiments on breadth: Huguenard et al. 1997, ACM TOCHI 4(2); "
        "Commarford et al. 2008, Human Factors 50(1)"
    ),
)
