"""A flow for a log that tells queues and no menu: one menu with a key for each queue, or the queue alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["MinimalFlow", "minimal_flow", "quoted"]

_KEYS = 8
"""Options of a menu; the ninth key leads to the next menu."""
_IGNORED = "lint: {ignore: [R002, R003, R004, M102, M109, M122, S014]}"
"""Rules on what a log does not tell: limits and choices of who waits, hours, the size and the words of menus, key 0."""


@dataclass(frozen=True)
class MinimalFlow:
    """A generated flow.

    Parameters
    ----------
    text : str
        YAML.
    goals : dict of str to str
        The node of each queue.
    menus : tuple of str
        Menus in the order in which they are passed; empty when calls go straight to the only queue.
    """

    text: str
    goals: dict[str, str]
    menus: tuple[str, ...] = field(default=())


def minimal_flow(name: str, queues: Sequence[str], labels: dict[str, str], *, with_menu: bool) -> MinimalFlow:
    """Write a flow.

    Parameters
    ----------
    name : str
        Of the line.
    queues : sequence of str
    labels : dict of str to str
        What queues are called, where that differs.
    with_menu : bool
        Whether a single queue has something before it that takes time.

    Examples
    --------
    >>> print(minimal_flow("Bank", ["calls"], {}, with_menu=False).text)
    # Made from a call log, which tells no menus: callers reach their queues with one key.
    ivr: 1
    name: Bank
    start: calls_queue
    nodes:
      calls_queue: {type: queue, queue: calls}
    queues:
      calls: {}
    # Not told by the log; remove this when the flow says what callers really hear and press.
    lint: {ignore: [R002, R003, R004, M102, M109, M122, S014]}
    <BLANKLINE>
    """
    goals = {queue: f"{queue}_queue" for queue in queues}
    parts = [list(queues[i : i + _KEYS]) for i in range(0, len(queues), _KEYS)]
    menus = [f"menu{i or ''}" for i in range(1, len(parts) + 1)] if len(queues) > 1 or with_menu else []
    menus = [menu if len(menus) > 1 else "menu" for menu in menus]
    lines = ["# Made from a call log, which tells no menus: callers reach their queues with one key.", "ivr: 1"]
    lines += [f"name: {quoted(name)}", f"start: {menus[0] if menus else goals[queues[0]]}", "nodes:"]
    for i, menu in enumerate(menus):
        lines += [f"  {menu}:", "    type: menu", "    choices:"]
        for key, queue in enumerate(parts[i], 1):
            label = quoted(labels.get(queue, queue.replace("_", " ")))
            lines.append(f"      - {{key: {key}, label: {label}, next: {goals[queue]}}}")
        if i + 1 < len(menus):
            lines.append(f"      - {{key: 9, label: anything else, next: {menus[i + 1]}}}")
        lines.append(f"    otherwise: {goals[parts[i][0]]}")
    for queue in queues:
        lines.append(f"  {goals[queue]}: {{type: queue, queue: {queue}}}")
    lines.append("queues:")
    lines += [f"  {queue}: {{{f'label: {quoted(labels[queue])}' if queue in labels else ''}}}" for queue in queues]
    lines += ["# Not told by the log; remove this when the flow says what callers really hear and press.", _IGNORED]
    return MinimalFlow("\n".join(lines) + "\n", goals, tuple(menus))


def quoted(text: str) -> str:
    """A text as YAML.

    >>> quoted("Seattle PD"), quoted("a: b")
    ('Seattle PD', '"a: b"')
    """
    plain = text and text[0].isalpha() and text[-1] != " " and all(c.isalnum() or c in "_ .-" for c in text)
    plain = plain and text.lower() not in (
        "yes",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
        "y",
        "n",
        "back",
        "repeat",
    )
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
