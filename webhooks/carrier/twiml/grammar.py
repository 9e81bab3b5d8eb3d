"""The elements and attributes of TwiML, read from the builder classes of Twilio's library, so that no separate list is
needed.

What does not fit draws warning 12200 and is ignored, as at Twilio. Source: twilio.com/docs/api/errors/12200.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache

from twilio.twiml import voice_response

from webhooks.carrier.call_log import Problem
from webhooks.carrier.twiml.document import Element

__all__ = ["complaints", "known", "nested"]

_ANY = {"xml:lang", "xmlns:xsi", "xsi:noNamespaceSchemaLocation"}
_WORDS = {"Say", "Prompt", "Task", "Parameter", "Config"}
"""Elements that may hold SSML or any text."""


def known(name: str) -> bool:
    """Whether TwiML has this element.

    Examples
    --------
    >>> known("Gather"), known("gather")
    (True, False)
    """
    return name in _classes()


def nested(name: str) -> frozenset[str]:
    """The elements allowed in an element.

    Examples
    --------
    >>> sorted(nested("Gather"))
    ['Pause', 'Play', 'Say']
    """
    return _children(name)


def complaints(element: Element) -> Iterator[Problem]:
    """What is wrong with an element, and with those in it, by Twilio's schema.

    Examples
    --------
    >>> gather = Element("Gather", {"numdigits": "1"}, "", (Element("Dial", {}),), 3)
    >>> [problem.message for problem in complaints(gather)]
    ["line 3: <Gather> has no attribute 'numdigits'", 'line 0: <Dial> is not allowed in <Gather>']
    """
    unknown = sorted(set(element.attributes) - _attributes(element.name) - _ANY)
    for name in unknown:
        near = next((a for a in _attributes(element.name) if a.lower() == name.lower()), "")
        yield _warning(
            f"line {element.line}: <{element.name}> has no attribute {name!r}", f"did you mean {near}?" if near else ""
        )
    if element.name in _WORDS:
        return
    for child in element.children:
        if child.name in nested(element.name):
            yield from complaints(child)
        else:
            yield _warning(f"line {child.line}: <{child.name}> is not allowed in <{element.name}>", "it is ignored")


def _warning(message: str, hint: str) -> Problem:
    return Problem("12200", message, hint, "warning")


@cache
def _classes() -> dict[str, type]:
    return {
        name: c
        for name, c in vars(voice_response).items()
        if inspect.isclass(c) and name not in ("TwiML", "VoiceResponse")
    }


@cache
def _children(name: str) -> frozenset[str]:
    owner = voice_response.VoiceResponse if name == "Response" else _classes().get(name)
    methods = [m for m, f in vars(owner).items() if inspect.isfunction(f) and not m.startswith("_")] if owner else []
    return frozenset(_element(method) for method in methods) & frozenset(_classes())


@cache
def _attributes(name: str) -> frozenset[str]:
    """The parameters of the method that adds the element, less those of its class, which are its text."""
    method = name[0].lower() + name[1:]
    snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in method)
    owners = [voice_response.VoiceResponse, *_classes().values()]
    taken = [
        inspect.signature(getattr(owner, snake)).parameters
        for owner in owners
        if inspect.isfunction(vars(owner).get(snake))
    ]
    text = set(inspect.signature(_classes()[name]).parameters) if known(name) else set()
    return frozenset(
        _attribute(parameter) for parameters in taken for parameter in set(parameters) - text - {"self", "kwargs"}
    )


def _element(method: str) -> str:
    return "".join(part.capitalize() for part in method.split("_"))


def _attribute(parameter: str) -> str:
    first, *rest = parameter.rstrip("_").split("_")
    return first + "".join(part.capitalize() for part in rest)
