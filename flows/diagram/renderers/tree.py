"""A text tree: keys, nodes, and how soon a first-time caller gets there; coloured on a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flows.source.counted import counted

if TYPE_CHECKING:
    from flows.diagram.plan import Link, Plan, Stop

__all__ = ["render"]

_SLOW_S = 60.0
_MIN_WIDTH, _NARROW = 60, 80
_FIGURES = 31
_LABELS_FROM = 100
_DEEPEST = 30
_TEAL, _SKY, _PLUM, _OCHRE = "38;5;30", "38;5;31", "38;5;133", "38;5;130"
"""From the 256-colour palette, which terminal themes do not change; readable on black and on white."""
_COLOURS = {
    "menu": f"{_SKY};1",
    "language": _SKY,
    "collect": _SKY,
    "queue": f"{_PLUM};1",
    "dial": _PLUM,
    "voicemail": _OCHRE,
    "play": "",
    "hours": _TEAL,
    "split": _TEAL,
    "hangup": "2",
    "set": "2",
    "subflow": _TEAL,
    "survey": _SKY,
    "callback": _OCHRE,
    "appointment": _OCHRE,
    "message": _OCHRE,
    "lookup": _TEAL,
}
_DIM, _KEY, _BAD, _GOOD = "2", f"{_OCHRE};1", "38;5;161;1", "38;5;28"
_GOES_ON = ("play", "set", "language", "collect", "voicemail", "message", "survey", "hangup")
"""Types whose exit needs no branch if it is the only one."""
_SPOKEN = {"*": "star", "#": "pound"}


def render(plan: Plan, *, width: int = 80, colour: bool = False) -> str:
    """The tree as aligned lines."""
    return _Tree(plan, max(width, _MIN_WIDTH), colour=colour).text()


class _Tree:
    def __init__(self, plan: Plan, width: int, *, colour: bool) -> None:
        self._plan, self._width, self._colour = plan, width, colour
        self._rows: list[tuple[list[tuple[str, str]], Stop | None, str]] = []

    def text(self) -> str:
        plan = self._plan
        if plan.start in plan.stops:
            self._hang(plan.start)
        for root in plan.roots:
            keys = [_SPOKEN.get(key, key) for key, _, target in plan.keys if target == root]
            why = f"{', '.join(keys)} in every menu" if keys else "after silence, or when a call cannot continue"
            self._rows += [([], None, ""), ([(why, _KEY if keys else _DIM)], None, "")]
            self._hang(root)
        return "\n".join([*self._head(), *self._body(), *self._foot()])

    def _head(self) -> list[str]:
        plan = self._plan
        names = counted(len(plan.stops), "node")
        return [f"{self._paint(plan.title, '1')}  {self._paint(f'{names}, {plan.language}', _DIM)}", ""]

    def _body(self) -> list[str]:
        """The rows; a wide terminal also shows a column with the words callers hear."""
        labels = self._width >= _LABELS_FROM and any(words for _, _, words in self._rows)
        longest = max((len(words) for _, stop, words in self._rows if stop), default=0) if labels else 0
        room = self._width - _FIGURES
        if labels:  # at least as much room for names as on a narrow terminal
            room = max(_NARROW - _FIGURES, room - min(longest, self._width // 4) - 2)
        widest = max((sum(len(text) for text, _ in parts) for parts, stop, _ in self._rows if stop), default=20)
        left = min(room, max(24, widest + 2))
        head = f"{'':<{left}}{'type':<11}{'menus':>5}{'keys':>6}{'seconds':>9}"
        lines = [self._paint(head + ("  offered as" if labels else ""), _DIM)]
        for parts, stop, words in self._rows:
            if stop is None:
                lines.append(self._left(parts, self._width + 1).rstrip())
                continue
            offered = f"  {_cut(words, self._width - left - _FIGURES - 2)}" if labels and words else ""
            lines.append((self._left(parts, left) + self._right(stop) + offered).rstrip())
        return lines

    def _left(self, parts: list[tuple[str, str]], left: int) -> str:
        out, used = "", 0
        room = left - 1 if sum(len(text) for text, _ in parts) < left else left - 2  # less the mark of a cut
        for text, code in parts:
            cut = text if used + len(text) <= room else f"{text[: room - used]}…"
            out += self._paint(cut, code)
            used += len(cut)
            if cut is not text:
                break
        return out + " " * max(1, left - used)

    def _right(self, stop: Stop) -> str:
        kind = f"{stop.type + (' ✓' if stop.serves else ''):<11}"
        way = stop.reach
        figures = f"{way.levels:>5}{way.presses:>6}{way.seconds:>9.1f}" if way else ""
        slow = way is not None and way.seconds > _SLOW_S
        return self._paint(kind, _GOOD if stop.serves else _COLOURS.get(stop.type, "")) + self._paint(
            figures, _BAD if slow else ""
        )

    def _foot(self) -> list[str]:
        plan = self._plan
        words = [f"{_SPOKEN.get(key, key)} {label or target}" for key, label, target in plan.keys]
        said = [f"In every menu: {', '.join(words)}."] if words else []
        said += [f"After the last attempt: {plan.gives_up}, unless drawn otherwise."] if plan.gives_up else []
        said += [
            "→ goes on at a node drawn elsewhere. ✓ serves the caller.",
            "seconds: until the node begins, for a first-time caller on the quickest path.",
        ]
        lines = ["", *(self._paint(line, _DIM) for text in said for line in self._wrapped(text))]
        if plan.unreachable:
            lines += [self._paint(line, _BAD) for line in self._wrapped(f"Unreachable: {', '.join(plan.unreachable)}.")]
        return lines

    def _wrapped(self, text: str) -> list[str]:
        return textwrap.wrap(text, self._width, break_long_words=False, break_on_hyphens=False)

    def _hang(self, name: str) -> None:
        """Add a node and everything below it, depth first; a node that follows without a choice is not indented."""
        todo: list[tuple[str, Link | str, list[tuple[str, str]]]] = [("", name, [])]
        while todo:
            indent, what, lead = todo.pop()
            if not isinstance(what, str) and what.kind != "here":
                self._rows.append(([*lead, *self._reference(what)], None, ""))
                continue
            stop = self._plan.stops[what if isinstance(what, str) else what.target]
            gap = [] if isinstance(what, str) else [(" ", "")]
            parts = [*lead, *gap, (stop.name, _COLOURS.get(stop.type, ""))]
            only = stop.links[0] if len(stop.links) == 1 and stop.type in _GOES_ON else None
            if only is not None:
                parts += [] if only.kind == "here" else self._reference(only)
                todo += [(indent, only.target, [(_short(indent), _DIM)])] if only.kind == "here" else []
            else:
                todo += reversed(list(self._branches(stop, indent)))
            words = "" if isinstance(what, str) else " / ".join(filter(None, what.labels))
            self._rows.append((parts, stop, words))

    def _branches(self, stop: Stop, indent: str) -> Iterator[tuple[str, Link, list[tuple[str, str]]]]:
        """The branches of a node: indentation, link, and the text before it."""
        for index, link in enumerate(stop.links):
            last = index == len(stop.links) - 1
            keys = ", ".join(_shown(link.words(outcome)) for outcome in link.outcomes)
            yield (
                indent + ("   " if last else "│  "),
                link,
                [
                    (f"{_short(indent)}{'└' if last else '├'}─ ", _DIM),
                    (keys, _KEY),
                ],
            )

    def _reference(self, link: Link) -> list[tuple[str, str]]:
        if link.kind == "nowhere":
            return [(f" → nowhere: no node {link.target!r}" if link.target else " → nowhere", _BAD)]
        return [(f" → {link.target}", _DIM)]

    def _paint(self, text: str, code: str) -> str:
        text = "".join(c if c.isprintable() else "·" for c in text)
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and code and text.strip() else text


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _shown(outcome: str) -> str:
    """An outcome as shown to people: just the key, ``star``, ``else``."""
    key = outcome.removeprefix("key ")
    return _SPOKEN.get(key, key)


def _short(indent: str) -> str:
    """The indentation, shortened in deep trees to leave room for names."""
    return indent if len(indent) <= _DEEPEST else f"{f'⋯ {len(indent) // 3}':<{_DEEPEST - 21}}{indent[-21:]}"
