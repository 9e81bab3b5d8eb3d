"""Dataclasses that are quick to import do what those of the standard library do."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from flows.frozen import dataclass
from tests.support.paths import ROOT


def body(decorator: Callable[[type], type]) -> Any:
    """The same class, made by the standard library or here."""

    class Body:
        ani: str
        seconds: float = 1.5
        values: Mapping[str, str] = field(default_factory=dict)
        memory: list[int] = field(default_factory=list, repr=False, compare=False)

    Body.__qualname__ = "Body"
    return decorator(Body)


Ours, Theirs = body(dataclass(frozen=True)), body(dataclasses.dataclass(frozen=True))


@dataclass(frozen=True)
class Base:
    """A base with a field."""

    start: str

    @cached_property
    def upper(self) -> str:
        """Worked out once."""
        return self.start.upper()


@dataclass(frozen=True, kw_only=True)
class Named(Base):
    """A class derived from it, with fields by name."""

    code: str
    line: int = 0

    def __repr__(self) -> str:
        return "own"


@dataclass(frozen=True)
class Nothing:
    """No field at all."""


@dataclass(frozen=True)
class Other:
    """No field either."""


def test_showing_and_signature_are_those_of_the_standard_library() -> None:
    assert repr(Ours("5", values={"a": "b"}, memory=[1])) == repr(Theirs("5", values={"a": "b"}, memory=[1]))
    assert repr(Ours("5")) == "Body(ani='5', seconds=1.5, values={})"
    ours, theirs = inspect.signature(Ours).parameters, inspect.signature(Theirs).parameters
    assert [(p.name, p.kind, p.annotation) for p in ours.values()] == [
        (p.name, p.kind, p.annotation) for p in theirs.values()
    ]
    assert [f.name for f in fields(Ours)] == [f.name for f in fields(Theirs)]


def test_defaults_are_made_anew() -> None:
    one, two = Ours("5"), Ours("5")
    assert one.values == {}
    assert one.values is not two.values
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'ani'"):
        Ours()


def test_comparing_looks_at_class_and_compared_fields_only() -> None:
    assert Ours("5", memory=[1]) == Ours("5", memory=[2]) != Ours("6")
    assert Ours("5") != Theirs("5")
    assert Nothing() == Nothing() != Other()
    nan = float("nan")
    assert Base(nan) == Base(nan)  # the same object, as with a tuple
    assert hash(Named("a", code="S")) == hash(Named("a", code="S"))
    assert hash(Nothing()) == hash(Nothing())
    with pytest.raises(TypeError, match="unhashable"):
        hash(Ours("5"))  # of a dictionary, as in the standard library


def test_nothing_can_be_changed() -> None:
    value = Named("a", code="S")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'line'"):
        value.line = 3
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'line'"):
        del value.line
    assert replace(value, line=3).line == 3
    assert value.line == 0


def test_what_a_class_says_itself_stays() -> None:
    assert repr(Named("a", code="S")) == "own"
    assert Named("a", code="S").upper == "A"
    with pytest.raises(TypeError, match="positional"):
        Named("a", "S")


def test_copies_pickles_and_patterns() -> None:
    value = Named("a", code="S", line=2)
    assert value.upper == "A"
    assert pickle.loads(pickle.dumps(value)) == copy.copy(value) == copy.deepcopy(value) == value
    match Base("x"):
        case Base(start):
            assert start == "x"


def test_only_frozen_ones_are_made() -> None:
    with pytest.raises(TypeError, match="only frozen dataclasses"):
        dataclass(frozen=False)


@pytest.mark.parametrize("file", sorted((ROOT / "flows").rglob("*.py")), ids=lambda path: path.stem)
def test_flows_takes_its_frozen_dataclasses_from_here(file: Path) -> None:
    text = file.read_text("utf-8")
    if "@dataclass(frozen=True" in text and file.stem != "frozen":
        assert "from flows.frozen import dataclass\n" in text
