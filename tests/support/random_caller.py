"""A random caller: at every turn one of the possible outcomes, all equally likely, drawn from a seed.

Shared by every test of one meaning, so that step, phone, webhooks and chain meet the same callers.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from flows.model.flow import Flow
from flows.protocol.actions import (
    EFFECTS,
    Action,
    Ask,
    Dial,
    Effect,
    Enqueue,
    Event,
    Fetch,
    HungUp,
    Keys,
    Listen,
    Outcome,
    Pay,
    Record,
    Silence,
    Speech,
    Start,
)

MAX_TURNS = 40
"""A caller still on the line by then hangs up."""


class RandomCaller:
    """One caller, made from a seed alone.

    Parameters
    ----------
    flow : Flow
    seed : int
    """

    def __init__(self, flow: Flow, seed: int) -> None:
        self.flow = flow
        self._chance = random.Random(seed)
        self.call = f"CA{seed:032x}"
        self.turns = 0
        zone = next((ZoneInfo(hours.zone) for hours in flow.hours.values()), dt.UTC)
        minutes = self._chance.randrange(14 * 24 * 60)
        self.now = dt.datetime(2026, 11, 16, tzinfo=zone) + dt.timedelta(minutes=minutes)

        cases = [wire.outcome for node in flow.nodes.values() if node.reads() for wire in node.wires()]
        self._known = [*(case.rstrip("*") for case in cases), "12.50", "2026-12-01", "Åse <b>& \u4e2d"]
        self._prefixes = [case.rstrip("*") for case in cases if case.rstrip("*").isdigit()]

    def start(self) -> Start:
        """The call, with values that splits test."""
        values: dict[str, str] = {}
        dnis, ani = "+18005550100", f"+1415555{self._chance.randrange(10_000):04d}"
        if self._chance.random() < 0.1:
            ani = ""  # withheld
        for node in self.flow.nodes.values():
            for _, name in node.reads():
                cases = [wire.outcome for wire in node.wires() if wire.outcome != "otherwise"]
                value = self._chance.choice([*cases, "something else", ""]).rstrip("*")
                if name == "dnis":
                    dnis = value or dnis
                elif name == "ani":
                    ani = value or ani
                elif name != "language":
                    values[name] = value
        return Start(ani=ani, dnis=dnis, values=values)

    def event(self, waits: Action) -> Event:
        """What happens next, given what the call waits for."""
        chance = self._chance
        if isinstance(waits, EFFECTS):
            return self._service(waits)
        self.turns += 1
        if self.turns > MAX_TURNS or chance.random() < 0.02:
            return HungUp()
        if isinstance(waits, Listen):
            return self._input(waits)
        if isinstance(waits, Ask | Enqueue | Dial | Record | Pay):
            return Outcome(chance.choice(waits.labels))
        raise AssertionError(f"nothing can happen at {waits}")

    def _service(self, waits: Effect) -> Outcome:
        """What a service answers; callers cannot hang up that quickly."""
        label = self._chance.choice(waits.labels)
        wanted = waits.into if isinstance(waits, Fetch) and label not in ("failure", "timeout") else ()
        lists = waits.lists if isinstance(waits, Fetch) and label not in ("failure", "timeout") else ()
        brought = {name: self._chance.choice(self._known) for name, _ in wanted}
        for of in lists:
            items = [
                {name: self._chance.choice(self._known) for name, _ in of.fields}
                for _ in range(self._chance.randrange(5))
            ]
            brought[of.name] = json.dumps(items)
        return Outcome(label, brought)

    def _input(self, waits: Listen) -> Event:
        chance = self._chance
        if not waits.keys:
            length = chance.choice([waits.max_digits, chance.randint(1, waits.max_digits)])
            digits = "".join(chance.choice("0123456789") for _ in range(length))
            known = [prefix for prefix in self._prefixes if len(prefix) <= waits.max_digits]
            if known and chance.random() < 0.5:
                prefix = chance.choice(known)
                digits = prefix + digits[len(prefix) :]
            free = [key for key in self.flow.keys if key != waits.finish_key]
            return chance.choice([Keys(digits), Keys(digits), Keys(digits), Silence(), *(Keys(key) for key in free)])
        unbound = [key for key in "123456789*#0" if key not in waits.keys and key != waits.finish_key]
        events: list[Event] = [Keys(key) for key in waits.keys]
        events += [Silence(), *([Keys(chance.choice(unbound))] if unbound else [])]
        if waits.hints:
            events.append(Speech(chance.choice(waits.hints)))
            events.append(Speech(chance.choice((*waits.hints, "hm")), chance.choice((0.2, 1.0))))
        return chance.choice(events)


def callers(flow: Flow, count: int, *, first_seed: int = 0) -> Iterator[RandomCaller]:
    """`count` callers, each from a seed of its own."""
    return (RandomCaller(flow, first_seed + i) for i in range(count))
