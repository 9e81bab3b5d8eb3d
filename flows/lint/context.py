"""What rules read: the flow, its document, its graph, and how long things take to say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from flows.analysis.assumptions import assumed
from flows.analysis.dataflow import PathFacts, facts_on_all_paths
from flows.analysis.expected_visits import visits_per_call
from flows.analysis.graph import Edge, FlowGraph
from flows.analysis.quickest_paths import QuickestPath, quickest_paths
from flows.analysis.traffic import Staffing, Traffic
from flows.lint.problem import Option
from flows.model.flow import Flow
from flows.nodes.base import END, Node
from flows.nodes.base_dialogue import NO_MATCH, Dialogue
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
from flows.speech.prompt import Prompt
from flows.speech.spoken_menu import SpokenMenu
from flows.values.scalars import phone_key

__all__ = ["Context", "Text"]

T = TypeVar("T", bound=Node)
M = TypeVar("M")
_ONWARD = ("wire", "return", "fallback")
"""Edges that lead onward: not back, and not away by a key that works everywhere."""
_PLAIN = (("text",), ("say",))
"""Where a text without a language is if it is not the prompt itself."""


class Text(NamedTuple):
    """One text as it appears in the file: node, path of its prompt, path of the text itself, language, words."""

    node: str
    prompt: Path
    path: Path
    language: str
    words: str

    @property
    def is_label(self) -> bool:
        """Whether it is the label of a choice, which is a phrase rather than a sentence."""
        return self.prompt[2] == "choices"


@dataclass(frozen=True)
class Context:
    """Everything that rules read. It is immutable; values that several rules need are computed once.

    Parameters
    ----------
    flow : Flow
    document : Document
    missing_audio : frozenset of str
        Recordings that the reader of the flow did not find; rules do not access the disk.
    options : mapping of (code, option name) to number
        Thresholds set by the flow or its project; the others keep their defaults.
    stale_suppressions : tuple of (line, column, code)
        Suppressions that hid nothing, for N003.
    today : date or None
        The date of the check; None if unknown, since rules have no clock.
    staffing : Staffing or None
        Who answers and how soon, if a scenario is given.
    traffic : Traffic or None
        What a scenario's callers do, if one is given; the shares in `flow` are then theirs.

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
    stale_suppressions: tuple[tuple[int, int, str], ...] = ()
    today: dt.date | None = None
    staffing: Staffing | None = None
    traffic: Traffic | None = None
    _nodes: dict[type[Node], list[tuple[str, Any]]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _paths: dict[str, dict[str, QuickestPath]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _shared: dict[Callable[[Context], Any], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def graph(self) -> FlowGraph:
        """The flow's graph."""
        return FlowGraph(self.flow)

    def option(self, code: str, option: Option) -> float:
        """The value of an option of the rule `code`, or its default if it is not set."""
        return self.options.get((code, option.name), option.default)

    def nodes(self, kind: type[T]) -> Sequence[tuple[str, T]]:
        """The nodes of one type, in file order."""
        if kind not in self._nodes:
            self._nodes[kind] = [(name, node) for name, node in self.flow.nodes.items() if isinstance(node, kind)]
        return self._nodes[kind]

    @cached_property
    def prompts(self) -> tuple[tuple[str, Path, Prompt], ...]:
        """Every spoken prompt: its node, its path in the document, the prompt."""
        return tuple(
            (name, ("nodes", name, *path), prompt)
            for name, node in self.flow.nodes.items()
            for path, prompt in node.prompts()
        )

    @cached_property
    def unspoken_prompts(self) -> tuple[tuple[str, Path, Prompt], ...]:
        """Like `prompts`, for texts that callers do not hear, such as text messages and whispers."""
        return tuple(
            (name, ("nodes", name, *path), prompt)
            for name, node in self.flow.nodes.items()
            for path, prompt in node.written()
        )

    @cached_property
    def asides(self) -> tuple[tuple[str, Path, Prompt], ...]:
        """Like `prompts`, for what others than the caller hear, such as a whisper."""
        return tuple(
            (name, ("nodes", name, *path), prompt)
            for name, node in self.flow.nodes.items()
            for path, prompt in node.aside()
        )

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Every text of every prompt, language by language."""
        first = self.flow.languages[0]
        return tuple(
            Text(name, path, self.text_path(path, tag), tag or first, words)
            for name, path, prompt in self.prompts
            for tag, words in prompt.text.items()
            if words and (tag or first) in self.flow.languages
        )

    def text_path(self, path: Path, tag: str) -> Path:
        """The path of a prompt's text in a language (empty: the flow's first), as in the file."""
        marks = self.document.marks.keys()
        for rest in ((tag,), ("text", tag), ("say", tag)) if tag else _PLAIN:
            if (found := path + rest) in marks:
                return found
        return path

    def place_of_words(self, path: Path, words: str) -> Mark:
        """Line and column of words within the text at `path`, or of the text itself if they are not found."""
        offset = (self.text_at(path) or "").find(words)
        return self.document.within(path, offset) if words and offset >= 0 else self.document.place(path)

    def text_at(self, path: Path) -> str | None:
        """The text at a path, in whichever file; None if there is none."""
        document, local = self.document.origin(path)
        return document.scalar(local)

    def spoken(self, name: str, language: str) -> SpokenMenu:
        """A menu as spoken in a language; to callers who hear most, if choices are conditional."""
        node = self.flow.nodes[name]
        assert isinstance(node, Menu)
        return max((menu.spoken(self.flow, language) for menu in node.variants), key=lambda spoken: spoken.total_s)

    def slowest_language(self, name: str) -> tuple[str, SpokenMenu]:
        """The language in which a menu takes longest (the first if tied), and the menu as spoken in it."""
        return max(((tag, self.spoken(name, tag)) for tag in self.flow.languages), key=lambda pair: pair[1].total_s)

    def prompt_s(self, prompt: Prompt | None, language: str) -> float:
        """Seconds that a prompt takes: as stated, or estimated from its words."""
        if prompt is None:
            return 0.0
        if prompt.seconds is not None:
            return prompt.seconds
        return timing.speech_s(prompt.marked(language, self.flow.languages[0]), language)

    def in_language(self, language: str) -> str:
        """`` in Español`` for a message; empty in a flow with one language."""
        return f" in {language_of(language).name}" if len(self.flow.languages) > 1 else ""

    def label(self, prompt: Prompt | None) -> str:
        """A label in the flow's first language; empty if there is none."""
        return prompt.words(self.flow.languages[0], self.flow.languages[0]) if prompt else ""

    def key_path(self, path: Path, key: str) -> Path:
        """The path of the entry `key` of the mapping at `path`, as the file spells it (``star`` for ``*``)."""
        entries: Any = self.document.data
        for part in path:
            entries = entries.get(part, {}) if isinstance(entries, dict) else {}
        return next(((*path, raw) for raw in entries if _same_key(raw, key)), (*path, key))

    def is_written(self, name: str, key: str) -> bool:
        """Whether the node `name` itself has `key`, rather than a default of the flow."""
        _, local = self.document.origin(("nodes", name, key))
        return local[0] == "nodes" and ("nodes", name, key) in self.document.marks

    @cached_property
    def path_facts(self) -> PathFacts:
        """Facts that hold on every path from the start to a node.

        ``hours`` with ``open`` or ``closed`` after an hours node, ``served`` after a `Play` that serves the caller.
        """
        asking = {name for name, _ in self.nodes(Hours)}
        gained: dict[str, tuple[str, ...]] = {name: ("served",) for name, node in self.nodes(Play) if node.serves}

        def gain(edge: Edge) -> tuple[str, ...]:
            if edge.source in asking:
                return ("hours", "open" if edge.outcome == "open" else "closed")
            return gained.get(edge.source, ())

        return facts_on_all_paths(self.graph, gain)

    @cached_property
    def visits(self) -> Mapping[str, float]:
        """Visits to each node per call: from the scenario, or by the shares that the flow states."""
        return visits_per_call(self.flow) if self.traffic is None else self.traffic.visits

    @cached_property
    def assumed(self) -> tuple[str, ...]:
        """What `visits` assumes because it is not stated anywhere."""
        return assumed(self.flow, visits=self.visits) if self.traffic is None else self.traffic.assumed

    def once(self, make: Callable[[Context], M]) -> M:
        """The result of `make` for this context, computed once and shared by all rules."""
        if make not in self._shared:
            self._shared[make] = make(self)
        shared: M = self._shared[make]
        return shared

    def quickest_paths(self, language: str) -> dict[str, QuickestPath]:
        """The quickest path to every node, for callers who hear a language."""
        if language not in self._paths:
            self._paths[language] = quickest_paths(self.flow, language)
        return self._paths[language]

    @cached_property
    def dead_ends(self) -> tuple[str, ...]:
        """Nodes that need an exit, have none and do not end the call, in file order."""

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
    def person_nodes(self) -> frozenset[str]:
        """Nodes where a person answers: queues and dialled numbers."""
        return frozenset(name for name, node in self.flow.nodes.items() if isinstance(node, Queue | Dial))

    @cached_property
    def help_nodes(self) -> frozenset[str]:
        """Nodes where a person answers, or where callers can leave a message.

        A recording that continues to a menu or a question does not count: it asks for a name or the like.
        """
        listening = {
            name
            for name, node in self.flow.nodes.items()
            if isinstance(node, Dialogue) and not isinstance(node, Survey)
        }
        going_on = {
            name
            for name, box in self.nodes(Voicemail)
            if box.then and (box.then not in self.flow.nodes or self.before_next_input(box.then) & listening)
        }
        return self.person_nodes | {name for name, _ in self.nodes(Voicemail) if name not in going_on}

    def before_next_menu(self, name: str) -> frozenset[str]:
        """Nodes that a call reaches from `name` (included) before it reaches another menu."""
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

    def before_next_input(self, name: str) -> frozenset[str]:
        """Nodes that a call reaches from `name` (included) before anything listens to the caller."""
        seen, todo = {name}, [name]
        while todo:
            at = todo.pop()
            for edge in self.graph.edges[at] if not isinstance(self.flow.nodes[at], Dialogue) else ():
                if edge.target and edge.target not in seen:
                    seen.add(edge.target)
                    todo.append(edge.target)
        return frozenset(seen)

    def meets_person(self, name: str) -> bool:
        """Whether a call can get from `name` to a person before it reaches another menu."""
        return name in self._meeting_people

    @cached_property
    def _meeting_people(self) -> frozenset[str]:
        nodes = self.flow.nodes
        return self.graph.leading_to(
            self.person_nodes, lambda edge: edge.via in _ONWARD and not nodes[edge.source].keeps_place
        )

    def reaching_without_input(self, names: Iterable[str]) -> frozenset[str]:
        """The nodes for which `before_next_input` contains one of `names`."""
        nodes = self.flow.nodes
        return self.graph.leading_to(names, lambda edge: not isinstance(nodes[edge.source], Dialogue))

    @cached_property
    def only_after_closing(self) -> frozenset[str]:
        """Nodes heard only when the line is closed."""
        return frozenset(name for name, passed in self.path_facts.known.items() if "closed" in passed)

    def was_served(self, name: str) -> bool:
        """Whether a `Play` has served the caller on every path to `name`."""
        return "served" in self.path_facts.known.get(name, ())

    @cached_property
    def goal_nodes(self) -> frozenset[str]:
        """Nodes where callers get what they called for: a person, a voicemail box, or a message that serves them."""
        return self.help_nodes | {name for name, play in self.nodes(Play) if play.serves}

    @cached_property
    def main_menus(self) -> tuple[str, ...]:
        """The menus that a call reaches first, in file order."""
        met = self.before_next_menu(self.flow.start)
        return tuple(name for name, _ in self.nodes(Menu) if name in met)

    def keys_pressed(self, path: tuple[Edge, ...]) -> str:
        """What a caller does on a path, such as ``1, wait, 2``; ``none`` if no key needs to be pressed."""
        done = [
            "wait" if e.needs == "silence" else "a wrong key" if e.outcome in (NO_MATCH, "otherwise") else e.outcome
            for e in path
            if e.needs in ("caller", "silence")
        ]
        return ", ".join(done) if done else "none"


def _same_key(raw: Any, key: str) -> bool:
    try:
        return bool(phone_key(raw) == key)
    except ValueError:
        return False
