"""M116 prompt-key-mismatch: what is announced and what is bound differ."""

from __future__ import annotations

from collections.abc import Iterator

from flows.announced import announcements
from flows.context import Context
from flows.languages import language as language_of
from flows.nodes.menu import Type as Menu
from flows.rules.base import Problem, Rule


def check(context: Context) -> Iterator[Problem]:
    """Written prompts and reprompts against the keys of their menu, in every language."""
    for name, menu in context.nodes(Menu):
        bound = {choice.key for choice in menu.choices} | set(context.flow.keys)
        if any(len(key) > 1 for key in bound) and not any("#" in key for key in bound):
            bound.add("#")  # it ends a choice of several keys
        if menu.prompt is None and not any(choice.label for choice in menu.choices):
            message = f"menu {name!r} announces none of its keys: no choice has a label, and there is no prompt"
            yield Problem(("nodes", name), message, "add labels to the choices", of_key=True, severity="warning")
            continue
        silent: dict[int, list[str]] = {}
        for tag in context.flow.languages:
            if menu.prompt is not None:
                yield from _written(context, name, menu, tag, bound)
                for index in _unannounced(context, menu, tag):
                    silent.setdefault(index, []).append(tag)
            yield from _asked_again(context, name, menu, tag, bound)
        yield from _not_announced(context, name, menu, silent)


def _written(context: Context, name: str, menu: Menu, tag: str, bound: set[str]) -> Iterator[Problem]:
    assert menu.prompt is not None
    said = announcements(_text(context, menu, tag), tag)
    path = ("nodes", name, "prompt", *_in_text(context, ("nodes", name, "prompt"), tag))
    spoken = language_of(tag)
    for one in said:
        if one.key not in bound:
            what = f" for {one.words!r}" if one.words else ""
            message = f"the prompt{context.in_language(tag)} announces key {spoken.key_name(one.key)}{what}, and no choice has that key"
            meant = _choice_called(context, menu, one.words, tag)
            hint = f"{one.words!r} is on key {meant}: say that key" if meant else (
                f"add a choice with key {one.key}, or change the prompt; bound are {_keys(menu)}")  # fmt: skip
            yield Problem(path, message, hint)


def _text(context: Context, menu: Menu, tag: str) -> str:
    """The written prompt; nothing where there is only a recording, or a missing translation (P001)."""
    assert menu.prompt is not None
    missing = tag in menu.prompt.missing(context.flow.languages)
    return "" if missing else menu.prompt.words(tag, context.flow.languages[0])


def _unannounced(context: Context, menu: Menu, tag: str) -> list[int]:
    """Choices that the written prompt leaves out; a choice on a key that works everywhere is M001's."""
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


def _asked_again(context: Context, name: str, menu: Menu, tag: str, bound: set[str]) -> Iterator[Problem]:
    for path, prompt in menu.retry_prompts():
        for one in announcements(prompt.words(tag, context.flow.languages[0]), tag):
            if one.key not in bound and tag not in prompt.missing(context.flow.languages):
                where = ("nodes", name, *path)
                message = f"the reprompt{context.in_language(tag)} announces key {language_of(tag).key_name(one.key)}, and no choice has that key"
                yield Problem((*where, *_in_text(context, where, tag)), message, f"bound are {_keys(menu)}")


def _choice_called(context: Context, menu: Menu, words: str, tag: str) -> str:
    """The key of the choice with this label; empty when there is none."""
    first = context.flow.languages[0]
    labels = {c.label.words(tag, first).lower(): c.key for c in menu.choices if c.label}
    return labels.get(words.lower(), "")


def _keys(menu: Menu) -> str:
    return ", ".join(choice.key for choice in menu.choices)


def _in_text(context: Context, path: tuple[str | int, ...], tag: str) -> tuple[str, ...]:
    """The rest of the path to the text of a language, as far as the file has one."""
    for rest in ((tag,), ("text", tag), ("say", tag), ("text",), ("say",)):
        if (*path, *rest) in context.document.marks:
            return rest
    return ()


RULE = Rule(
    code="M116", name="prompt-key-mismatch", severity="error", check=check,
    summary="announced and bound keys differ",
    what="A written prompt (or reprompt) announces a key that is not bound (error), or leaves out one that is (warning), "
    "in any language. Keys that work everywhere count as bound. A menu that announces nothing at all is found too.",
    why="Callers press what they hear. One translation that was not changed with the menu sends all its callers wrong.",
    example='main:\n  type: menu\n  prompt: "For billing, press 1. For sales, press 3."\n'
    "  choices:\n    - {key: 1, label: billing, next: billing}\n    - {key: 2, label: sales, next: sales}",
    better="main:\n  type: menu\n  choices:  # without a prompt the words are made from the labels\n"
    "    - {key: 1, label: billing, next: billing}\n    - {key: 2, label: sales, next: sales}",
    source="Arithmetic: words and keys compared, per language",
)  # fmt: skip
