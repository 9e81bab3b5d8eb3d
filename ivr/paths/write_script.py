"""A way through a flow as a call script that people can read: what is heard, what is done, where it ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flows.model.flow import Flow
from flows.nodes.menu import Menu
from flows.protocol.actions import Enqueue, Listen
from flows.speech.announcements import announcements
from ivr.paths.search import Way, line_of
from ivr.phone.call_script import SETTINGS
from ivr.phone.event_words import keys_in
from ivr.phone.flow_scripts import FlowDriver
from ivr.phone.script_player import carry_out

__all__ = ["scripts_text"]

_MOST_PARTS = 4
_UNSAID = ("answer", "hang up")


def scripts_text(flow: Flow, ways: Iterable[Way]) -> str:
    """Call scripts, one for each way, with names of their own.

    Parameters
    ----------
    flow : Flow
    ways : iterable of Way
        Found in this flow.
    """
    used: dict[str, int] = {}
    blocks = []
    for way in ways:
        name, lines = _written(flow, way)
        used[name] = used.get(name, 0) + 1
        title = name if used[name] == 1 else f"{name} ({used[name]})"
        blocks.append("\n".join([f"call: {title}", *(f"  {line}" for line in lines)]))
    return "\n\n".join(blocks) + "\n"


def _written(flow: Flow, way: Way) -> tuple[str, list[str]]:
    """The name of the call, and its lines with what is heard and where it ends."""
    driver, lines = FlowDriver(flow, "a call"), list[str]()
    parts: list[str] = []
    for text in way.lines:
        line = line_of(text)
        if line.command not in SETTINGS or driver.phone is not None:
            driver.begin()
            lines += _heard(driver, text)
            if (part := _part(flow, driver, text)) and part not in parts[-1:]:
                parts.append(part)
        else:
            parts.append(text)
        lines.append(text)
        carry_out(line, driver)
    driver.begin()
    lines.append(f"ends {driver.outcome}")
    name = ", ".join(parts[-_MOST_PARTS:]) or "nobody has to do anything"
    return name[0].upper() + name[1:], lines


def _heard(driver: FlowDriver, text: str) -> Iterator[str]:
    """What the caller acts on: the option, or the queue."""
    phone = driver.phone
    assert phone is not None
    if isinstance(phone.waits, Enqueue):
        yield f"expect queue {phone.waits.queue}"
    elif isinstance(phone.waits, Listen) and text.startswith("press "):
        key = keys_in(text.removeprefix("press "))
        for _, say in phone.turns[-1].said:
            for one in announcements(say.text, say.language):
                if one.key == key and '"' not in say.text:
                    yield f'hear "{say.text[one.start : one.end].strip()}"'
                    return


def _part(flow: Flow, driver: FlowDriver, text: str) -> str:
    """What a step is called in the name of the call: the label chosen, silence, an answer."""
    phone = driver.phone
    assert phone is not None
    if text in _UNSAID or text.startswith("given "):
        return ""
    if text == "wait":
        return "silence"
    node = flow.nodes[phone.session.node]
    if text.startswith("press ") and isinstance(phone.waits, Listen):
        keys = keys_in(text.removeprefix("press ")) or ""
        if isinstance(node, Menu):
            first = flow.languages[0]
            label = next((choice.label for choice in node.choices if keys in choice.all_keys and choice.label), None)
            if label is not None:
                return label.words(first, first)
        return f"{keys} at {phone.session.node}" if len(keys) == 1 else f"an entry at {phone.session.node}"
    return text.removeprefix("lookup ")
