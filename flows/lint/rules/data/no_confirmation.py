"""D006 no-confirmation: a long number is not read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.analysis.dataflow import facts_on_all_paths
from flows.analysis.graph import Edge
from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.collect import Collect
from flows.nodes.lookup import Lookup
from flows.nodes.message import Message
from flows.source.counted import counted
from flows.speech.prompt import placeholders

LEAST_DIGITS = Option("least_digits", 6, "Digits from which numbers are often mistyped.")


def check(context: Context) -> Iterator[Problem]:
    """Find long numbers that are sent on or texted to without being read back."""
    least_digits = context.option("D006", LEAST_DIGITS)
    collected = {
        node.into: name for name, node in context.nodes(Collect) if node.digits[1] >= least_digits and not node.confirm
    }
    if not collected:
        return
    checked = _checked(context)
    said = {
        value
        for _, path, prompt in context.prompts
        for text in prompt.text.values()
        if "{" in text
        for value in placeholders(text)
    }
    told: set[str] = set()
    for name, use in _uses(context):
        for value in use:
            if (
                value in collected
                and value not in said
                and value not in checked.get(name, frozenset())
                and value not in context.flow.secrets
                and value not in told
            ):
                told.add(value)
                node = context.flow.nodes[collected[value]]
                assert isinstance(node, Collect)
                does = "texts to" if isinstance(context.flow.nodes[name], Message) else "writes"
                digits = counted(node.digits[1], "digit")
                message = f"{value!r} has up to {digits}, and is not read back before {name!r} {does} it"
                yield Problem(("nodes", collected[value], "into"), message, "add 'confirm: true'")


def _checked(context: Context) -> Mapping[str, frozenset[str]]:
    """The numbers that a lookup finds on every path to each node."""
    lookups = {name: lookup for name, lookup in context.nodes(Lookup) if _tells(lookup)}

    def gain(edge: Edge) -> tuple[str, ...]:
        lookup = lookups.get(edge.source)
        known = lookup and any(
            c.label == edge.outcome and all(status.startswith("2") for status in c.statuses) for c in lookup.conditions
        )
        return tuple(value for _, text in lookup.inserts() for value in placeholders(text)) if lookup and known else ()

    return facts_on_all_paths(context.graph, gain).known if lookups else {}


def _tells(lookup: Lookup) -> bool:
    """Whether a lookup can also answer that the number does not exist."""
    return any(not c.statuses[0].startswith("2") or c.field for c in lookup.conditions)


def _uses(context: Context) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Nodes that change something outside the call, with the values they use."""
    for name, lookup in context.nodes(Lookup):
        if lookup.method != "GET" and not _tells(lookup):
            yield name, tuple(value for _, text in lookup.inserts() for value in placeholders(text))
    for name, message in context.nodes(Message):
        yield name, placeholders(message.to)


RULE = Rule(
    code="D006",
    name="no-confirmation",
    severity="warning",
    check=check,
    summary="a long number is not read back",
    what=(
        "A number of six digits or more is collected without 'confirm', never said back, and then sent to another "
        "system by POST or PUT, or used as the recipient of a text message. A request whose answer says whether the "
        "number is known (not_found, or a field) checks it, and is not reported; nor are secrets, and numbers that "
        "such a request has found on every path."
    ),
    why="Long numbers are sometimes mistyped. The order, the payment or the text message then goes to someone else.",
    example=(
        "ask: {type: collect, say: Your mobile number?, into: mobile, digits: 10, next: send}\n"
        "send: {type: message, to: '{mobile}', text: Your link., next: bye}"
    ),
    better=(
        "ask: {type: collect, say: Your mobile number?, into: mobile, digits: 10, confirm: true, next: send}\n"
        "send: {type: message, to: '{mobile}', text: Your link., next: bye}"
    ),
    settings=(LEAST_DIGITS,),
    source="Standard: WCAG 2.2, 3.3.4 (error prevention: reversible, checked or confirmed)",
)
