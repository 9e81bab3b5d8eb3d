"""People who answer calls as they do in a browser: by requests to the desk and to the telephone on its page, alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import Client

from webhooks.carrier.exchange import Exchange
from webhooks.carrier.exchange.leg import Leg

__all__ = ["DeskAgent"]

_HOST = "http://localhost"


@dataclass
class DeskAgent:
    """Somebody at the desk. They sign in, are ready, pick up what rings, press 1, and end their wrap-up by themselves.

    A page is told of every change; these look when their telephone does something, and a second after they have acted.

    Parameters
    ----------
    app : WSGI application
    exchange : Exchange
        For its clock, and to notice that the telephone rings.
    name : str
    wrap_up_s : float
        How long they wrap up before they press *Done, next call*.

    Attributes
    ----------
    curious : bool
        Whether they look at the page at the next opportunity.
    said : list of str
        What the desk has refused, in its words.
    posted : list of str
        What they have done.
    """

    app: Any
    exchange: Exchange
    name: str
    wrap_up_s: float = 30.0
    does: str = "answer"
    curious: bool = field(default=False, init=False)
    said: list[str] = field(default_factory=list, init=False)
    posted: list[str] = field(default_factory=list, init=False)
    _client: Client = field(init=False)
    _token: str = field(default="", init=False)
    _wraps: bool = field(default=False, init=False)
    _then: str = field(default="", init=False)
    _back: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._client = Client(self.app)
        self.exchange.phone(f"client:{self.name}").on_ring = self._rings

    def signs_in(self) -> None:
        """Choose the name at the page for it, and press *Ready*."""
        page = self._client.get("/desk/sign-in").get_data(as_text=True)
        form = {"name": self.name, "csrf": page.partition('name="csrf" value="')[2].partition('"')[0]}
        assert self._client.post("/desk/sign-in", data=form).status_code == 303
        page = self._client.get("/desk").get_data(as_text=True)
        self._token = page.partition('name="csrf" content="')[2].partition('"')[0]
        self.act("ready")

    def signs_out(self) -> None:
        """Press *Sign out*."""
        assert self._client.post("/desk/sign-out", data={"csrf": self._token}).status_code == 303

    def act(self, what: str, **more: str) -> bool:
        """Press a button of the desk; False if it was refused."""
        answer = self._client.post(f"/desk/do/{what}", json=more, headers={"X-CSRF": self._token})
        if answer.status_code != 200:
            self.said.append(str(answer.get_json()["said"]))
            return False
        self.posted.append(what)
        return True

    def pause(self, reason: str) -> None:
        """Press *Pause*, but not before their wrap-up is done."""
        if self._wraps:
            self._then = reason
        else:
            self.act("pause", reason=reason)

    def ready(self) -> None:
        """Press *Ready*, unless they wrap up and will be ready anyway."""
        self._then, self._back = "", True
        if not self._wraps:
            self.act("ready")

    def telephone(self, what: str, value: str = "") -> bool:
        """Use the telephone on the page; False if there is nothing to do that to."""
        told = {"who": self.name, "what": what, "value": value}
        return self._client.post("/handset", json=told, headers={"Origin": _HOST}).status_code == 200

    def sees(self) -> dict[str, Any]:
        """What the page shows: the first event of its stream."""
        stream = self._client.get("/desk/events", buffered=False)
        try:
            for part in stream.response:
                text = part.decode() if isinstance(part, bytes) else str(part)
                if "data: " in text:
                    return dict(json.loads(text.partition("data: ")[2]))
        finally:
            stream.close()
        raise AssertionError("the page was told nothing")

    def look(self) -> None:
        """Look at the page, and do what there is to do."""
        self.curious = False
        seen = self.sees()
        me, call = seen["me"], seen["call"]
        if me["state"] == "offered" and call:
            if call["state"] == "answered":
                self.telephone("key", "1")
            elif self.telephone("answer"):
                self.posted.append("answer")
        elif me["state"] == "wrap_up" and not self._wraps:
            self._wraps, self._then, self._back = True, me["reason"], False
            left_s = self.wrap_up_s - (seen["now_us"] - me["since_us"]) / 1e6
            self.exchange.time.at(self.exchange.time.now_s + max(0.0, left_s), self._wrapped_up)

    def _wrapped_up(self) -> None:
        self._wraps = False
        if self._then:
            self.act("pause", reason=self._then)
        else:
            self.act("ready" if self._back else "wrapped_up")

    def _rings(self, leg: Leg) -> None:
        leg.watch = self._moved
        self.curious = True

    def _moved(self, _leg: Leg) -> None:
        self.curious = True
