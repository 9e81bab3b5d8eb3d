"""Two flows walked side by side: the same caller, with the same keys, answers and silences, on both lines.

The states of the two chains are paired from the start of the call. Pairs that a caller cannot tell apart lead on by
every outcome that both have; where they can be told apart, a `Change` is noted with the shortest way there, and the
walk goes on as far as the two still are the same place. Two flows without any change are bisimilar (Milner 1989,
"Communication and Concurrency", chapter 4): no caller can find a difference, however nodes are named or ordered.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from flows.analysis.quickest_paths import ordinary
from flows.model.flow import Flow
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH
from flows.protocol.actions import Ask
from ivr.difference.change import Change, Kind
from ivr.difference.felt import Side, details
from ivr.interpreter.chain import END, tabulate

__all__ = ["Walked", "walk"]

_Way = tuple[tuple[str, str], ...]
_MOST_NEW = 6
"""Nodes in a row that may be new on a way and are still told as such, not as another way."""
_END_WORDS = "the end of the call"


class Walked(NamedTuple):
    """What callers find different, nearest to the start of the call first, and nodes that only have other names."""

    changes: tuple[Change, ...]
    renamed: Mapping[str, str]


def walk(old: Flow, new: Flow) -> Walked:
    """Walk two flows side by side.

    Parameters
    ----------
    old, new : Flow

    Raises
    ------
    LimitError
        When one of them has too many states.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> text = "{ivr: 1, name: L, start: hi, nodes: {hi: {type: play, say: %s, next: bye}, bye: {type: hangup}}}"
    >>> (change,), _ = walk(load_text(text % "Hello.").flow, load_text(text % "Good day.").flow)
    >>> change.kind, change.node, change.old, change.new
    ('words', 'hi', 'Hello.', 'Good day.')
    """
    both = _Walk(Side(old, tabulate(old)), Side(new, tabulate(new)))
    return Walked(tuple(both.found()), both.renamed)


class _Walk:
    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self.told: dict[Change, None] = {}
        self.known: set[tuple[str, ...]] = set()
        self.renamed: dict[str, str] = {}

    def found(self) -> Iterator[Change]:
        first = self.old.visible(0), self.new.visible(0)
        todo: deque[tuple[int, int, _Way]] = deque()
        seen = {first}
        if not self._same_place(*first):
            self._elsewhere(*first, (), todo, seen)
        elif first != (END, END):
            todo.append((*first, ()))
        while todo:
            a, b, way = todo.popleft()
            for pair, onward in self._pair(a, b, way):
                if pair in seen or pair == (END, END):
                    continue
                seen.add(pair)
                if self._same_place(*pair):
                    todo.append((*pair, onward))
                else:
                    self._elsewhere(*pair, onward, todo, seen)
        return iter(self.told)

    # --- one pair of states ----------------------------------------------------------------------------------------

    def _pair(self, a: int, b: int, way: _Way) -> Iterator[tuple[tuple[int, int], _Way]]:
        """Note what differs at a pair, and yield the pairs that follow."""
        self._words(a, b, way)
        self._waits(a, b, way)
        old, new = self.old.state(a), self.new.state(b)
        if old.node != new.node and self._renamed(old.node, new.node):
            self.renamed[old.node] = new.node
        before = {edge.outcome: edge.to for edge in old.edges}
        after = {edge.outcome: edge.to for edge in new.edges}
        for outcome in before.keys() - after.keys():
            self._note("lost", old.node, way, outcome, old=self._named(self.old, before[outcome]))
        usual = ordinary(self.new.flow.nodes[new.node])
        for edge in sorted(new.edges, key=lambda edge: edge.outcome != usual):
            to = self.new.visible(edge.to)
            if edge.outcome not in before:
                self._note("gained", new.node, way, edge.outcome, new=self._named(self.new, edge.to))
                continue
            yield (self.old.visible(before[edge.outcome]), to), (*way, (new.node, edge.outcome))

    def _words(self, a: int, b: int, way: _Way) -> None:
        before, after = self.old.felt(a).words, self.new.felt(b).words
        session = self.new.state(b).session
        for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if what != "equal":
                texts = " ".join(before[i:j]), " ".join(after[k:m])
                self._note("words", session.node, way, session.reason or session.phase, *texts, session.language)

    def _waits(self, a: int, b: int, way: _Way) -> None:
        before, after = details(self.old.state(a).waits), details(self.new.state(b).waits)
        for name in dict.fromkeys((*before, *after)):
            if before.get(name) != after.get(name):
                self._note(
                    "waits", self.new.state(b).node, way, name, before.get(name, "none"), after.get(name, "none")
                )

    # --- pairs that are not one place --------------------------------------------------------------------------------

    def _same_place(self, a: int, b: int) -> bool:
        """Whether two states are one place in the conversation, perhaps changed."""
        if a == END or b == END:
            return a == b
        one, other = self.old.state(a), self.new.state(b)
        if one.session.language != other.session.language:
            return False
        if self.old.felt(a) == self.new.felt(b) and {e.outcome for e in one.edges} == {e.outcome for e in other.edges}:
            return details(one.waits) == details(other.waits) or one.node == other.node
        if self.old.felt(a).waits != self.new.felt(b).waits:
            return False
        if one.session.phase != other.session.phase:
            return False
        if bool(one.session.reason) != bool(other.session.reason):
            return False
        return one.node == other.node or self._renamed(one.node, other.node)

    def _renamed(self, old: str, new: str) -> bool:
        return old not in self.new.flow.nodes and new not in self.old.flow.nodes

    def _elsewhere(
        self, a: int, b: int, way: _Way, todo: deque[tuple[int, int, _Way]], seen: set[tuple[int, int]]
    ) -> None:
        """The same outcome leads to two places: something is new on the way or left out, else it leads elsewhere."""
        source, outcome = way[-1] if way else ("", "")
        told = self._passed(self.new, b, lambda here: self._same_place(a, here))
        if told is not None:
            text, here = told
            pair = a, here
            self._note("passes", source, way, outcome, new=text)
        elif (told := self._passed(self.old, a, lambda here: self._same_place(here, b))) is not None:
            text, here = told
            pair = here, b
            self._note("skipped", source, way, outcome, old=text)
        else:
            old, new = self._named(self.old, a), self._named(self.new, b)
            if old != new:
                self._note("leads", source, way, outcome, old, new)
            return
        if pair not in seen and pair != (END, END):
            seen.add(pair)
            todo.append((*pair, way))

    def _passed(self, side: Side, at: int, arrived: Callable[[int], bool]) -> tuple[str, int] | None:
        """What a caller passes from a state to one that has `arrived`, without doing anything; None if there is none.

        Nodes that say something and go on, and nodes that others decide: opening hours, lookups, splits, switches.
        """
        todo = deque[tuple[int, tuple[str, ...], int]]([(at, (), 0)])
        while todo:
            here, told, steps = todo.popleft()
            if here == END or steps == _MOST_NEW:
                continue
            state = side.state(here)
            decided = isinstance(state.waits, Ask)
            if not decided and side.passes(here) < 0:
                continue
            said = (*told, *side.felt(here).words)
            usual = ordinary(side.flow.nodes[state.node])
            for edge in sorted(state.edges, key=lambda edge: edge.outcome != usual):
                to = side.visible(edge.to)
                others = [f"{one.outcome} leads to {self._named(side, one.to)}" for one in state.edges if one != edge]
                more = (f"({state.node}: {edge.outcome} goes on, {', '.join(others)})",) if decided else ()
                if arrived(to):
                    return " ".join((*said, *more)), to
                todo.append((to, (*said, *more), steps + 1))
        return None

    def _named(self, side: Side, at: int) -> str:
        at = side.visible(at)
        if at == END:
            return _END_WORDS
        session = side.state(at).session
        again = {NO_INPUT: ", asked again", NO_MATCH: ", asked again"}.get(session.reason, "")
        return f"{session.node}{again}"

    def _note(
        self, kind: Kind, node: str, way: _Way, about: str = "", old: str = "", new: str = "", language: str = ""
    ) -> None:
        """Note a change unless it was noted nearer to the start, in another language or on another way."""
        key = (kind, node, "" if kind == "words" else about, old, new)
        if key not in self.known:
            self.known.add(key)
            self.told[Change(kind, node, way, about, language, old, new)] = None
