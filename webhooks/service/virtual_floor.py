"""A virtual carrier beside the service: callers and agents on one machine, without Twilio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint

from webhooks.browser_phone.handset_routes import handset
from webhooks.carrier.exchange import Exchange
from webhooks.carrier.exchange.http_client import InProcessClient
from webhooks.carrier.exchange.rest.app import RestApi
from webhooks.carrier.protocol import Number
from webhooks.carrier.requests.wsgi import Wsgi
from webhooks.dispatch.dispatcher import Dispatcher
from webhooks.dispatch.people import rings_at
from webhooks.service.operated import VIRTUAL_ACCOUNT, operated
from webhooks.service.staffed import Staffed
from webhooks.settings.config import Config

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

__all__ = ["VirtualFloor", "virtual_floor"]


@dataclass(frozen=True)
class VirtualFloor:
    """A virtual carrier, and who works with it.

    Parameters
    ----------
    exchange : Exchange
    dispatcher : Dispatcher
    handsets : Blueprint
        The pages of the agents' telephones.
    """

    exchange: Exchange
    dispatcher: Dispatcher
    handsets: Blueprint


def virtual_floor(config: Config, base: str, application: WSGIApplication, answered: Staffed) -> VirtualFloor:
    """A virtual carrier that calls this service, and is told by its dispatcher.

    Parameters
    ----------
    config : Config
    base : str
        The service's address, such as ``http://127.0.0.1:5000``.
    application : WSGI application
        The service, which the carrier asks in this process.
    answered : Staffed
    """
    number = Number(f"{base}/voice", status_url=f"{base}/status", account_sid=VIRTUAL_ACCOUNT)  # nothing is signed
    exchange = Exchange(number, Wsgi(application))

    def directory(who: str) -> tuple[str, str] | None:
        agent = answered.floor.people.agents.agents.get(who)
        return (rings_at(who, agent), agent.name) if agent else None

    def name_at(address: str) -> str:
        agents = answered.floor.people.agents.agents
        return next((agent.name for name, agent in agents.items() if rings_at(name, agent) == address), "")

    exchange.names = name_at
    dispatcher = operated(config, answered, InProcessClient(RestApi(exchange)), base)
    return VirtualFloor(exchange, dispatcher, handset(exchange, directory))
