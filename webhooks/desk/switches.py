"""The switches of the line, which supervisors turn at the desk."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from flows.model.flow import Flow
from flows.model.switches import unknown_switch
from flows.source.finding import UsageError
from webhooks.desk import audit
from webhooks.desk.guard import Person
from webhooks.store import Store
from webhooks.store.switch_states import SwitchState, SwitchStates, turn_switch
from webhooks.store.switch_texts import message_texts, moment_until, said_of

__all__ = ["Switches"]


class Switches:
    """The switches of a line at its desk.

    Parameters
    ----------
    flow : callable
        Gives the line.
    store : Store
    """

    def __init__(self, flow: Callable[[], Flow], store: Store) -> None:
        self._flow, self._store, self._states = flow, store, SwitchStates(store)

    def rows(self) -> list[dict[str, Any]]:
        """Every switch of the line as it is now, JSON-ready."""
        known, now_us = self._states.now(), time.time_ns() // 1_000
        return [
            {
                "name": name,
                "on": state.on(now_us),
                "since_us": state.at_us,
                "until_us": state.until_us,
                "by": state.by_whom,
                "said": " · ".join(state.messages.values()),
            }
            for name in self._flow().switches
            for state in [known.get(name, SwitchState())]
        ]

    def turn(self, person: Person, posted: Mapping[str, str]) -> str:
        """Turn a switch on or off; why it cannot be, or an empty string."""
        flow, name, now_us = self._flow(), posted.get("name", ""), time.time_ns() // 1_000
        if problem := unknown_switch(flow.switches, name):
            return _sentence(*problem)
        turned = SwitchState(False, {}, now_us, None, person.stated.name)
        if posted.get("state") == "on":
            message, until = posted.get("message", "").strip(), posted.get("until", "").strip()
            try:
                texts = message_texts(flow, [message] if message else [])
                until_us = moment_until(flow, until, now_us) if until else None
            except UsageError as error:
                return _sentence(error.findings[0].message, error.findings[0].hint)
            turned = SwitchState(True, texts, now_us, until_us, person.stated.name)
        turn_switch(self._store, name, turned)
        what = f"switched {'on' if turned.turned_on else 'off'}"
        audit.note(self._store, person.agent, what, said_of(name, turned, flow))
        return ""


def _sentence(message: str, hint: str) -> str:
    return f"{message.removeprefix('--')[0].upper()}{message.removeprefix('--')[1:]}: {hint}."
