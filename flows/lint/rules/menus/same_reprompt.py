"""M113 same-reprompt: asks again in the same words."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context, Text
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue
from flows.nodes.menu import Menu

ROUNDS = Option("repetitions", 2, "Repetitions of a menu for which one reprompt is too few.")
_ASKED = ("say", "prompt")


def check(context: Context) -> Iterator[Problem]:
    """Find written reprompts that repeat each other or the prompt that follows; built-in phrases are not checked."""
    repetitions = context.option("M113", ROUNDS)
    by_node: dict[str, list[Text]] = {}
    for text in context.texts:
        if text.prompt[2] in (NO_INPUT, NO_MATCH, *_ASKED):
            by_node.setdefault(text.node, []).append(text)
    for name, node in context.flow.nodes.items():
        if not isinstance(node, Dialogue) or not (node.no_input.say or node.no_match.say):
            continue
        told: set[object] = set()
        said: dict[tuple[str, str, str], Text] = {}
        for text in by_node.get(name, ()):
            kind, words = str(text.prompt[2]), _plain(text.words)
            before = said.setdefault((kind, text.language, words), text)
            asked = next((said[a, text.language, words] for a in _ASKED if (a, text.language, words) in said), None)
            if text.prompt in told or kind in _ASKED:
                continue
            if before is not text:
                told.add(text.prompt)
                message = f"the second reprompt of {name!r} repeats the first{context.in_language(text.language)}"
                yield Problem(text.path, message, "say it in other words: what to do, and what happens next")
            elif asked is not None:
                told.add(text.prompt)
                message = (
                    f"the reprompt of {name!r} repeats the prompt{context.in_language(text.language)} that follows"
                    " it: callers hear it twice"
                )
                yield Problem(text.path, message, "say what went wrong, and leave the rest to the prompt")
        yield from _only_one(name, node, repetitions)


def _only_one(name: str, node: Dialogue, repetitions: float) -> Iterator[Problem]:
    """Find menus with one reprompt for two repetitions. A collect node may repeat what a number looks like."""
    for kind in (NO_INPUT, NO_MATCH) if isinstance(node, Menu) else ():
        if len(node.on_failure(kind).say) == 1 and node.most(kind) - 1 >= repetitions:
            when = "silent" if kind == NO_INPUT else "wrong"
            message = f"callers who are {when} twice in menu {name!r} hear the same words twice"
            yield Problem(("nodes", name, kind), message, "write a second reprompt that says more", of_key=True)


def _plain(words: str) -> str:
    return " ".join(words.lower().split()).strip(".!? ")


RULE = Rule(
    code="M113",
    name="same-reprompt",
    severity="info",
    check=check,
    summary="asks again in the same words",
    what=(
        "Two reprompts of a node have the same words, a reprompt repeats the prompt that follows it anyway, or a menu "
        "has one written reprompt for two repetitions. Nodes without written reprompts use the built-in phrases and "
        "are not checked."
    ),
    why="Callers who did not answer did not understand, or could not. The same words will not change that.",
    example="no_input:\n  - Please choose one of these.\n  - Please choose one of these.",
    better="no_input:\n  - Please choose one of these.\n  - Please press a key now, or wait for a person.",
    settings=(ROUNDS,),
    source="Guides: escalating reprompts in Cohen, Giangola & Balogh 2004, Voice User Interface Design",
)
