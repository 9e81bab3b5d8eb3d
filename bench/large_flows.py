"""Flows of any size for `bench.bench_lint` and for the tests that count what lint does: trees, and dense random
graphs.
"""

from __future__ import annotations

import random

__all__ = ["dense", "tree"]

BREADTH = 8
_HEAD = """ivr: 1
name: Generated
start: open
hours: {office: {zone: UTC, mon-sun: "06:00-22:00"}}
keys: {0: {next: operator, label: an operator}}
queues: {desk: {}}
nodes:
  open: {type: hours, hours: office, on: {open: n0, closed: box}}
  operator:
    type: queue
    queue: desk
    max_wait: 10m
    while_waiting: {pound: box}
    on: {timeout: box, full: box, closed: box}
  box: {type: voicemail, box: desk}
  goodbye: {type: hangup, say: Goodbye.}
"""


def _head(*, back: bool) -> str:
    return _HEAD.replace("an operator}}", "an operator}, star: back}") if back else _HEAD


def tree(nodes: int, *, back: bool = False) -> str:
    """A flow of a given number of nodes: menus with eight choices, announcements at the leaves, an operator on 0,
    opening hours.

    With `back`, star leads back from every menu.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> len(load_text(tree(100)).flow.nodes)
    100
    """
    left = nodes - 4
    lines = [_head(back=back)]
    waiting, made = 1, 0  # names given out, and nodes written
    while made < left:
        children = [f"n{waiting + i}" for i in range(BREADTH)]
        if waiting + BREADTH <= left:
            lines.append(f"  n{made}:\n    type: menu\n    choices:\n")
            lines += [
                f"      - {{key: {i + 1}, label: subject {made} {i}, next: {c}}}\n" for i, c in enumerate(children)
            ]
            lines.append("    otherwise: operator\n")
            waiting += BREADTH
        else:
            lines.append(
                f"  n{made}: {{type: play, say: This is what we know of it today., serves: true, next: goodbye}}\n"
            )
            waiting = max(waiting, made + 2)
        made += 1
    return "".join(lines)


def dense(nodes: int, *, seed: int = 1, back: bool = False) -> str:
    """A flow of so many nodes in which every exit leads to any node: menus, queues, splits, collects, hours, messages.

    With `back`, star leads back from every menu, to any of hundreds.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> len(load_text(dense(100)).flow.nodes)
    100
    """
    chance = random.Random(seed)
    left = nodes - 4

    def any_() -> str:
        return f"n{chance.randrange(left)}"

    lines = [_head(back=back)]
    for i in range(left):
        kind = chance.random()
        if kind < 0.35:
            keys = range(1, chance.randint(3, 8))
            choices = "".join(f"      - {{key: {key}, label: subject {i} {key}, next: {any_()}}}\n" for key in keys)
            lines.append(f"  n{i}:\n    type: menu\n    choices:\n{choices}    otherwise: {any_()}\n")
        elif kind < 0.5:
            lines.append(
                f"  n{i}: {{type: queue, queue: desk, max_wait: 5m, on: {{timeout: {any_()}, full: {any_()}, closed:"
                f" {any_()}}}}}\n"
            )
        elif kind < 0.7:
            lines.append(f"  n{i}: {{type: split, value: v{i % 20}, cases: {{a: {any_()}}}, otherwise: {any_()}}}\n")
        elif kind < 0.8:
            lines.append(
                f"  n{i}: {{type: collect, say: Your account?, into: v{i % 20}, digits: 5, next: {any_()}, otherwise:"
                f" {any_()}}}\n"
            )
        elif kind < 0.88:
            lines.append(f"  n{i}: {{type: hours, hours: office, on: {{open: {any_()}, closed: {any_()}}}}}\n")
        else:
            lines.append(f"  n{i}: {{type: play, say: This is what we know today of {i}., next: {any_()}}}\n")
    return "".join(lines)
