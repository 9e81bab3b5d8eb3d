"""Every way through a flow that shows something new: a search over calls, the shortest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from flows.model.flow import Flow
from flows.nodes.split import Split
from flows.protocol.actions import Enqueue
from ivr.coverage.coverage import Thing, tried_things
from ivr.paths.beginnings import beginnings
from ivr.paths.next_lines import next_lines
from ivr.paths.said_again import reprompt
from ivr.phone.call_script import SETTINGS, Line, read_scripts
from ivr.phone.flow_scripts import FlowDriver
from ivr.phone.script_player import carry_out

__all__ = ["MOST_CALLS", "Way", "line_of", "ways"]

MOST_CALLS, MOST_OTHERS = 20_000, 3_000
"""Calls that are looked at before the search gives up on what it has not found: those that begin as usual, and for each
other beginning."""
_NAME = "a call"


class Way(NamedTuple):
    """One call: its lines, and what it tries."""

    lines: tuple[str, ...]
    things: frozenset[tuple[str, Thing]]


@dataclass(frozen=True)
class _Call:
    """A call under way, after some lines, and what it has tried so far."""

    driver: FlowDriver
    lines: tuple[str, ...]
    things: frozenset[tuple[str, Thing]] = frozenset()

    def after(self, driver: FlowDriver, lines: tuple[str, ...]) -> _Call:
        """The call after more lines."""
        before = len(self.driver.phone.turns) if self.driver.phone else 0
        turns = driver.phone.turns[before:] if driver.phone else []
        path = tuple((passed.node, passed.outcome) for turn in turns for passed in turn.passed)
        heard = frozenset((node, say.language) for turn in turns for node, say in turn.said)
        new = tried_things(driver.flow, path, heard, driver.node)
        again = reprompt(driver.flow, driver.phone.session) if driver.phone and not driver.ended else None
        new |= {again} if again else frozenset()
        return _Call(driver, (*self.lines, *lines), self.things | new)


def ways(flow: Flow, wanted: frozenset[tuple[str, Thing]]) -> list[Way]:
    """For each thing that can be tried, the shortest call that does.

    Parameters
    ----------
    flow : Flow
    wanted : frozenset of (family, thing)
        The search stops when all are found.

    Returns
    -------
    list of Way
        Each tries something that the ones before it do not; calls that go on are ended by the caller or an agent.
    """
    reads = frozenset(name for node in flow.nodes.values() for _, name in node.reads())
    found: list[Way] = []
    missing = set(wanted)
    seen: set[object] = set()
    for settings in beginnings(flow):
        first = _begun(flow, settings)
        if first is None:
            continue
        todo, looked = deque([first]), 0
        while todo and missing and looked < (MOST_OTHERS if settings else MOST_CALLS):
            call = todo.popleft()
            looked += 1
            if call.things & missing:
                way = _finished(flow, call)
                if new := way.things & missing:
                    missing -= new
                    found.append(way)
            state = _state(call, reads)
            if call.driver.ended or state in seen:
                continue
            seen.add(state)
            todo.extend(_onward(flow, call))
        if not missing:
            break
    return found


def _begun(flow: Flow, settings: tuple[str, ...]) -> _Call | None:
    driver = FlowDriver(flow, _NAME)
    for text in settings:
        if carry_out(line_of(text), driver) is not None:
            return None
    before = _Call(copy(driver), ())
    driver.begin()
    return before.after(driver, settings)


@lru_cache(maxsize=4096)
def line_of(text: str) -> Line:
    """One line of a script."""
    return read_scripts(f"call: {_NAME}\n  {text}\n", "")[0].lines[0]


def _onward(flow: Flow, call: _Call) -> Iterator[_Call]:
    phone = call.driver.phone
    assert phone is not None
    for texts in next_lines(flow, phone):
        driver = _copied(call.driver)
        if all(carry_out(line_of(text), driver) is None for text in texts):
            yield call.after(driver, texts)


def _copied(driver: FlowDriver) -> FlowDriver:
    """The same call, to go on by itself."""
    other = copy(driver)
    if driver.phone is not None:
        other.phone = copy(driver.phone)
        other.phone.turns = list(driver.phone.turns)
    other.brought = dict(driver.brought)
    return other


def _finished(flow: Flow, call: _Call) -> Way:
    """The call to its end: an agent answers, or the caller hangs up."""
    lines: tuple[str, ...] = ()
    driver = _copied(call.driver)
    phone = driver.phone
    assert phone is not None
    last = "answer" if isinstance(phone.waits, Enqueue) and "answered" in phone.waits.labels else "hang up"
    for after in (last, "hang up"):
        if not driver.ended and carry_out(line_of(after), driver) is None:
            lines = (*lines, after)
    ended = call.after(driver, lines)
    return Way((*_drawn(flow, ended), *ended.lines), ended.things)


def _drawn(flow: Flow, call: _Call) -> Iterator[str]:
    """Settings that keep what chance has picked: it goes by the name of a call, and this one is yet to be named."""
    path = call.driver.phone.path if call.driver.phone else ()
    for name, outcome in dict.fromkeys(path):
        node, line = flow.nodes[name], f"draw {name} = {outcome}"
        if isinstance(node, Split) and outcome in node.shares and line not in call.lines:
            yield line


def _state(call: _Call, reads: frozenset[str]) -> object:
    """What decides how a call can go on, as far as a new thing may come of it."""
    phone = call.driver.phone
    assert phone is not None
    session = phone.session
    values = tuple((name, value) for name, value in session.values if name in reads)
    beginning = tuple(text for text in call.lines[:1] if line_of(text).command in SETTINGS)
    return session.dialogue, session.stack, session.asked, values, beginning
