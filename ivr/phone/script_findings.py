"""What is wrong with call scripts before they are played: their form, and names that the flow does not have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import takewhile

from flows.kinds import Sample
from flows.model.flow import Flow
from flows.nodes.base import Here
from flows.nodes.hangup import Hangup
from flows.nodes.reject import Reject
from flows.protocol.actions import Outcome
from flows.source.document import nearest
from flows.source.finding import Finding, FlowError
from ivr.phone.call_script import SETTINGS, Line, Script, read_scripts
from ivr.phone.event_words import EVENTS_BY_LINE, keys_in
from ivr.phone.flow_scripts import setting_complaint
from ivr.phone.script_player import Complaint, limit_of, not_a_pattern

__all__ = ["ScriptFindings", "endings"]

_ALWAYS = ("ani", "dnis", "language")
"""Values that every call has."""
_ANY_CALL = ("contained", "abandoned_in_menu", "failed")
"""How a call to any flow may end."""
_LISTED = 12


class ScriptFindings:
    """Checks files of call scripts against their flows.

    Examples
    --------
    >>> from flows.model.load import load
    >>> check, flow = ScriptFindings(), load("northwind").flow
    >>> [found] = check(Sample("a.calls", "call: one\\n  expect queue biling\\n"), flow)
    >>> found.where, found.message, found.hint
    ('a.calls:2:3', "the flow has no queue 'biling'", "did you mean 'billing'?")
    """

    def __call__(self, sample: Sample, flow: Flow | None) -> tuple[Finding, ...]:
        """Every line that cannot be played, or that no call can fulfil.

        Parameters
        ----------
        sample : Sample
        flow : Flow or None
            The flow that is called; without it, only the form of the lines is checked.
        """
        try:
            scripts = read_scripts(sample.text, sample.file)
        except FlowError as error:
            return error.findings
        return tuple(found for script in scripts for found in _script(script, flow))


def _script(script: Script, flow: Flow | None) -> Iterator[Finding]:
    known = _Known(script, flow) if flow is not None else None
    before = {line.number for line in takewhile(lambda line: line.command in SETTINGS, script.lines)}
    for line in script.lines:
        complaint = _form(line)
        if complaint is None and flow is not None and known is not None:
            if line.command in SETTINGS and (line.command != "given" or line.number in before):
                complaint = setting_complaint(flow, line, begun=line.number not in before)
            elif line.command in known.named:
                complaint = known.named[line.command](line.argument)
            elif line.command in EVENTS_BY_LINE or line.command == "lookup":
                complaint = known.event(line)
        if complaint is not None:
            message, hint = complaint
            yield script.unplayable(line, message, hint)


def _form(line: Line) -> Complaint | None:
    if line.command == "press" and not keys_in(line.argument):
        return f"{line.argument!r} is not a row of keys", "write digits, star or pound"
    if line.command == "hear matching":
        return not_a_pattern(line.argument)
    if line.command == "within":
        try:
            limit_of(line.argument)
        except ValueError:
            return f"{line.argument!r} is neither seconds nor keys", "write 'within 40s' or 'within 4 keys'"
    return None


class _Known:
    """What a flow has that a script can name."""

    def __init__(self, script: Script, flow: Flow) -> None:
        self._flow = flow
        given = [line.argument.partition("=")[0].strip() for line in script.lines if line.command == "given"]
        written = [name for node in flow.nodes.values() for name in node.writes()]
        self._values = (*dict.fromkeys((*_ALWAYS, *written, *given)),)
        self.named: Mapping[str, Callable[[str], Complaint | None]] = {
            "expect node": lambda name: _unknown("node", name, flow.nodes),
            "expect queue": lambda name: _unknown("queue", name, flow.queues),
            "expect language": lambda name: _unknown("language", name, flow.languages),
            "expect path": self._path,
            "expect value": self._value,
            "ends": lambda name: _unknown("outcome", name, endings(flow), what="no call to this flow can end as"),
        }

    def _path(self, argument: str) -> Complaint | None:
        names = (part.strip() for part in argument.split(">"))
        return next((wrong for name in names if (wrong := _unknown("node", name, self._flow.nodes))), None)

    def _value(self, argument: str) -> Complaint | None:
        name, _, expected = (part.strip() for part in argument.partition("="))
        return _unknown("value", name, self._values) if expected else None

    def event(self, line: Line) -> Complaint | None:
        """Why nothing in this flow can happen as a line says."""
        event = EVENTS_BY_LINE.get(line.command)
        label = line.argument.replace(" ", "_") if event is None else event.label if isinstance(event, Outcome) else ""
        lookups = line.command == "lookup"
        nodes = [node for node in self._flow.nodes.values() if not lookups or node.type == "lookup"]
        outcomes = dict.fromkeys(wire.outcome for node in nodes for wire in node.wires())
        if not label or label in outcomes:
            return None
        if lookups:
            return _unknown("outcome", label, outcomes, what="no lookup of this flow has the outcome")
        return f"no node of this flow has the outcome {label!r}", "call the flow that this script was written for"


def endings(flow: Flow) -> tuple[str, ...]:
    """How calls to a flow may end.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}}})
    >>> endings(flow)
    ('contained', 'abandoned_in_menu', 'failed')
    """
    found = [*_ANY_CALL]
    for name, node in flow.nodes.items():
        here = Here(flow, name, flow.languages[0], values=None)
        found += [node.next(here, wire.outcome).outcome for wire in node.wires()]
        found += [node.next(here, outcome).outcome for outcome in node.outcomes(here)]
        if isinstance(node, Hangup) and node.outcome:
            found.append(node.outcome)
        found += ["rejected"] if isinstance(node, Reject) else []
    found += ["abandoned", "turned_away"] if flow.queues else []
    return tuple(dict.fromkeys(filter(None, found)))


def _unknown(kind: str, name: str, known: Iterable[str], *, what: str = "") -> Complaint | None:
    names = tuple(known)
    if name in names:
        return None
    near = nearest(name, names)
    listed = ", ".join(names[:_LISTED]) + (" ..." if len(names) > _LISTED else "")
    return (
        f"{what or f'the flow has no {kind}'} {name!r}",
        f"did you mean {near!r}?"
        if near
        else f"there is {listed}"
        if names
        else f"remove this line: there is no {kind}",
    )
