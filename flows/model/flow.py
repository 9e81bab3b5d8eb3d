"""The typed model of a flow file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from flows.model.declarations import GlobalKey, Lint, PartUse, Queue
from flows.model.menu_defaults import MenuDefaults
from flows.model.opening_hours import Hours
from flows.model.shared_attempts import SharedAttempts
from flows.model.switches import Switch, check_names, switch_nodes
from flows.nodes import node_types
from flows.nodes.base import A_NUMBER, Node
from flows.source.json_schema import file_schema
from flows.speech.languages import refuse_unknown
from flows.speech.listening import SpeechInput
from flows.speech.prompt import Prompt, placeholders
from flows.speech.voice import Voice
from flows.values.number_list import NumberList
from flows.values.scalars import KEY_NAMES, TARGET_WORDS, Key, PlacedError, Target

__all__ = ["Catalogue", "Flow", "GlobalKey", "Part", "PartUse", "Queue", "SharedAttempts", "Switch", "json_schema"]

if TYPE_CHECKING:
    import networkx

    _AnyNode = Node
else:  # node types are discovered from their files, so the union cannot be written out
    _AnyNode = Annotated[reduce(or_, node_types().values()), Field(discriminator="type")]
_FORBIDDEN_NAME = set("!>/ \t")


def _check_names(names: Iterable[str], what: str, info: ValidationInfo) -> None:
    """Check names; a part's nodes are called ``part/node`` in the whole flow, but names in a file have no slash."""
    written = bool(info.context and "scope" in info.context)
    for index, name in enumerate(names):
        for piece in [name] if written else name.split("/"):
            if piece in TARGET_WORDS or not piece or set(piece) & _FORBIDDEN_NAME or len(piece) > 64:
                message = f"{name!r} cannot name a {what}; use letters, digits and _ (not {', '.join(TARGET_WORDS)})"
                raise PlacedError(message, (index if what == "exit" else name,), of_key=what != "exit")


class Catalogue(BaseModel):
    """A file of shared prompts, which nodes use by name: ``say: $welcome``.

    Parameters
    ----------
    ivr
        Version of the flow language: 1.
    prompts
        Shared prompts by name; nodes use them as `$name`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    ivr: Literal["1"]
    prompts: dict[str, Prompt] = Field(min_length=1)


class Part(BaseModel):
    """A file that is part of a flow: nodes with one entry point, `start`, and named exits.

    Opening hours, queues and languages come from the flow.

    Parameters
    ----------
    part : str
        What it is for.
    exits : list of str
        Exits other than ``return``; the flow says where each leads.
    ivr
        Version of the flow language: 1.
    description
        A note for readers.
    start
        First node of the part.
    parts
        Parts of this part, each in its own file.
    catalogue
        A file of shared prompts.
    prompts
        Shared prompts, used as `$name`.
    nodes
        The part's nodes by name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    ivr: Literal["1"]
    part: str = Field(min_length=1)
    description: str = ""
    start: Target
    exits: tuple[str, ...] = ()
    parts: dict[str, PartUse] = {}
    catalogue: str | None = None
    prompts: dict[str, Prompt] = {}
    nodes: dict[str, _AnyNode]

    @field_validator("nodes", "parts", "exits")
    @classmethod
    def _names(cls, names: Any, info: ValidationInfo) -> Any:
        what = {"nodes": "node", "parts": "part", "exits": "exit"}[str(info.field_name)]
        if what == "node" and not names:
            raise ValueError("a part has at least one node; add one under nodes:")
        _check_names(names, what, info)
        return names


