"""Plays call scripts on a flow in this process, and lists the exits that none of them tried."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from flows.model.flow import Flow
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH
from flows.nodes.split import Split
from flows.protocol.actions import Enqueue, Event, Fetch, Keys, Listen, Outcome, Send, Start
from flows.source.finding import Finding, UsageError
from flows.speech.values import masked
from flows.values.caller_numbers import not_a_number
from ivr.interpreter.clock_and_chance import Switched, switched_on
from ivr.phone.call_script import Line, Script
from ivr.phone.call_time import DEFAULT_AT, moment_of, zone_of
from ivr.phone.hours_answers import can_happen
from ivr.phone.script_player import Complaint, Played, Seen, play
from ivr.phone.terminal_phone import Phone, fits
from ivr.phone.transcript import waiting_for

__all__ = ["FlowDriver", "exits", "run", "setting_complaint", "untried"]

_AFTER_THE_LAST = ("otherwise", NO_INPUT, NO_MATCH)


def run(flow: Flow, script: Script) -> Played:
    """Play one script on a flow.

    Parameters
    ----------
    flow : Flow
    script : Script

    Returns
    -------
    Played
        Its `seconds` are by the phone's clock, without time spent talking.

    Examples
    --------
    >>> from ivr.phone.call_script import read_scripts
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}}})
    >>> run(flow, read_scripts("call: one\\n  ends contained", "a.calls")[0]).findings
    ()
    """
    driver = FlowDriver(flow, script.name)
    findings, _ = play(script, driver)
    return driver.played(script, findings)


def exits(flow: Flow) -> tuple[tuple[str, str], ...]:
    """What scripts can try: every wired exit, as (node, outcome), and every node that ends the call.

    Keys that work everywhere and the exits after the last attempt are left out, and what opening hours never answer.
    """
    found: list[tuple[str, str]] = []
    for name, node in flow.nodes.items():
        wires = node.wires()
        taken = (w.outcome for w in wires if w.target is not None and w.outcome not in _AFTER_THE_LAST)
        found += [(name, outcome) for outcome in taken if can_happen(flow, name, outcome)]
        found += [] if wires else [(name, "hangup")]
    return tuple(found)


def untried(flow: Flow, played: Iterable[Played]) -> tuple[tuple[str, str], ...]:
    """Those of `exits` that no script took."""
    tried = {step for one in played for step in one.path}
    return tuple(step for step in exits(flow) if step not in tried)


def setting_complaint(flow: Flow, line: Line, *, begun: bool) -> Complaint | None:
    """What is wrong with a line that prepares a call, wherever it stands in a script.

    Parameters
    ----------
    flow : Flow
    line : Line
        Its command is one of `ivr.phone.call_script.SETTINGS`.
    begun : bool
        Whether the call has begun before this line.
    """
    return _too_late(line) if begun else FlowDriver(flow, "").set(line)


def _too_late(line: Line) -> Complaint:
    return f"{line.command!r} comes after the call has begun", "move it to the top of the call"


@dataclass
class FlowDriver:
    """A phone that calls the flow; it is created when the call begins, from the settings before that.

    Parameters
    ----------
    flow : Flow
    name : str
        Of the call, which decides its draws.
    start, phone, draws, switched, brought, heard_from
        The state of the call so far.
    """

    flow: Flow
    name: str
    start: Start = field(default_factory=Start)
    phone: Phone | None = None
    draws: dict[str, Outcome] = field(default_factory=dict)
    switched: Switched = field(default_factory=dict)
    brought: dict[str, str] = field(default_factory=dict)
    """Values that the next lookup returns."""
    heard_from: int = 0

    def __post_init__(self) -> None:
        self.at = DEFAULT_AT.replace(tzinfo=zone_of(self.flow))

    def _dialled(self) -> Phone:
        if self.phone is None:
            self.phone = Phone(
                self.flow, self.at, self.start, call=self.name, answers=self.draws, switched=self.switched
            )
            self.phone.dial()
        return self.phone

    def begin(self) -> None:
        self._dialled()

    def played(self, script: Script, findings: tuple[Finding, ...]) -> Played:
        """How the call has gone so far."""
        if self.phone is None:
            return Played(script, findings, 0.0)
        heard = frozenset((node, say.language) for turn in self.phone.turns for node, say in turn.said)
        return Played(
            script, findings, self.phone.elapsed_s, self.phone.path, heard=heard, ends_at=self.phone.session.node
        )

    @property
    def node(self) -> str:
        return self.phone.session.node if self.phone else ""

    @property
    def ended(self) -> bool:
        return self._dialled().ended

    @property
    def outcome(self) -> str:
        return self._dialled().session.outcome

    @property
    def awaited(self) -> str:
        waits = self._dialled().waits
        return "keys" if isinstance(waits, Listen) else waiting_for(waits)

    @property
    def heard(self) -> str:
        return " ".join(say.text for turn in self._dialled().turns[self.heard_from :] for _, say in turn.said)

    @property
    def texted(self) -> str:
        sent = (turn.waits for turn in reversed(self._dialled().turns) if isinstance(turn.waits, Send))
        return next((one.text for one in sent), "")

    @property
    def seconds(self) -> float:
        return self._dialled().elapsed_s

    @property
    def keys(self) -> int:
        return sum(turn.keys for turn in self._dialled().turns)

    def covers(self, line: Line) -> bool:
        return True

    def failure(self) -> Complaint | None:
        return None

    def advice(self, left_out: Sequence[Line]) -> str:
        return ""

    def set(self, line: Line) -> Complaint | None:
        if self.phone is not None:
            if line.command == "given" and isinstance(self.phone.waits, Fetch):
                return self._given(line, self.brought)
            return _too_late(line)
        match line.command:
            case "at":
                return self._at(line)
            case "given":
                values = dict(self.start.values)
                problem = self._given(line, values)
                self.start = replace(self.start, values=values)
                return problem
            case "draw":
                return self._draw(line)
            case "switch":
                return self._switch(line)
            case "language":
                if line.argument not in self.flow.languages:
                    return f"this flow does not speak {line.argument!r}", f"it speaks {', '.join(self.flow.languages)}"
                self.start = replace(self.start, language=line.argument)
            case side:
                if problem := not_a_number(line.argument):
                    return problem
                number = line.argument
                self.start = replace(self.start, ani=number) if side == "from" else replace(self.start, dnis=number)
        return None

    def _at(self, line: Line) -> Complaint | None:
        try:
            self.at = moment_of(self.flow, line.argument)
        except ValueError as error:
            message, _, hint = str(error).partition("; ")
            return message, hint
        return None

    def _draw(self, line: Line) -> Complaint | None:
        name, _, label = (part.strip() for part in line.argument.partition("="))
        node = self.flow.nodes.get(name)
        if not isinstance(node, Split) or label not in node.shares:
            return f"{line.argument!r} is not a case of a split by shares", "write 'draw NODE = CASE'"
        self.draws[name] = Outcome(label)
        return None

    def _switch(self, line: Line) -> Complaint | None:
        try:
            self.switched = {**self.switched, **switched_on(self.flow, "switch", [line.argument])}
        except UsageError as error:
            (finding,) = error.findings
            return finding.message, finding.hint
        return None

    def _given(self, line: Line, values: dict[str, str]) -> Complaint | None:
        name, equals, value = (part.strip() for part in line.argument.partition("="))
        if not equals:
            return f"{line.argument!r} gives nothing", "write 'given NAME = VALUE'"
        values[name] = value
        return None

    def do(self, line: Line, event: Event) -> bool:
        phone = self._dialled()
        before, self.heard_from = phone.session, len(phone.turns)
        if isinstance(event, Keys):
            phone.press(event.keys)
        elif line.command == "lookup" and isinstance(event, Outcome):
            brought, self.brought = self.brought, {}
            phone.send(Outcome(event.label, brought))
        else:
            phone.send(fits(phone.waits, event))
        return phone.session.seq != before.seq or phone.ended

    def see(self, line: Line) -> Seen:
        phone, expected = self._dialled(), line.argument
        session = phone.session
        match line.command:
            case "expect node":
                return Seen(session.node, expected, tuple(self.flow.nodes))
            case "expect queue":
                queue = phone.waits.queue if isinstance(phone.waits, Enqueue) else "no queue"
                return Seen(queue, expected, tuple(self.flow.queues))
            case "expect language":
                return Seen(session.language, expected, self.flow.languages)
            case "expect value":
                name, _, expected = (part.strip() for part in expected.partition("="))
                shown = partial(masked, language=session.language) if name in self.flow.secrets else str
                return Seen(session.value(name), expected, shown=shown)
            case _:  # expect path
                nodes = [node for node, _ in phone.path] + ([] if session.ended else [session.node])
                passed = [name for i, name in enumerate(nodes) if i == 0 or nodes[i - 1] != name]
                return Seen(" > ".join(passed), " > ".join(part.strip() for part in expected.split(">")))
