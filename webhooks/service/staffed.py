"""Assembles what makes the queues of a line answered by people: floor, legs, dispatcher."""

from __future__ import annotations

from dataclasses import dataclass

from webhooks.dispatch.floor import Floor
from webhooks.dispatch.leg_addresses import LegAddresses
from webhooks.dispatch.legs import Legs
from webhooks.dispatch.people import People
from webhooks.security.sealed_cursor import Seal
from webhooks.settings.config import Config
from webhooks.store import Store
from webhooks.turn.floor_calls import FloorCalls

__all__ = ["Staffed", "staffed"]


@dataclass(frozen=True)
class Staffed:
    """What answers the queues of a line.

    Parameters
    ----------
    floor : Floor
    legs : Legs
    addresses : LegAddresses
    calls : FloorCalls
    """

    floor: Floor
    legs: Legs
    addresses: LegAddresses
    calls: FloorCalls


def staffed(config: Config, store: Store, people: People) -> Staffed:
    """What answers the queues of a line with these people.

    Parameters
    ----------
    config : Config
    store : Store
    people : People
    """
    floor = Floor(store, people)
    addresses = LegAddresses(config.base, Seal(config.secrets))
    labels = {name: queue.label for name, queue in config.flow.queues.items() if queue.label}
    legs = Legs(floor, addresses, config.flow.languages[0], labels)
    return Staffed(floor, legs, addresses, FloorCalls(floor, legs, config.numbers))
