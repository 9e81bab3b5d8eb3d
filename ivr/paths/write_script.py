"""A way through a flow as a call script that people can read: what is heard, what is done, where it ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from flows.model.flow import Flow
from flows.nodes.base_dialogue import NO_MATCH
from flows.nodes.language import Language
from flows.nodes.menu import Menu
from flows.protocol.actions import EFFECTS, Enqueue, Keys, Listen
from flows.speech.languages import language as language_of
from ivr.paths.search import Way, line_of
from ivr.phone.call_script import SETTINGS
from ivr.phone.event_words import keys_in
from ivr.phone.flow_scripts import FlowDriver
from ivr.phone.script_player import carry_out

__all__ = ["scripts_text"]

_MOST_PARTS = 4
_LONGEST = 110
"""Letters of a line."""
_SENTENCE = re.compile(r"[^.!?。！？]+[.!?。！？]*(?:\s|$)|[^.!?。！？]+[.!?。！？]+")
_TOLD_OTHERWISE = (Enqueue, *EFFECTS)
"""What a call waits for where its node is not told: its queue is, or the next line is what a service answers."""
_UNSAID = ("answer", "hang up")
_TOLD_HOW_OFTEN = ("silence", "a wrong key", "a wrong entry")
_TIMES = {1: "", 2: "twice"}


def scripts_text(flow: Flow, ways: Iterable[Way]) -> str:
    """Call scripts, one for each way, with names of their own.

    Every text is heard in full once, where the first call comes to it, and begins to be heard once for each exit that
    leads to it.

    Parameters
    ----------
    flow : Flow
    ways : iterable of Way
        Found in this flow.
    """
    used: dict[str, int] = {}
    writer = _Writer(flow)
    blocks = []
    for way in ways:
        name, lines = writer.written(way)
        used[name] = used.get(name, 0) + 1
        title = name if used[name] == 1 else f"{name} ({used[name]})"
        blocks.append("\n".join([f"call: {title}", *(f"  {line}" for line in lines)]))
    return "\n\n".join(blocks) + "\n"


class _Writer:
    """Writes calls of a flow one after the other, and remembers what they have heard."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self._told: set[tuple[str, str]] = set()
        self._entered: set[tuple[str, ...]] = set()

    def written(self, way: Way) -> tuple[str, list[str]]:
        """The name of the call, and its lines with what is heard and where it ends."""
        driver, lines, parts = FlowDriver(self.flow, "a call"), list[str](), list[str]()
        for text in way.lines:
            line = line_of(text)
            if line.command not in SETTINGS or driver.phone is not None:
                if driver.phone is None:
                    driver.begin()
                    lines += self._heard(driver)
                lines += _acted_on(driver, text)
                parts.append(_part(self.flow, driver, text))
            else:
                parts.append(text)
            lines.append(text)
            carry_out(line, driver)
            if line.command not in SETTINGS and text != "hang up":
                lines += self._heard(driver)
        if driver.phone is None:
            driver.begin()
            lines += self._heard(driver)
        if driver.ended:
            lines.append(f"ends {driver.outcome}")
        return _named(parts), lines

    def _heard(self, driver: FlowDriver) -> Iterator[str]:
        """What is said since the last step, as far as no call has heard it or not after this exit; then the node."""
        phone = driver.phone
        assert phone is not None
        turn = phone.turns[-1]
        steps = (*((one.node, one.outcome) for one in turn.passed), (driver.node, ""))
        ways = {(*passed, after, phone.session.language) for passed, (after, _) in pairwise(steps)}
        entered = not ways <= self._entered
        self._entered |= ways
        for node, say in turn.said:
            first, *more = _pieces(say.text)
            new = (node, say.text) not in self._told
            self._told.add((node, say.text))
            heard = (first, *more) if new else (first,) if entered else ()
            yield from (f'hear "{piece}"' for piece in heard if piece and '"' not in piece)
        if (entered or not turn.said or driver.ended) and not isinstance(phone.waits, _TOLD_OTHERWISE):
            yield f"expect node {driver.node}"


def _pieces(text: str) -> list[str]:
    """A text in lines of some sentences each."""
    found = [""]
    for sentence in _SENTENCE.findall(" ".join(text.split())):
        if found[-1] and len(found[-1]) + len(sentence) > _LONGEST:
            found.append("")
        found[-1] = f"{found[-1]} {sentence}".strip()
    return found


def _acted_on(driver: FlowDriver, text: str) -> Iterator[str]:
    """What the caller acts on: the option, or the queue."""
    phone = driver.phone
    assert phone is not None
    if isinstance(phone.waits, Enqueue):
        yield f"expect queue {phone.waits.queue}"


def _part(flow: Flow, driver: FlowDriver, text: str) -> str:
    """What a step is called in the name of the call: the label chosen, silence, an answer."""
    phone = driver.phone
    assert phone is not None
    if text in _UNSAID or text.startswith("given "):
        return ""
    if text == "wait":
        return "silence"
    if not (text.startswith("press ") and isinstance(phone.waits, Listen)):
        return text.removeprefix("lookup ")
    node, keys, first = flow.nodes[phone.session.node], keys_in(text.removeprefix("press ")) or "", flow.languages[0]
    reading = node.classify(phone.session.here(flow), Keys(keys))
    if reading and reading.outcome == NO_MATCH:
        return "a wrong entry" if len(keys) > 1 else "a wrong key"
    if isinstance(node, Language) and reading and reading.outcome in flow.languages:
        return language_of(reading.outcome).name
    if isinstance(node, Menu):
        label = next((choice.label for choice in node.choices if keys in choice.all_keys and choice.label), None)
        if label is not None:
            return label.words(first, first)
    if (bound := flow.keys.get(keys)) is not None:
        return bound.label.words(first, first) if bound.label else bound.then
    return f"{keys} at {phone.session.node}" if len(keys) == 1 else f"an entry at {phone.session.node}"


def _named(parts: Sequence[str]) -> str:
    """The last parts as a name; what happens several times in a row is said once."""
    told = []
    for part, same in groupby(part for part in parts if part):
        times = len(list(same))
        told.append(
            part if times == 1 or part not in _TOLD_HOW_OFTEN else f"{part} {_TIMES.get(times, f'{times} times')}"
        )
    name = ", ".join(told[-_MOST_PARTS:]) or "nobody has to do anything"
    return name[0].upper() + name[1:]
