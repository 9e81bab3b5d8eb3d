"""M103 deep-menu: too many menus to get there."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.questions import questions
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu

WARN = Option("warn_above", 3, "Levels above which a warning is reported.")
"""AT&T and Ireland's public-service guide: at most three."""
ERROR = Option("error_above", 5, "Levels above which an error is reported.")
"""No guide or experiment shows callers succeeding beyond it."""


def check(context: Context) -> Iterator[Problem]:
    """Count the menus on the shortest path to each menu; report the first one on each path that is too deep."""
    asked = questions(context)
    levels = context.graph.levels_without(asked)
    warn_above, error_above = context.option("M103", WARN), context.option("M103", ERROR)
    for name, _ in context.nodes(Menu):
        level = levels.get(name, 0) if name not in asked else 0
        error = level > error_above
        limit = error_above if error else warn_above
        if not limit < level <= limit + 1:
            continue  # not too deep, or reported for the menu above it
        message = (
            f"menu {name!r} is on level {level} (keys: {context.keys_pressed(context.graph.path_to(name))}); "
            f"at most {limit:g} are recommended"
        )
        hint = "offer it higher up, or merge small menus: a broad menu costs callers less than a deep one"
        yield Problem(("nodes", name), message, hint, of_key=True, severity="error" if error else "warning")


RULE = Rule(
    code="M103",
    name="deep-menu",
    severity="warning",
    check=check,
    summary="too many menus to get there",
    what=(
        "A menu is more than three levels deep (warning) or more than five (error), itself included, on the shortest "
        "path. Menus below it are not reported until the next limit. A question with two answers (yes or no, correct "
        "or enter again) does not count as a level."
    ),
    why=(
        "Every level is another prompt, another chance to take a wrong turn and another moment to hang up. "
        "Experiments consistently favour broad menus over deep ones."
    ),
    example="main -> account -> cards -> lost_card (level 4)",
    better="main -> cards -> lost_card (level 3)",
    settings=(WARN, ERROR),
    source=(
        "Guides: AT&T (3 levels), Ireland's public-service guide (3 levels). Experiments: Huguenard et al. 1997, "
        "ACM TOCHI 4(2); Commarford et al. 2008, Human Factors 50(1)"
    ),
)
