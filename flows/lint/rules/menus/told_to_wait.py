"""M127 told-to-wait: callers who stay on the line as they are told are asked again."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import NO_INPUT
from flows.nodes.menu import Menu
from flows.speech.announcements import stays


def check(context: Context) -> Iterator[Problem]:
    """Find menus whose intro or prompt tells callers to stay on the line, and which then ask them again."""
    menus, told = dict(context.nodes(Menu)), set()
    for text in context.texts:
        menu = menus.get(text.node)
        if menu is None or text.prompt[2] not in ("intro", "prompt") or text.node in told:
            continue
        if menu.most(NO_INPUT) > 1 and stays(text.words, text.language):
            told.add(text.node)
            again = menu.most(NO_INPUT) - 1
            times = "once more" if again == 1 else f"{again} times more"
            target = menu.no_input.then or menu.otherwise or "NODE"
            yield Problem(
                text.path,
                f"menu {text.node!r} tells callers to stay on the line, and those who do hear it {times}",
                f"write 'no_input: {{attempts: 1, next: {target}}}': silence is then an answer",
            )


RULE = Rule(
    code="M127",
    name="told-to-wait",
    severity="warning",
    check=check,
    summary="told to wait, then asked again",
    what=(
        "The words of a menu tell callers to stay on the line, but silence counts as a failed attempt and the menu is "
        "said again."
    ),
    why="Callers did what they were told, and hear that nothing was heard. Most press a key at random then.",
    example=(
        "main:\n  type: menu\n  prompt: For billing, press 1. For all else, please stay on the line.\n"
        "  choices: [{key: 1, next: billing}]\n  otherwise: operator"
    ),
    better=(
        "main:\n  type: menu\n  prompt: For billing, press 1. For all else, please stay on the line.\n"
        "  choices: [{key: 1, next: billing}]\n  no_input: {attempts: 1, next: operator}\n  otherwise: operator"
    ),
    source="Experience: public phone trees that end in 'or stay on the line' connect callers after one silence",
)
