"""A text tree: keys, nodes, and how soon a first-time caller is there; plain in a pipe, coloured on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.draw import Link, Plan, Stop

__all__ = ["render"]

_SLOW_S = 60.0
_MIN_WIDTH, _MAX_WIDTH = 60, 120
_COLOURS = {
    "menu": "34;1", "language": "34", "collect": "34", "queue": "35;1", "dial": "35", "voicemail": "33", "play": "",
    "hours": "36", "split": "36", "hangup": "2", "set": "2", "subflow": "36",
}  # fmt: skip
_DIM, _KEY, _BAD, _GOOD = "2", "33;1", "31;1", "32"
_SPOKEN = {"*": "star", "#": "pound"}


def render(plan: Plan, *, width: int = 80, colour: bool = False) -> str:
    """The tree as lines, columns aligned."""
    return _Tree(plan, min(max(width, _MIN_WIDTH), _MAX_WIDTH), colour=colour).text()


class _Tree:
    def __init__(self, plan: Plan, width: int, *, colour: bool) -> None:
        self._plan, self._width, self._colour = plan, width, colour
        self._rows: list[tuple[list[tuple[str, str]], Stop | None]] = []

    def text(self) -> str:
        plan = self._plan
        if plan.start in plan.stops:
            self._chain(plan.start, "", [], "")
        for root in plan.roots:
            keys = [_SPOKEN.get(key, key) for key, _, target in plan.keys if target == root]
            why = f"{', '.join(keys)} in every menu" if keys else "after silence, or when a call cannot go on"
            self._rows.append(([("", "")], None))
            self._rows.append(([(why, _KEY if keys else _DIM)], None))
            self._chain(root, "", [], "")
        return "\n".join([*self._head(), *self._body(), *self._foot()])

    def _head(self) -> list[str]:
        plan = self._plan
        names = f"{len(plan.stops)} node{'s' * (len(plan.stops) != 1)}"
        return [f"{self._paint(plan.title, '1')}  {self._paint(f'{names}, {plan.language}', _DIM)}", ""]

    def _body(self) -> list[str]:
        right = 31
        room = self._width - right
        widest = max((sum(len(text) for text, _ in parts) for parts, stop in self._rows if stop), default=20)
        left = min(room, max(24, widest + 2))
        head = f"{'':<{left}}{'type':<11}{'menus':>5}{'keys':>6}{'seconds':>9}"
        lines = [self._paint(head.rstrip(), _DIM)]
        for parts, stop in self._rows:
            if stop is None:
                lines.append("".join(self._paint(text, code) for text, code in parts).rstrip())
                continue
            lines.append(self._left(parts, left) + self._right(stop))
        return lines

    def _left(self, parts: list[tuple[str, str]], left: int) -> str:
        out, used = "", 0
        for text, code in parts:
            cut = text if used + len(text) <= left - 1 else f"{text[: max(0, left - 2 - used)]}…"
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
        return (self._paint(kind, _GOOD if stop.serves else _COLOURS.get(stop.type, "")) + self._paint(figures, _BAD if slow else "")).rstrip()

    def _foot(self) -> list[str]:
        plan = self._plan
        words = [f"{_SPOKEN.get(key, key)} {label or target}" for key, label, target in plan.keys]
        lines = [""]
        if words:
            lines.append(self._paint(f"In every menu: {', '.join(words)}.", _DIM))
        if plan.gives_up:
            lines.append(self._paint(f"After the last attempt: {plan.gives_up}, unless drawn otherwise.", _DIM))
        lines.append(self._paint("→ goes on at a node drawn elsewhere. ✓ the caller has what he called for.", _DIM))
        lines.append(self._paint("seconds: until the node begins, for a first-time caller on the quickest way.", _DIM))
        if plan.unreachable:
            lines.append(self._paint(f"Unreachable: {', '.join(plan.unreachable)}.", _BAD))
        return lines

    def _chain(self, name: str, indent: str, lead: list[tuple[str, str]], stem: str) -> None:
        """A node, what hangs on it, and what follows it without a choice on the same indentation."""
        while True:
            stop = self._plan.stops[name]
            parts = [*lead, (name, _COLOURS.get(stop.type, ""))]
            only = stop.links[0] if len(stop.links) == 1 and stop.type in ("play", "set", "language", "collect", "voicemail", "hangup") else None
            if only is not None and only.kind != "here":
                parts += self._reference(only)
            self._rows.append((parts, stop))
            if only is not None and only.kind == "here":
                name, lead = only.target, [(indent + stem, _DIM)] if indent + stem else []
                continue
            if only is None:
                self._branches(stop, indent + stem)
            return

    def _branches(self, stop: Stop, indent: str) -> None:
        for index, link in enumerate(stop.links):
            last = index == len(stop.links) - 1
            keys = ", ".join(_shown(outcome) for outcome in link.outcomes)
            branch = [(f"{indent}{'└' if last else '├'}─ ", _DIM), (keys, _KEY)]
            below = indent + ("   " if last else "│  ")
            if link.kind == "here":
                self._chain(link.target, below, [*branch, (" ", "")], "")
            else:
                self._rows.append(([*branch, *self._reference(link)], None))

    def _reference(self, link: Link) -> list[tuple[str, str]]:
        if link.kind == "nowhere":
            return [(f" → nowhere: no node {link.target!r}" if link.target else " → nowhere", _BAD)]
        return [(f" → {link.target}", _DIM)]

    def _paint(self, text: str, code: str) -> str:
        text = "".join(c if c.isprintable() else "·" for c in text)
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and code and text.strip() else text


def _shown(outcome: str) -> str:
    """An outcome as people say it: the key alone, ``star``, ``else``."""
    key = outcome.removeprefix("key ")
    return {"otherwise": "else"}.get(outcome) or _SPOKEN.get(key, key)