class Flow(BaseModel):
    """One phone line: what callers hear and press.

    A flow read from several files is also one `Flow`: `parts`, `catalogue` and `prompts` are empty, the nodes of a
    part are called ``part/node``, every shared prompt is inserted where it is used, and what `menu` says stands in the
    menus.

    Parameters
    ----------
    name
        Name of the line.
    description
        A note for readers.
    languages
        Language tags such as en-US; texts without a tag are in the first.
    start
        Node where every call begins.
    hours
        Opening hours by name.
    switches
        What people may turn on while calls come, by name: a message, another way, closed hours.
    keys
        Keys that work in every menu: `0: operator`, `star: back`, `9: repeat`.
    voices
        The carrier's voice for each language, and how fast it speaks.
    speech
        Whether callers may say what they want in every menu, and how sure the recogniser must be.
    menu
        What holds in every menu that does not say otherwise: `{attempts: 2, otherwise: operator}`.
    fallback
        Node for a call that cannot continue; default: the node on key 0.
    nodes
        The flow's nodes by name.
    queues
        Queues that agents answer, by name.
    lint
        How this flow is checked.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}}})
    >>> flow.languages, flow.fallback_node
    (('en-US',), None)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    _lists: Mapping[str, NumberList] = PrivateAttr(default_factory=dict)

    ivr: Literal["1"] = Field(description="version of the flow language")
    name: str = Field(min_length=1)
    description: str = ""
    languages: tuple[str, ...] = Field(default=("en-US",), json_schema_extra={"minItems": 1})
    start: Target
    hours: dict[str, Hours] = {}
    switches: dict[str, Switch] = {}
    keys: dict[Key, GlobalKey] = Field(default={}, json_schema_extra={"propertyNames": KEY_NAMES})
    voices: dict[str, Voice] = {}
    speech: SpeechInput | None = None
    attempts: dict[str, SharedAttempts] = Field(
        default={}, description="attempts that several questions share, by the name that they give in `attempts_of`"
    )
    menu: MenuDefaults = Field(default=MenuDefaults(), exclude=True)
    fallback: Target | None = None
    parts: dict[str, PartUse] = Field(default={}, description="parts of the flow in files of their own")
    catalogue: str | None = Field(default=None, description="a file of shared prompts")
    prompts: dict[str, Prompt] = Field(default={}, description="shared prompts, said as $name")
    nodes: dict[str, _AnyNode]
    queues: dict[str, Queue] = {}
    lint: Lint = Lint()

    @field_validator("languages")
    @classmethod
    def _known_languages(cls, tags: tuple[str, ...]) -> tuple[str, ...]:
        if not tags:
            raise ValueError("a flow speaks at least one language; write languages: [en-US]")
        for index, tag in enumerate(tags):
            try:
                refuse_unknown(tag)
            except ValueError as error:
                raise PlacedError(str(error), (index,)) from None
        if len(set(tags)) < len(tags):
            raise ValueError("a language is named twice; name each once")
        return tags

    @field_validator("nodes")
    @classmethod
    def _node_names(cls, nodes: dict[str, Node], info: ValidationInfo) -> dict[str, Node]:
        if not nodes:
            raise ValueError("a flow has at least one node; add one under nodes:")
        _check_names(nodes, "node", info)
        return info.data["menu"].put_into(nodes) if "menu" in info.data else nodes

    @field_validator("parts")
    @classmethod
    def _part_names(cls, parts: dict[str, PartUse], info: ValidationInfo) -> dict[str, PartUse]:
        _check_names(parts, "part", info)
        return parts

    @field_validator("switches")
    @classmethod
    def _switch_names(cls, switches: dict[str, Switch]) -> dict[str, Switch]:
        check_names(switches)
        return switches

    @model_validator(mode="after")
    def _switches_first(self) -> Flow:
        """Put the nodes that ask for switches before the start; a flow that has them already stays as it is."""
        asked = switch_nodes(self.switches, self.start)
        if not asked or self.start in asked:
            return self
        return self.model_copy(update={"start": next(iter(asked)), "nodes": {**asked, **self.nodes}})

    @property
    def fallback_node(self) -> str | None:
        """Where calls that cannot continue go: `fallback`, else the node on key 0, else None (apology, goodbye)."""
        if self.fallback is not None:
            return self.fallback if self.fallback in self.nodes else None
        zero = self.keys.get("0")
        return zero.then if zero and zero.then in self.nodes else None

    def shared_attempts(self, name: str) -> SharedAttempts | None:
        """The attempts that a node shares with others; None if it shares none."""
        return self.attempts.get(self.nodes[name].counted_with)

    @cached_property
    def secrets(self) -> frozenset[str]:
        """Names of values that are never shown, logged or said in full: secrets, and values built from them."""
        found = {name for node in self.nodes.values() for name in node.secrets()}
        made = [(name, set(placeholders(text))) for node in self.nodes.values() for name, text in node.copies().items()]
        while more := {name for name, parts in made if parts & found} - found:
            found |= more
        return frozenset(found)

    @cached_property
    def usual_values(self) -> Mapping[str, str]:
        """Samples, of typical length, for values whose length is known before any call: the numbers of the caller and
        the line, and values that callers enter. If several nodes set a value, the first in the file counts.
        """
        entered = [node.usual_values() for node in reversed(self.nodes.values())]
        own = {name: value for values in entered for name, value in values.items()}
        return dict.fromkeys(("ani", "dnis"), A_NUMBER) | own

    def graph(self, language: str = "") -> networkx.MultiDiGraph[str]:
        """The flow as a `networkx.MultiDiGraph`, a `networkx.DiGraph` that may join two nodes by several edges.

        `flows.analysis.networkx_graph.graph_of` has the attributes of nodes and edges.

        Parameters
        ----------
        language : str
            Language of the words and seconds; default: the flow's first language.

        Examples
        --------
        >>> import networkx
        >>> nodes = {"hi": {"type": "play", "say": "Hi there.", "next": "bye"}, "bye": {"type": "hangup"}}
        >>> graph = Flow.model_validate({"ivr": "1", "name": "Line", "start": "hi", "nodes": nodes}).graph()
        >>> isinstance(graph, networkx.DiGraph), graph.nodes["hi"]["seconds"], list(graph.successors("hi"))
        (True, 0.8, ['bye'])
        """
        from flows.analysis.networkx_graph import graph_of  # of a room above, see tests/project/test_layers.py

        return graph_of(self, language)

    def keep_lists(self, lists: Mapping[str, NumberList]) -> None:
        """Hold the lists of numbers as they stand in their files now; they are no part of the flow's text or digest."""
        self._lists = lists

    def listed(self, file: str, number: str) -> bool:
        """Whether a number stands in a list that the flow names."""
        found = self._lists.get(file)
        return found is not None and found.has(number)

    @cached_property
    def digest(self) -> str:
        """Content hash, 16 hexadecimal digits: flows with the same meaning have the same hash."""
        data = self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"lint"})
        return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def json_schema() -> Mapping[str, Any]:
    """The JSON Schema (2020-12) of a flow file, for editors.

    Examples
    --------
    >>> json_schema()["title"]
    'Flow'
    """
    return file_schema(Flow)
