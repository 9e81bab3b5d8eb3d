"""The state of one call: everything the interpreter knows about it, with a JSON round trip."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from flows.model.flow import Flow
from flows.nodes.base import UNSERVED, Here

__all__ = ["Session"]

MAX_VALUE = 640
"""Longest value kept, in characters."""
_COMPACT = json.JSONEncoder(separators=(",", ":"), sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True)
class Session:
    """The state of a call; `step` returns the next one.

    Parameters
    ----------
    node : str
        The current node; empty before the call begins.
    language : str
        Tag such as ``en-US``.
    attempt, reason, phase, silences, wrong_keys
        State of the node's dialogue, see `flows.nodes.base.Here`.
    outcome : str
        Outcome of the call so far, one of `ivr.records.schema.OUTCOMES`; empty while undecided.
    history : tuple of str
        Menus on the path here, each once; ``back`` goes to the one before.
    stack : tuple of (str, int)
        Subflow nodes to return to, each with the length of `history` when it was entered.
    values : tuple of (str, str)
        Collected and looked-up values as (name, value), sorted by name.
    steps, idle : int
        Nodes entered in the call, and since the caller last did something.
    seq : int
        Events handled.
    zero_out : bool
        Whether the caller pressed 0.
    key_presses : int
        Key presses; an entered number counts as one.
    fell_back : bool
        Whether the call went to the flow's fallback.
    ended : bool
        Whether the call is over.
    asked : tuple of (str, int)
        How often each question of those that share their attempts has been put, sorted by node.

    Examples
    --------
    >>> Session.from_json(Session(node="main", language="en-US", values=(("tier", "gold"),)).to_json()).value("tier")
    'gold'
    """

    node: str = ""
    language: str = ""
    attempt: int = 1
    reason: str = ""
    phase: str = ""
    outcome: str = ""
    history: tuple[str, ...] = ()
    stack: tuple[tuple[str, int], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    steps: int = 0
    idle: int = 0
    seq: int = 0
    zero_out: bool = False
    key_presses: int = 0
    fell_back: bool = False
    ended: bool = False
    silences: int = 0
    wrong_keys: int = 0
    asked: tuple[tuple[str, int], ...] = ()

    @property
    def dialogue(self) -> tuple[str | int, ...]:
        """Everything that decides what the current node says, apart from values."""
        return (
            self.node,
            self.language,
            self.attempt,
            self.reason,
            self.phase,
            self.outcome,
            self.silences,
            self.wrong_keys,
        )

    @property
    def if_hung_up(self) -> str:
        """The outcome of the call if the caller hangs up now, outside a queue: the outcome so far, else abandoned
        in the menu.

        Examples
        --------
        >>> Session(outcome="turned_away").if_hung_up, Session(outcome="contained").if_hung_up
        ('abandoned_in_menu', 'contained')
        """
        return "abandoned_in_menu" if self.outcome in UNSERVED else self.outcome

    def here(self, flow: Flow, name: str = "", values: Mapping[str, str] | None = None) -> Here:
        """The session as a node may see it.

        Parameters
        ----------
        flow : Flow
        name : str
            The node that sees it; default: the current one.
        values : mapping of str to str, optional
            Instead of the session's own.
        """
        return Here(
            flow,
            name or self.node,
            self.language,
            self.attempt,
            self.reason,
            self.phase,
            self.outcome,
            {"language": self.language, **dict(self.values)} if values is None else values,
            self.silences,
            self.wrong_keys,
        )

    def value(self, name: str) -> str:
        """A value by name; empty when it is not set."""
        return dict(self.values).get(name, "")

    def with_values(self, new: dict[str, str]) -> Session:
        """The session with `new` values set, each cut to `MAX_VALUE` characters."""
        if not new:
            return self
        merged = dict(self.values) | {name: text[:MAX_VALUE] for name, text in new.items()}
        return replace(self, values=tuple(sorted(merged.items())))

    def to_json(self) -> str:
        """Compact JSON with defaults left out; the same session always gives the same text."""
        data = {name: value for name, value in self.__dict__.items() if value != _DEFAULTS[name]}
        if self.values:
            data["values"] = dict(self.values)
        return _COMPACT.encode(data)

    @classmethod
    def from_json(cls, text: str) -> Session:
        """The session that `to_json` wrote.

        Raises
        ------
        ValueError
            When `text` is not a session.
        """
        try:
            data = json.loads(text)
            for name, value in data.items():
                default = _DEFAULTS[name]
                if name == "values":
                    value = tuple(sorted([(str(k), str(v)) for k, v in value.items()]))
                elif name in ("stack", "asked"):
                    value = tuple([(str(node), int(depth)) for node, depth in value])
                elif isinstance(default, tuple):
                    value = tuple(value)
                if not isinstance(value, type(default)):
                    raise TypeError("a field has another type")
                data[name] = value
            return cls(**data)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"not a session: {error}") from None


_DEFAULTS = {field.name: field.default for field in fields(Session)}
