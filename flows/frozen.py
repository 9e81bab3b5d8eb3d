"""``@dataclass(frozen=True)`` that is quick to import.

The dataclasses of the standard library (up to Python 3.12) compile six methods for every class, 0.7 ms each time: for
the sixty of this package a tenth of what ``ivr lint`` takes. Here only ``__init__`` is compiled; comparing, hashing,
showing and refusing changes are the same code for all. Fields, `dataclasses.replace`, `dataclasses.fields` and patterns
work as ever, since the standard library still makes the class.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["dataclass"]

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, kw_only: bool = False) -> Callable[[type[T]], type[T]]:
        """A class decorator: the standard library's, for frozen classes only.

        Parameters
        ----------
        frozen : True
        kw_only : bool
            True when fields are given by name.

        Examples
        --------
        >>> from dataclasses import replace
        >>> @dataclass(frozen=True)
        ... class Call:
        ...     ani: str
        ...     seconds: float = 0.0
        >>> replace(Call("555"), seconds=2.0)
        Call(ani='555', seconds=2.0)
        >>> Call("555") == Call("555"), hash(Call("555")) == hash(Call("555"))
        (True, True)
        """
        if frozen is not True:
            raise TypeError("only frozen dataclasses are made here; dataclasses.dataclass makes the others")

        def made(cls: type[T]) -> type[T]:
            cls = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)(cls)
            fields = dataclasses.fields(cls)
            methods = {"__init__": _init(cls, fields), "__repr__": _repr([f.name for f in fields if f.repr])}
            methods |= _comparing([f.name for f in fields if f.compare])
            for name, method in (methods | {"__setattr__": _refuse, "__delattr__": _refuse}).items():
                if name not in cls.__dict__ or (name == "__hash__" and cls.__dict__[name] is None):
                    setattr(cls, name, method)
            return cls

        return made


def _few(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """As `attrgetter` with several names: always a tuple."""
    return (lambda value: (getattr(value, names[0]),)) if names else lambda value: ()


def _init(cls: type, fields: tuple[dataclasses.Field[Any], ...]) -> Callable[..., None]:
    """The ``__init__`` of a class: the only method that differs from class to class."""
    known: dict[str, Any] = {"missing": dataclasses.MISSING}
    heads: dict[bool, list[str]] = {False: [], True: []}
    body = ["own = self.__dict__"]
    for place, field in enumerate(fields):
        name, value = field.name, field.name
        if field.default is not dataclasses.MISSING:
            known[f"default{place}"] = field.default
            name = f"{name}=default{place}"
        elif field.default_factory is not dataclasses.MISSING:
            known[f"factory{place}"] = field.default_factory
            name, value = f"{name}=missing", f"factory{place}() if {value} is missing else {value}"
        heads[bool(field.kw_only)].append(name)
        body.append(f"own[{field.name!r}] = {value}")
    head = ", ".join(["self", *heads[False], *(["*", *heads[True]] if heads[True] else [])])
    exec(f"def __init__({head}):\n    " + "\n    ".join(body), known)
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__annotations__ = {field.name: field.type for field in fields} | {"return": None}
    return made


def _comparing(names: list[str]) -> dict[str, Callable[..., Any]]:
    """``__eq__`` and ``__hash__`` by these fields."""
    values = attrgetter(*names) if len(names) > 1 else _few(names)

    def eq(self: Any, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return {"__eq__": eq, "__hash__": lambda self: hash(values(self))}


def _repr(names: list[str]) -> Callable[[Any], str]:
    """``__repr__`` with these fields."""
    return recursive_repr("...")(
        lambda self: f"{self.__class__.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"
    )


def _refuse(self: Any, name: str, *value: Any) -> None:
    raise FrozenInstanceError(f"cannot {'assign to' if value else 'delete'} field {name!r}")
