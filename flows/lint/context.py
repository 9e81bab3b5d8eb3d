"""What a rule may look at: the flow, its document, its graph, and the seconds things take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from flows.analysis.assumptions import assumed
from flows.analysis.dataflow import Certain, certain
from flows.analysis.expected_visits import visits_per_call
from flows.analysis.graph import Edge, FlowGraph
from flows.analysis.quickest_paths import Reach, reach
from flows.analysis.traffic import Staffing, Traffic
from flows.lint.problem import Option
from flows.model.flow import Flow
from flows.nodes.base import END, Node
from flows.nodes.base_dialogue import Dialogue
from flows.nodes.dial import Dial
from flows.nodes.hours import Hours
from flows.nodes.menu import Menu
from flows.nodes.play import Play
from flows.nodes.queue import Queue
from flows.nodes.survey import Survey
from flows.nodes.voicemail import Voicemail
from flows.source.document import Document, Mark, Path
from flows.speech import timing
from flows.speech.languages import language as language_of
from flows.speech.menu_wording import SpokenMenu
from flows.speech.prompt import Prompt
from flows.values.scalars import phone_key

__all__ = ["Context", "Text"]

T = TypeVar("T", bound=Node)
M = TypeVar("M")
_ONWARD = ("wire", "return", "fallback")
"""How an edge is written that leads on, and neither back nor away by a key that works everywhere."""


_PLAIN = (("text",), ("say",))
"""Where the text of a prompt stands that names no language, and is not the prompt itself."""


class Text(NamedTuple):
    """One text as it stands in the file: node, path of its prompt, path of the text itself, language, words."""

    node: str
    prompt: Path
    path: Path
    language: str
    words: str

    @property
    def is_label(self) -> bool:
        """Whether it is the label of a choice, a phrase and no sentence."""
        return self.prompt[2] == "choices"


@dataclass(frozen=True)
class Context:
    """Everything rules read; nothing in it changes.

    Parameters
    ----------
    flow : Flow
    document : Document
    missing_audio : frozenset of str
        Recordings the flow names that are not beside it; whoever read the file has looked, rules do not touch the disk.
    options : mapping of (code, option name) to number
        Thresholds set by the flow or its project; what is missing has its default.
    stale : tuple of (line, column, code)
        Suppressions that hid nothing, for N003.
    today : date or None
        The pure core has no clock; None when nobody said.
    staffing : Staffing or None
        Who answers, and how soon, when a scenario was given.
    traffic : Traffic or None
        What its callers do; the shares of `flow` are theirs then.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> loaded = load_text("{ivr: 1, name: L, start: hi, nodes: {hi: {type: hangup, say: Good bye.}}}")
    >>> Context(loaded.flow, loaded.document).prompt_s(loaded.flow.nodes["hi"].say, "en-US")
    0.8
    """

    flow: Flow
    document: Document
    missing_audio: frozenset[str] = frozenset()
    options: Mapping[tuple[str, str], float] = field(default_factory=dict)
    stale: tuple[tuple[int, int, str], ...] = ()
    today: dt.date | None = None
    staffing: Staffing | None = None
    traffic: Traffic | None = None
    _spoken: dict[tuple[str, str], SpokenMenu] = field(default_factory=dict, repr=False, compare=False)
    _reached: dict[str, dict[str, Reach]] = field(default_factory=dict, repr=False, compare=False)
    _made: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def graph(self) -> FlowGraph:
        """The flow's graph."""
        return FlowGraph(self.flow)

    def prepare(self) -> None:
        """Works out what rules of every family ask for, so that it is there when they are run apart."""
        _ = self.texts, self.graph.reachable, self.graph.broken

    def option(self, code: str, option: Option) -> float:
        """What is set for an option of the rule `code`, or the option's default."""
        return self.options.get((code, option.name), option.default)

    def nodes(self, kind: type[T]) -> Iterator[tuple[str, T]]:
        """The nodes of one type, in the order of the file."""
        kinds = [known for known in self._by_type if issubclass(known, kind)]
        if len(kinds) == 1:
            return iter(self._by_type[kinds[0]])  # type: ignore[arg-type]
        return ((name, node) for name, node in self.flow.nodes.items() if kinds and isinstance(node, kind))

    @cached_property
    def _by_type(self) -> dict[type[Node], list[tuple[str, Node]]]:
        found: dict[type[Node], list[tuple[str, Node]]] = {}
        for name, node in self.flow.nodes.items():
            found.setdefault(type(node), []).append((name, node))
        return found

    @cached_property
    def prompts(self) -> tuple[tuple[str, Path, Prompt], ...]:
        """Every prompt of every node: the node, the path in the document, the prompt."""
        return tuple(
            (name, ("nodes", name, *path), prompt)
            for name, node in self.flow.nodes.items()
            for path, prompt in node.prompts()
        )

    @cached_property
    def written(self) -> tuple[tuple[str, Path, Prompt], ...]:
        """As `prompts`: what is read and not heard, such as text messages."""
        return tuple(
            (name, ("nodes", name, *path), prompt)
            for name, node in self.flow.nodes.items()
            for path, prompt in node.written()
        )

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Every text of every prompt, language by language."""
        first = self.flow.languages[0]
        return tuple(
            Text(name, path, self.written_text(path, tag), tag or first, words)
            for name, path, prompt in self.prompts
            for tag, words in prompt.text.items()
            if words and (tag or first) in self.flow.languages
        )

    def written_text(self, path: Path, tag: str) -> Path:
        """The path of a prompt's text in a language (empty: the flow's first), as the file spells it."""
        marks = self.document.marks.keys()
        for rest in ((tag,), ("text", tag), ("say", tag)) if tag else _PLAIN:
            if (found := path + rest) in marks:
                return found
        return path

    def placed(self, path: Path, words: str) -> Mark:
        """Line and column of words of the text at `path`; those of the text where they do not stand in it as they are
        heard.
        """
        offset = (self.text_at(path) or "").find(words)
        return self.document.within(path, offset) if words and offset >= 0 else self.document.place(path)

    def text_at(self, path: Path) -> str | None:
        """The text that stands at a path, in whichever file; None when there is none."""
        document, local = self.document.origin(path)
        return document.scalar(local)

    def spoken(self, name: str, language: str) -> SpokenMenu:
        """A menu as spoken; composed once."""
        if (name, language) not in self._spoken:
            node = self.flow.nodes[name]
            assert isinstance(node, Menu)
            self._spoken[name, language] = node.spoken(self.flow, language)
        return self._spoken[name, language]

    def slowest(self, name: str) -> tuple[str, SpokenMenu]:
        """The language in which a menu takes longest, and the menu in it; the first language when they tie."""
        return max(((tag, self.spoken(name, tag)) for tag in self.flow.languages), key=lambda pair: pair[1].total_s)

    def prompt_s(self, prompt: Prompt | None, language: str) -> float:
        """Seconds of a prompt: as stated, else by its words."""
        if prompt is None:
            return 0.0
        if prompt.seconds is not None:
            return prompt.seconds
        return timing.speech_s(prompt.marked(language, self.flow.languages[0]), language)

    def in_language(self, language: str) -> str:
        """`` in Español`` for a message, or nothing in a flow of one language."""
        return f" in {language_of(language).name}" if len(self.flow.languages) > 1 else ""

    def label(self, prompt: Prompt | None) -> str:
        """A label as written in the flow's first language; empty when there is none."""
        return prompt.words(self.flow.languages[0], self.flow.languages[0]) if prompt else ""

    def written_key(self, path: Path, key: str) -> Path:
        """The path of the entry `key` of the mapping at `path`, as the file spells it (``star`` for ``*``)."""
        entries: Any = self.document.data
        for part in path:
            entries = entries.get(part, {}) if isinstance(entries, dict) else {}
        return next(((*path, raw) for raw in entries if _same_key(raw, key)), (*path, key))

    @cached_property
    def passed(self) -> Certain:
        """What every way to each node has passed: ``hours`` with ``closed`` or ``open``, and ``served`` for a `play`
        that serves.

        One analysis for all: what is certain of the one does not depend on the other.
        """
        asking = {name for name, _ in self.nodes(Hours)}
        gained: dict[str, tuple[str, ...]] = {name: ("served",) for name, node in self.nodes(Play) if node.serves}

        def gain(edge: Edge) -> tuple[str, ...]:
            if edge.source in asking:
                return ("hours", "open" if edge.outcome == "open" else "closed")
            return gained.get(edge.source, ())

        return certain(self.graph, gain)

    @cached_property
    def visits(self) -> Mapping[str, float]:
        """How often a call comes to each node: in the scenario, else by the shares that the flow states."""
        return visits_per_call(self.flow) if self.traffic is None else self.traffic.visits

    @cached_property
    def assumed(self) -> tuple[str, ...]:
        """What the `visits` rest on and nobody states."""
        return assumed(self.flow, visits=self.visits) if self.traffic is None else self.traffic.assumed

    def made(self, name: str, make: Callable[[Context], M]) -> M:
        """What `make` makes of this; made once, for rules that share it under a name."""
        if name not in self._made:
            self._made[name] = make(self)
        return self._made[name]  # type: ignore[no-any-return]

    def reached(self, language: str) -> dict[str, Reach]:
        """The quickest way to every node, for callers of a language; walked once."""
        if language not in self._reached:
            self._reached[language] = reach(self.flow, language)
        return self._reached[language]

    @cached_property
    def dead_ends(self) -> tuple[str, ...]:
        """Nodes that need an exit, have none at all and do not end the call, in the order of the file."""

        def ends(name: str) -> bool:
            return any(edge.needs == "world" and edge.target == END for edge in self.graph.exits[name])

        return tuple(
            name
            for name in self.flow.nodes
            if name in self.graph.broken
            and all(w.target is None for w in self.flow.nodes[name].wires())
            and not ends(name)
        )

    @cached_property
    def people(self) -> frozenset[str]:
        """Nodes at which a person answers: queues and other telephones."""
        return frozenset(name for name, node in self.flow.nodes.items() if isinstance(node, Queue | Dial))

    @cached_property
    def helps(self) -> frozenset[str]:
        """Nodes at which a person answers, or takes a message.

        A recording after which the call goes on to a menu or a question is no message: what a caller is called, or
        said.
        """
        listening = {
            name
            for name, node in self.flow.nodes.items()
            if isinstance(node, Dialogue) and not isinstance(node, Survey)
        }
        going_on = {
            name
            for name, box in self.nodes(Voicemail)
            if box.then and (box.then not in self.flow.nodes or self.without_caller(box.then) & listening)
        }
        return self.people | {name for name, _ in self.nodes(Voicemail) if name not in going_on}

    def without_menu(self, name: str) -> frozenset[str]:
        """Nodes a call comes to from `name` before it meets another menu; `name` itself included."""
        seen, todo = {name}, [name] if name in self.flow.nodes else []
        while todo:
            at = todo.pop()
            if self.flow.nodes[at].keeps_place:
                continue
            for edge in self.graph.exits[at]:
                if edge.target and edge.via in _ONWARD and edge.target not in seen:
                    seen.add(edge.target)
                    todo.append(edge.target)
        return frozenset(seen)

    def without_caller(self, name: str) -> frozenset[str]:
        """Nodes a call comes to from `name` before anything listens to the caller; `name` itself included."""
        seen, todo = {name}, [name]
        while todo:
            at = todo.pop()
            for edge in self.graph.edges[at] if not isinstance(self.flow.nodes[at], Dialogue) else ():
                if edge.target and edge.target not in seen:
                    seen.add(edge.target)
                    todo.append(edge.target)
        return frozenset(seen)

    def meets_person(self, name: str) -> bool:
        """Whether a call comes from `name` to a queue or a telephone before it meets another menu."""
        return name in self._meeting_people

    @cached_property
    def _meeting_people(self) -> frozenset[str]:
        nodes = self.flow.nodes
        return self.graph.coming_to(
            self.people, lambda edge: edge.via in _ONWARD and not nodes[edge.source].keeps_place
        )

    def unheard_to(self, names: Iterable[str]) -> frozenset[str]:
        """The nodes whose `without_caller` holds one of `names`, all worked out at once."""
        nodes = self.flow.nodes
        return self.graph.coming_to(names, lambda edge: not isinstance(nodes[edge.source], Dialogue))

    @cached_property
    def after_closing(self) -> frozenset[str]:
        """Nodes only heard when the line is closed: every way to them has passed a ``closed``."""
        return frozenset(name for name, passed in self.passed.known.items() if "closed" in passed)

    def was_served(self, name: str) -> bool:
        """Whether every way to `name` has passed a `play` that serves the caller."""
        return "served" in self.passed.known.get(name, ())

    @cached_property
    def answers(self) -> frozenset[str]:
        """Nodes where callers get what they called for: a person, a message box, or a message that serves them."""
        return self.helps | {name for name, play in self.nodes(Play) if play.serves}

    @cached_property
    def main_menus(self) -> tuple[str, ...]:
        """The menus a call meets first, in the order of the file."""
        met = self.without_menu(self.flow.start)
        return tuple(name for name, _ in self.nodes(Menu) if name in met)

    def presses(self, way: tuple[Edge, ...]) -> str:
        """What a caller does on a way: ``1, 2``; ``no key at all`` when nothing needs to be pressed."""
        done = ["wait" if e.needs == "silence" else e.outcome for e in way if e.needs in ("caller", "silence")]
        return ", ".join(done) if done else "no key at all"


def _same_key(raw: Any, key: str) -> bool:
    try:
        return bool(phone_key(raw) == key)
    except ValueError:
        return False
