"""Assembles what makes the queues of a line answered by people: floor, legs, dispatcher."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flows.model.flow import Flow
from webhooks.dispatch.callback_legs import CallbackLegs
from webhooks.dispatch.callbacks import CallbackWork
from webhooks.dispatch.dispatcher import Dispatcher
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.guest_legs import GuestLegs
from webhooks.dispatch.leg_addresses import LegAddresses
from webhooks.dispatch.leg_endpoints import Answer
from webhooks.dispatch.legs import Legs
from webhooks.dispatch.order_news import FloorNews
from webhooks.dispatch.orders import Orders
from webhooks.dispatch.people import People
from webhooks.dispatch.silent_calls import SilentCalls
from webhooks.dispatch.telephone import Telephone
from webhooks.dispatch.voicemails import VoicemailWork
from webhooks.security.sealed_cursor import Seal
from webhooks.settings.config import Config
from webhooks.store import UNREACHABLE, Store
from webhooks.turn.floor_calls import FloorCalls

__all__ = ["Staffed", "staffed"]

_log = logging.getLogger("ivr.floor")


@dataclass(frozen=True)
class Staffed:
    """What answers the queues of a line.

    Parameters
    ----------
    floor : Floor
    legs : Legs
    addresses : LegAddresses
    calls : FloorCalls
    callbacks : CallbackWork
    callback_legs : CallbackLegs
    guest_legs : GuestLegs
    voicemails : VoicemailWork
    """

    floor: Floor
    legs: Legs
    addresses: LegAddresses
    calls: FloorCalls
    callbacks: CallbackWork
    callback_legs: CallbackLegs
    guest_legs: GuestLegs
    voicemails: VoicemailWork

    def endpoints(self) -> Mapping[str, Answer]:
        """What answers the carrier about legs, by path."""
        legs = {**self.legs.endpoints(), **self.callback_legs.endpoints(), **self.guest_legs.endpoints()}
        return {**legs, **self.voicemails.endpoints()}

    def orders(self, telephone: Telephone, calls_from: str, base: str = "") -> Orders:
        """What carries out the orders to the carrier; `base` stands before the addresses of a line without a host."""
        return Orders(
            self.floor.store,
            telephone,
            FloorNews(self.floor, self.callbacks),
            lambda path, offer: base + self.addresses.of(path, offer),
            from_number=calls_from,
            number_of=self.callbacks.number_of,
            clock_us=lambda: self.floor.now_us,
            others=self.voicemails.notices(),
        )

    def silent_calls(self, telephone: Telephone) -> SilentCalls:
        """What finds out that calls are over although nobody reports it."""
        return SilentCalls(self.floor.store, telephone, self, lambda: self.floor.now_us)

    def agent_over(self, offer: str, status: str) -> None:
        """The leg of an agent is over."""
        self.legs.ended(offer, status)

    def callback_over(self, offer: str, status: str) -> None:
        """The call of somebody who is called back is over."""
        self.callback_legs.ended(offer, status)

    def guest_over(self, offer: str, status: str) -> None:
        """The call of a guest is over."""
        self.guest_legs.ended(offer, status)

    def caller_over(self, call_sid: str) -> None:
        """A caller's call is over."""
        self.calls.over(call_sid)

    def dispatcher(self, carry_out: Callable[[], None], *due: Callable[[], None]) -> Dispatcher:
        """The dispatcher of this process; it must be started."""
        tasks = tuple(_apart(task) for task in (self.callbacks.turn, self.voicemails.turn, *due))
        return Dispatcher(self.floor, carry_out, tasks)


def _apart(task: Callable[[], None]) -> Callable[[], None]:
    """A task whose faults do not keep the dispatcher from the calls that wait."""

    def done() -> None:
        try:
            task()
        except UNREACHABLE:
            raise
        except Exception as error:
            _log.error("callbacks and voicemails: %s", type(error).__name__)

    return done


def staffed(config: Config, store: Store, people: People, flow: Callable[[], Flow]) -> Staffed:
    """What answers the queues of a line with these people.

    Parameters
    ----------
    config : Config
    store : Store
    people : People
    flow : callable
        Gives the version of the line that new calls hear.
    """
    floor = Floor(store, people)
    addresses = LegAddresses(config.base, Seal(config.secrets))
    legs = Legs(floor, addresses, flow)
    callbacks = CallbackWork(floor, flow, config.allowed_numbers, config.answering.calls_from)
    callback_legs = CallbackLegs(floor, callbacks, addresses, flow)
    guest_legs = GuestLegs(floor, addresses)
    calls = FloorCalls(floor, legs, config.numbers)
    voicemails = VoicemailWork(store, config.answering, flow, config.base, lambda: floor.now_us)
    return Staffed(floor, legs, addresses, calls, callbacks, callback_legs, guest_legs, voicemails)
