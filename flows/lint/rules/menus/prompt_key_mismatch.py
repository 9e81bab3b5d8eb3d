"""M116 prompt-key-mismatch: announced and bound keys differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.lint.rules.menus._heard import Part, parts, refused
from flows.nodes.base import Node
from flows.nodes.language import Language
from flows.nodes.menu import Menu
from flows.nodes.queue import Queue
from flows.nodes.voicemail import Voicemail
from flows.protocol.actions import Listen
from flows.source.document import Path
from flows.speech.announcements import Announcement, announcements, any_other_key, then_pound
from flows.speech.languages import language as language_of

_SAYS = {"no_input": "reprompt", "no_match": "reprompt", "questions": "question", "announce": "announcement"}
"""Names of a node's spoken parts other than the prompt."""


def check(context: Context) -> Iterator[Problem]:
    """Find announced keys that a node does not accept, in every language, and unannounced keys of a menu."""
    for name, node in context.flow.nodes.items():
        if isinstance(node, Menu) and node.prompt is None and not any(choice.label for choice in node.choices):
            message = f"menu {name!r} announces none of its keys: no choice has a label, and there is no prompt"
            yield Problem(("nodes", name), message, "add labels to the choices", of_key=True, severity="warning")
            continue
        silent: dict[int, list[str]] = {}
        for tag in context.flow.languages:
            yield from _announced(context, name, node, tag)
            for index in _unannounced(context, node, tag) if isinstance(node, Menu) and node.prompt is not None else ():
                silent.setdefault(index, []).append(tag)
        if isinstance(node, Menu):
            yield from _not_announced(context, name, node, silent)


def _announced(context: Context, name: str, node: Node, tag: str) -> Iterator[Problem]:
    """Find keys that a node announces but does not accept as announced."""
    texts = (prompt.words(tag, context.flow.languages[0]) for path, prompt in node.prompts() if path[-1] != "label")
    if not any(announcements(text, tag) or any_other_key(text, tag) for text in texts):
        return  # most nodes: skip working out what they wait for
    for part in parts(context, name, node, tag):
        path = context.text_path(("nodes", name, *part.path), tag)
        where = f"the {_SAYS.get(str(part.path[0]), 'prompt')}{context.in_language(tag)}"
        added = -1
        for one in announcements(part.text, tag):
            if not (one.key == "#" and one.verb < added):  # "press 1, then press pound" is left to M125
                at = context.place_of_words(path, part.text[one.verb : one.end])
                yield from (replace(problem, at=at) for problem in _judged(context, node, tag, part, one, path, where))
            more = then_pound(part.text, tag, one.end)
            added = more[1] if more else -1
        other = any_other_key(part.text, tag)
        if other and _refuses_others(node, part):
            message = f"{where} announces 'any other key', but {name!r} accepts only the keys it offers"
            hint = "write 'attempts: 1': another key then leads to 'otherwise' at once; or name the key"
            yield Problem(path, message, hint, at=context.place_of_words(path, part.text[slice(*other)]))


def _judged(
    context: Context, node: Node, tag: str, part: Part, one: Announcement, path: Path, where: str
) -> Iterator[Problem]:
    why = refused(node, part, one)
    key = language_of(tag).key_name(one.key)
    if not why:
        return
    if isinstance(node, Menu) and why == "unbound":
        what = f" for {one.words!r}" if one.words and part.path == ("prompt",) else ""
        meant = _choice_called(context, node, one.words, tag)
        hint = (
            f"{one.words!r} is on key {meant}: say that key"
            if meant
            else (
                "one choice is digits, or star or pound alone: announce one of those"
                if len(one.key) > 1 and not one.key.isdigit()
                else (
                    f"add a choice with key {_written(one.key)}, or change the prompt; bound keys: {_keys(node)}"
                    if part.path == ("prompt",)
                    else f"bound keys: {_keys(node)}"
                )
            )
        )
        yield Problem(path, f"{where} announces key {key}{what}, but no choice has that key", hint)
    elif why == "silence":
        message = f"{where} announces key {key}, which ends an entry: pressed alone, it counts as silence"
        yield Problem(
            path, message, f"bind it: 'keys: {{{_written(one.key)}: NODE}}' at the flow; or announce another key"
        )
    elif why == "shadowed":
        message = f"{where} announces key {key} with its usual label, but here it leads elsewhere"
        yield Problem(path, message, "give one of the two another key: a key should mean the same throughout the line")
    elif why == "value":
        message = f"{where} announces key {key}, which is taken as part of the number"
        yield Problem(
            path,
            message,
            "announce star, and bind it: 'keys: {star: NODE}' at the flow; or require more digits",
        )
    else:
        yield Problem(
            path, f"{where} announces key {key}, but nothing here accepts it", _bound_by(context, node, one.key)
        )


