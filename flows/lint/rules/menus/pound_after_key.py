"""M125 pound-after-key: a pound that comes too late."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base import Here
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue
from flows.nodes.collect import Collect
from flows.nodes.menu import Menu
from flows.protocol.actions import Keys, Listen
from flows.source.finding import Fix
from flows.speech.announcements import announcements, ends_entry, then_pound
from flows.speech.languages import language as language_of


def check(context: Context) -> Iterator[Problem]:
    """Check menus whose keys act at once, and fixed-length numbers, if the next node reacts to pound."""
    for name, menu in context.nodes(Menu):
        for tag in context.flow.languages:
            yield from _after_key(context, name, menu, tag)
    for name, collect in context.nodes(Collect):
        yield from _after_number(context, name, collect)


def _after_key(context: Context, name: str, menu: Menu, tag: str) -> Iterator[Problem]:
    if menu.prompt is None or tag in menu.prompt.missing(context.flow.languages):
        return
    text = menu.prompt.words(tag, context.flow.languages[0])
    spans = [span for one in announcements(text, tag) if one.key != "#" and (span := then_pound(text, tag, one.end))]
    if not spans or not _at_once(context, name, menu, tag):
        return
    path = context.text_path(("nodes", name, "prompt"), tag)
    fixed = text
    for start, end in reversed(spans):
        fixed = fixed[:start] + fixed[end:]
    fix = Fix(path, fixed, safe=False) if context.text_at(path) == text else None
    said = text[slice(*spans[0])].strip(" ,")
    message = (
        f"the prompt{context.in_language(tag)} says {said!r}, but one key acts at once: the pound goes to the next node"
    )
    yield Problem(path, message, "leave it out", fix=fix, at=context.place_of_words(path, said))


def _at_once(context: Context, name: str, menu: Menu, tag: str) -> bool:
    listen = menu.enter(Here(context.flow, name, tag, values=None))[-1]
    return isinstance(listen, Listen) and listen.max_digits == 1


def _after_number(context: Context, name: str, collect: Collect) -> Iterator[Problem]:
    """Check fixed-length numbers: they are complete with the last digit, before any announced finishing key."""
    if collect.digits[0] != collect.digits[1] or collect.confirm or collect.then not in context.flow.nodes:
        return
    for tag in context.flow.languages:
        text = collect.say.words(tag, context.flow.languages[0])
        ends = next(
            (one for one in announcements(text, tag) if one.key == collect.finish and ends_entry(text, one, tag)), None
        )
        taker = (
            next(
                (
                    other
                    for other in context.before_next_input(collect.then)
                    if _takes(context, other, collect.finish, tag)
                ),
                "",
            )
            if ends
            else ""
        )
        if ends and taker:
            path = context.text_path(("nodes", name, "say"), tag)
            message = (
                f"the number is complete with its last digit, and the {language_of(tag).key_name(ends.key)} that"
                f" callers are told to press after it{context.in_language(tag)} goes to {taker!r}, where it does"
                " something"
            )
            hint = "do not ask for it: a number of a fixed length needs no end key"
            yield Problem(
                path, message, hint, severity="warning", at=context.place_of_words(path, text[ends.verb : ends.end])
            )
            return


def _takes(context: Context, name: str, key: str, tag: str) -> bool:
    node = context.flow.nodes[name]
    here = Here(context.flow, name, tag, values=None)
    last = node.enter(here)[-1:] if isinstance(node, Dialogue) else ()
    if not last or not isinstance(last[0], Listen) or last[0].finish_key == key:
        return False
    reading = node.classify(here, Keys(key))
    return reading is not None and reading.outcome not in (NO_INPUT, NO_MATCH)


RULE = Rule(
    code="M125",
    name="pound-after-key",
    severity="warning",
    check=check,
    summary="a pound that comes too late",
    what=(
        "A written prompt tells callers to press pound after a key that acts at once, or after a number that is "
        "complete with its last digit, and the pound does something in the next node."
    ),
    why=(
        "The next node receives the pound: it counts as silence or a wrong key, cuts the prompt short, or takes "
        "callers where they did not want to go."
    ),
    example='prompt: "For claims, press 1, followed by the pound sign."',
    better='prompt: "For claims, press 1."',
    options="Where keys of several digits are offered, pound ends them and is accepted.",
    source="Arithmetic: what the line waits for after each key",
)
