"""Who answers a line, and the desk at which they do."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint

from flows.model.flow import Flow
from ivr.answering.beside import agents_beside, names_beside, smallest_agents
from ivr.phone.closed_now import closed_now
from webhooks.desk.desk import Desk, desk
from webhooks.desk.number_in_hand import NumberInHand
from webhooks.desk.people import People, added_people
from webhooks.desk.softphone import Softphone
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.voicemails import Sound
from webhooks.security.sealed_cursor import Seal
from webhooks.settings.config import Config
from webhooks.settings.problems import problem
from webhooks.store import UNREACHABLE, Store
from webhooks.store.failure_reason import failure_reason

__all__ = ["desk_of", "people_of"]

_HELD_S = 20.0
"""How long a stream of events stays open in development, where threads are plenty."""


def people_of(config: Config, store: Store) -> People:
    """Those of the agents file, and those added by command.

    Parameters
    ----------
    config : Config
    store : Store

    Raises
    ------
    IvrError
        When they are wrong, there is nobody, or the database, which may hold some, cannot be read.
    """
    file = config.agents_file or (agents_beside(config.flow_files[0]) if config.flow_files else None)
    try:
        if file is None and config.flow_files and not added_people(store):
            own = names_beside(config.flow_files[0])[0]
            raise problem(
                f"nobody answers {config.flow.name}: there is no agents file beside it",
                f"write into {own}, for example: {smallest_agents(config.flow)}; or add people, see `ivr agents add"
                " --help`",
            )
        return People(config.flow, file, store)
    except UNREACHABLE as error:
        raise problem(
            f"who answers cannot be read from {store.shown}: {failure_reason(error)}",
            "start the database, or check IVR_DATABASE_URL",
        ) from None


def desk_of(
    config: Config,
    store: Store,
    people: People,
    floor: Floor,
    flow: Callable[[], Flow],
    kept: Sound | None = None,
) -> Blueprint:
    """The pages under ``/desk``.

    Parameters
    ----------
    config : Config
    store : Store
    people : People
    floor : Floor
    flow : callable
        Gives the version of the line that new calls hear.
    kept : callable, optional
        The recordings of a virtual carrier.
    """
    numbers = NumberInHand(None if config.callers == "none" else Seal(config.secrets))
    if config.development:

        def notice() -> str:
            closed = closed_now(flow(), config.clock())
            if closed is None:
                return ""
            at = (
                f" To try it open, start with --at {closed.at}, or set the hour at the browser phone."
                if closed.at
                else ""
            )
            return closed.text + at

        return desk(Desk(flow, store, people, floor, held_s=_HELD_S, numbers=numbers, notice=notice, kept=kept))
    known = config.answering
    phone = Softphone(config.account_sid, known.api_key, known.api_secret) if known.has_softphone else None
    login = config.account_sid, config.auth_token
    return desk(Desk(flow, store, people, floor, config.base, softphone=phone, login=login, numbers=numbers))
