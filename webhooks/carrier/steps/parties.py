"""Who a <Dial> calls: numbers, clients and SIP addresses, a queue or a conference.

Source: twilio.com/docs/voice/twiml/number, client, sip, queue, conference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from webhooks.carrier.twiml.document import Element

__all__ = ["MAX_AT_ONCE", "Party", "parties"]

MAX_AT_ONCE = 10
"""Numbers that one <Dial> rings at once (voice/twiml/number)."""


@dataclass(frozen=True)
class Party:
    """One who is dialled.

    Parameters
    ----------
    kind : {"person", "queue", "conference"}
    name : str
        As people see it; of a client ``client:NAME``.
    element : Element
        The noun.
    place : int
        Which noun of the document, from 0.
    """

    kind: Literal["person", "queue", "conference"]
    name: str
    element: Element
    place: int = 0


def parties(dial: Element) -> tuple[Party, ...]:
    """Who is dialled, in the order of the document; those without a name are left out.

    Examples
    --------
    >>> nouns = (Element("Number", {}, "+12"), Element("Client", {}, "ann x", (Element("Identity", {}, "ann"),)))
    >>> [party.name for party in parties(Element("Dial", {}, "", nouns))]
    ['+12', 'client:ann']
    """
    nouns = dial.children or (Element("Number", {}, dial.text),)
    found = (Party(_KINDS.get(noun.name, "person"), _name(noun), noun, place) for place, noun in enumerate(nouns))
    return tuple(party for party in found if party.name)


_KINDS: dict[str, Literal["queue", "conference"]] = {"Queue": "queue", "Conference": "conference"}


def _name(noun: Element) -> str:
    if noun.name != "Client":
        return noun.text
    identity = next((child.text for child in noun.children if child.name == "Identity"), noun.text)
    return f"client:{identity}" if identity else ""
