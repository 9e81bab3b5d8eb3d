"""Which labels are on which keys, and sequential keys for a menu, following the precedence of the rules on keys.

M114 comes first (one label, one key), then M105 (the order that saves time; choices keep their keys), then M115 (keys
1, 2, 3 in spoken order). So M115 reports nothing if M105 asks for the spoken order or if a label has the same key in
another menu, and the advice of M114 renumbers other keys rather than leave a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flows.analysis.menu_order import menu_order
from flows.lint.context import Context
from flows.lint.rules.menus.order_wastes_time import SAVES
from flows.nodes.base_choice import OTHER
from flows.nodes.menu import Menu
from flows.source.document import Path
from flows.speech.languages import language as language_of
from flows.values.scalars import TARGET_WORDS

__all__ = ["LAST_KEY", "Use", "Uses", "counted_on", "uses"]

LAST_KEY = "9"
"""May be out of sequence: guides reserve it for repeating or leaving the menu."""

_NOTHING_S = 0.05
"""A negligible difference in seconds."""


@dataclass(frozen=True)
class Use:
    """A key and its label; `menu` and `index` identify the choice; an empty menu means a key that works everywhere."""

    label: str
    key: str
    menu: str
    index: int
    path: Path


class Uses:
    """Which labels callers hear for which keys, in the whole flow.

    Parameters
    ----------
    known : iterable of Use
        In file order.
    """

    def __init__(self, known: Iterable[Use]) -> None:
        self.by_label: dict[str, list[Use]] = {}
        self._label: dict[tuple[str, int], str] = {}
        self._menus: dict[tuple[str, str], set[str]] = {}
        for use in known:
            self.by_label.setdefault(use.label, []).append(use)
            self._label[use.menu, use.index] = use.label
            self._menus.setdefault((use.label, use.key), set()).add(use.menu)

    def elsewhere(self, menu: str, index: int, key: str) -> bool:
        """Whether the label of a choice is on `key` in another menu."""
        label = self._label.get((menu, index), "")
        return bool(self._menus.get((label, key), set()) - {menu})

    def only_here(self, menu: str, index: int) -> bool:
        """Whether no other menu has the label of a choice."""
        return all(use.menu == menu for use in self.by_label.get(self._label.get((menu, index), ""), ()))


def uses(context: Context) -> Uses:
    """The labels of a flow, except those that stand for all other options and so differ from menu to menu."""
    return context.once(_uses)


def _uses(context: Context) -> Uses:
    found = [
        Use(_plain(context.label(bound.label)), key, "", 0, context.key_path(("keys",), key))
        for key, bound in context.flow.keys.items()
    ]
    first = context.flow.languages[0]
    for name, menu in context.nodes(Menu):
        if name not in context.graph.reachable:
            continue
        spoken = context.spoken(name, first)
        said = {} if spoken.composed else {option.key: _plain(option.text) for option in spoken.options}
        for index, choice in enumerate(menu.choices):
            label = _plain(context.label(choice.label))
            if spoken.composed or label in said.get(choice.key, ""):
                found.append(Use(label, choice.key, name, index, ("nodes", name, "choices", index, "key")))
    means_the_rest = language_of(first).means_the_rest
    return Uses(use for use in found if use.label and not means_the_rest(use.label))


def _plain(label: str) -> str:
    return " ".join(label.lower().split()).strip(".,")


def counted_on(context: Context, name: str, known: Uses, keys: Sequence[str] = ()) -> dict[int, str]:
    """Return new keys by choice index that put a menu's keys in spoken order.

    Empty if they already are, or if other rules take precedence.

    Parameters
    ----------
    context : Context
    name : str
        A menu.
    known : Uses
    keys : sequence of str
        The keys of the choices, if different from the file.
    """
    menu = context.flow.nodes[name]
    assert isinstance(menu, Menu)
    keys = tuple(keys) or tuple(choice.key for choice in menu.choices)
    if any(choice.keys or choice.key == OTHER or choice.when for choice in menu.choices):
        return {}  # which key stands where is up to what the keys mean
    spoken = _spoken(context, name, menu, keys)
    everywhere = context.flow.keys
    if spoken is None:
        return {}
    counted = [i for i in spoken if keys[i] not in everywhere and keys[i] in tuple("123456789")]
    if counted and keys[counted[-1]] == LAST_KEY and _leads_back(context, name, menu.choices[counted[-1]].then):
        counted.pop()
    begun = {key[0] for key in (*keys, *everywhere) if len(key) > 1} - {keys[i] for i in counted}
    free = [digit for digit in "123456789" if digit not in everywhere and digit not in begun][: len(counted)]
    if len(free) < len(counted):
        return {}
    by_key = sorted(counted, key=lambda i: keys[i])
    for order in (by_key,) if _saves_time(context, name, menu, keys, counted) else (counted, by_key):
        planned = {i: digit for i, digit in zip(order, free, strict=True) if keys[i] != digit}
        if not any(known.elsewhere(name, i, keys[i]) for i in planned):
            return planned
    return {}


def _spoken(context: Context, name: str, menu: Menu, keys: Sequence[str]) -> list[int] | None:
    """The choices in spoken order; None if one is not spoken (reported by M116), or two share a key."""
    if len(set(keys)) < len(keys):
        return None
    said = list(dict.fromkeys(option.key for option in context.spoken(name, context.flow.languages[0]).options))
    place = {choice.key: said.index(choice.key) for choice in menu.choices if choice.key in said}
    if any(choice.key not in place for choice in menu.choices):
        return None
    return sorted(range(len(keys)), key=lambda i: place[menu.choices[i].key])


def _saves_time(context: Context, name: str, menu: Menu, keys: Sequence[str], counted: Sequence[int]) -> bool:
    """Whether M105 accepts the choices as they are, and sorting them by key would cost callers time."""
    if [keys[i] for i in counted] == sorted(keys[i] for i in counted) or all(
        choice.share is None for choice in menu.choices
    ):
        return False
    order = menu_order(name, context.flow)
    new = {choice.key: keys[i] for i, choice in enumerate(menu.choices)}
    by_key = iter(sorted((o for o in order.current if not o.pinned and not o.rest), key=lambda o: new[o.key]))
    ascending = [o if o.pinned or o.rest else next(by_key) for o in order.current]
    if order.saves_s <= context.option("M105", SAVES) and ascending == list(order.current):
        return True  # only the choice for all other options is out of order; it is said last whatever its key
    least_s = _NOTHING_S if order.best == order.current else context.option("M105", SAVES)
    return order.saves_s <= context.option("M105", SAVES) and order.expected_s(ascending) - order.current_s > least_s


def _leads_back(context: Context, name: str, target: str) -> bool:
    """Whether a target is ``repeat`` or ``back``, or a menu that is not deeper."""
    levels = context.graph.levels
    above = target in context.flow.nodes and context.flow.nodes[target].keeps_place
    return target in TARGET_WORDS or (above and levels.get(target, 0) <= levels.get(name, 0))
