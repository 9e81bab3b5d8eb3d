"""A company on a virtual exchange: callers, agents at telephones, the service and its dispatcher, on one clock.

The clock jumps from appointment to appointment, so a day takes seconds. The dispatcher can be killed in the middle of
what it asks of the carrier, as a process is.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flows.model.flow import Flow
from tests.support.desk_agents import DeskAgent
from webhooks.browser_phone.handset_routes import handset
from webhooks.carrier.exchange import Exchange, VirtualTime
from webhooks.carrier.exchange.http_client import InProcessClient
from webhooks.carrier.exchange.people import ScriptedAgent, ScriptedCaller
from webhooks.carrier.exchange.rest.app import RestApi
from webhooks.carrier.protocol import Number, Reply, Request, Response
from webhooks.carrier.requests.wsgi import Wsgi
from webhooks.dispatch.dispatcher import Dispatcher
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.people import FixedPeople
from webhooks.dispatch.twilio_telephone import TwilioTelephone
from webhooks.service.app import create_app
from webhooks.service.staffed import Staffed
from webhooks.settings.config import Config

__all__ = ["NUMBER", "Company", "Killed", "company"]

NUMBER = "+18005550100"
NINE = dt.datetime(2026, 11, 24, 9, 0, 0, tzinfo=dt.UTC)
_URL = "http://localhost"


class Killed(BaseException):
    """The process of the dispatcher ends here, whatever it was doing."""


class _Fragile:
    """A telephone whose user may be killed before or after the carrier has heard."""

    def __init__(self, telephone: TwilioTelephone, dies: Callable[[], bool]) -> None:
        self._telephone, self._dies = telephone, dies

    def __getattr__(self, name: str) -> Callable[..., Any]:
        does = getattr(self._telephone, name)

        def fragile(*given: Any, **named: Any) -> Any:
            if self._dies():
                raise Killed
            done = does(*given, **named)
            if self._dies():
                raise Killed
            return done

        return fragile


class _Lossy:
    """A transport that loses what its company says."""

    def __init__(self, inner: Wsgi, late: dict[str, Any]) -> None:
        self._inner, self._late = inner, late

    def send(self, request: Request) -> Reply:
        line = self._late.get("line")
        if line is not None and line.loses(request):
            line.lost.append(urlsplit(request.url).path)
            return Response(204, {}, b"", 0.0)
        return self._inner.send(request)

    def close(self) -> None:
        self._inner.close()


@dataclass
class Company:
    """The exchange, the service, and what is counted while time passes."""

    exchange: Exchange
    app: Any
    time: VirtualTime
    turn_s: float
    idle_s: float = 1.0
    """The dispatcher looks at a floor on which nothing has changed this often."""
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    killing: bool = False
    kills: int = 0
    most_in_room: int = 0
    agents: dict[str, ScriptedAgent | DeskAgent] = field(default_factory=dict)
    callers: list[ScriptedCaller] = field(default_factory=list)
    dispatcher: Dispatcher | None = None
    loses: Callable[[Request], bool] = lambda request: False
    """Whether a request of the carrier's gets lost."""
    lost: list[str] = field(default_factory=list)
    _alive_s: float = 0.0

    @property
    def staffed(self) -> Staffed:
        return self.app.extensions["ivr"]["staffed"]

    @property
    def floor(self) -> Floor:
        return self.staffed.floor

    def signs_in(self, name: str, **does: Any) -> ScriptedAgent:
        """An agent who answers in the browser is ready."""
        self.floor.sign_in(name)
        self.floor.ready(name)
        agent = self.agents[name] = ScriptedAgent(self.exchange, f"client:{name}", **does)
        return agent

    def works_at_the_desk(self, name: str, **more: Any) -> DeskAgent:
        """An agent is ready who does everything by the desk's own requests."""
        agent = self.agents[name] = DeskAgent(self.app, self.exchange, name, **more)
        agent.signs_in()
        return agent

    def calls(self, at_s: float, **does: Any) -> None:
        """Somebody calls at this time."""
        caller = ScriptedCaller(self.exchange, ani=f"+1415555{len(self.callers):04d}", **does)
        self.callers.append(caller)
        self.time.at(at_s, caller.call)

    def new_dispatcher(self) -> None:
        """A process with a dispatcher begins."""
        telephone = TwilioTelephone(
            self.exchange.number.account_sid, "secret", http_client=InProcessClient(RestApi(self.exchange))
        )
        orders = self.staffed.orders(_Fragile(telephone, self._dies), NUMBER)  # type: ignore[arg-type]
        silent = self.staffed.silent_calls(telephone)
        self.dispatcher = self.staffed.dispatcher(lambda: orders.carry_out(wait=True), lambda: silent.turn(wait=True))

    def run_until(self, end_s: float) -> None:
        """Let time pass; the dispatcher looks at the floor every `turn_s` if it has changed, and every `idle_s`."""
        at_s = looked_s = self.time.now_s
        while at_s < end_s:
            at_s = min(end_s, at_s + self.turn_s)
            self.time.run_until(at_s)
            if self.floor.changed.is_set() or at_s >= looked_s + self.idle_s:
                looked_s = at_s
                self.floor.changed.clear()
                self._turn()

    def _turn(self) -> None:
        assert self.dispatcher is not None
        if self.time.now_s >= self._alive_s:  # told here, because a page's signs of life follow the clock on the wall
            self._alive_s = self.time.now_s + 10.0
            for name, agent in self.agents.items():
                if agent.does != "ignore":
                    self.floor.alive(name)  # the page shows that it is there
        try:
            self.dispatcher.turn()
        except Killed:
            self.kills += 1
            self.new_dispatcher()
        self.time.run_until(self.time.now_s)
        for agent in self.agents.values():
            if isinstance(agent, DeskAgent) and agent.curious:
                agent.look()
        for room in list(self.exchange.rooms.by_name.values()):
            self.most_in_room = max(self.most_in_room, len(room.participants))

    def _dies(self) -> bool:
        return self.killing and self.chance.random() < 0.25


@contextmanager
def company(database: str, flow: Flow, people: FixedPeople, *, turn_s: float = 0.5) -> Iterator[Company]:
    """A company without anybody signed in."""
    time = VirtualTime()
    number = Number(f"{_URL}/voice", account_sid="AC" + "0" * 32, status_url=f"{_URL}/status")
    # The exchange must be there before the service, whose clock it is.
    late: dict[str, Any] = {}
    transport = _Lossy(Wsgi(lambda *given: late["app"](*given)), late)
    exchange = Exchange(number, transport, time=time, began=NINE, run="company")
    config = Config(flow=flow, development=True, public_url=_URL, database=database, clock=exchange.now)
    late["app"] = app = create_app(config, people)
    app.register_blueprint(handset(exchange, lambda who: (f"client:{who}", who)))
    late["line"] = made = Company(exchange, app, time, turn_s)
    made.floor._clock = lambda: int(exchange.now().timestamp() * 1e6)
    made.new_dispatcher()
    yield made
    app.extensions["ivr"]["journal"].flush()
    app.extensions["ivr"]["store"].close()