def _bound_by(context: Context, node: Node, key: str) -> str:
    """What would accept a key in a node other than a menu."""
    if isinstance(node, Queue):
        return f"add 'while_waiting: {{{_written(key)}: NODE}}', or change the words"
    if isinstance(node, Voicemail):
        return (
            f"nothing but the finishing key, {_written(node.finish)}, is heard while a message is recorded: change the"
            " words"
        )
    target = (
        next((name for name in context.flow.nodes if name in context.person_nodes), "NODE") if key == "0" else "NODE"
    )
    return f"bind it: 'keys: {{{_written(key)}: {target}}}' at the flow, or change the words"


def _written(key: str) -> str:
    return {"*": "star", "#": "pound"}.get(key, key)


def _refuses_others(node: Node, part: Part) -> bool:
    """Whether a key that is not offered causes a reprompt instead of being accepted."""
    listens = [wait for _, wait in part.waits if isinstance(wait, Listen)]
    return (
        isinstance(node, Menu | Language)
        and node.attempts > 1
        and any(not set("0123456789") <= set(wait.keys) for wait in listens)
    )


def _text(context: Context, menu: Menu, tag: str) -> str:
    """The written prompt; empty if there is only a recording, or no translation (P001)."""
    assert menu.prompt is not None
    missing = tag in menu.prompt.missing(context.flow.languages)
    return "" if missing else menu.prompt.words(tag, context.flow.languages[0])


def _unannounced(context: Context, menu: Menu, tag: str) -> list[int]:
    """Choices that the written prompt omits; a choice on a key that works everywhere is left to M001."""
    text = _text(context, menu, tag)
    announced = {one.key for one in announcements(text, tag)} | set(context.flow.keys)
    return [i for i, choice in enumerate(menu.choices) if choice.key not in announced] if text else []


def _not_announced(context: Context, name: str, menu: Menu, silent: dict[int, list[str]]) -> Iterator[Problem]:
    for index, tags in silent.items():
        choice = menu.choices[index]
        label = context.label(choice.label)
        what = f" ({label})" if label else ""
        where = context.in_language(tags[0]) if len(tags) < len(context.flow.languages) else ""
        message = f"key {choice.key}{what} is not announced in the prompt{where}"
        hint = "announce it, or leave the prompt out: it is then composed from the labels"
        yield Problem(("nodes", name, "choices", index, "key"), message, hint, severity="warning")


def _choice_called(context: Context, menu: Menu, words: str, tag: str) -> str:
    """The key of the choice with this label; empty if there is none."""
    first = context.flow.languages[0]
    labels = {c.label.words(tag, first).lower(): c.key for c in menu.choices if c.label}
    return labels.get(words.lower(), "")


def _keys(menu: Menu) -> str:
    return ", ".join(choice.key for choice in menu.choices)


RULE = Rule(
    code="M116",
    name="prompt-key-mismatch",
    severity="error",
    check=check,
    summary="announced and bound keys differ",
    what=(
        "In any language, the words of a node announce a key that it does not accept (error): a key that is not "
        "bound, that ends the entry or is taken as part of it, or 'any other key' where other keys are rejected. Also "
        "a written menu prompt that leaves out a bound key, or announces none at all (warning). Keys that work "
        "everywhere count as bound where they work."
    ),
    why=(
        "Callers press what they hear. A translation that was not updated with the menu misroutes everyone who hears "
        "it."
    ),
    example=(
        'main:\n  type: menu\n  prompt: "For billing, press 1. For sales, press 3."\n'
        "  choices:\n    - {key: 1, label: billing, next: billing}\n    - {key: 2, label: sales, next: sales}"
    ),
    better=(
        "main:\n  type: menu\n  choices:  # without a prompt the words are made from the labels\n"
        "    - {key: 1, label: billing, next: billing}\n    - {key: 2, label: sales, next: sales}"
    ),
    source="Arithmetic: words and keys compared, per language",
)
