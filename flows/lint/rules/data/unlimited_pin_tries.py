"""D007 unlimited-pin-tries: unlimited guesses at a secret."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.components import cycles
from flows.analysis.graph import Edge
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.base import END
from flows.nodes.base_dialogue import Dialogue
from flows.nodes.collect import Collect
from flows.nodes.dial import Dial
from flows.nodes.queue import Queue


def check(context: Context) -> Iterator[Problem]:
    """Find sensitive collect nodes in a loop without a counter."""
    nodes = context.flow.nodes
    for secret in guessed(context):
        name = secret[-1]
        node = nodes[name]
        assert isinstance(node, Collect)
        message = f"{node.into!r} may be guessed without limit: a wrong one always leads back to {secret[0]!r}"
        hint = "lead the second failure to a person, or let a lookup answer that the account is locked"
        yield Problem(("nodes", name), message, hint, of_key=True)


def guessed(context: Context) -> Iterator[tuple[str, ...]]:
    """The sensitive collect nodes of each loop without a counter; S007 leaves these loops to this rule."""
    nodes, graph = context.flow.nodes, context.graph
    asking = {name for name, node in context.nodes(Collect) if node.sensitive}
    if not asking:
        return

    def goes(edge: Edge) -> bool:
        node = nodes[edge.source]
        if edge.target == END or isinstance(node, Queue | Dial) or edge.via in ("key", "back", "repeat"):
            return False
        return (
            edge.outcome in ("collected", "confirmed") if isinstance(node, Collect) else not isinstance(node, Dialogue)
        )

    onward = {name: graph.targets(name, goes) for name in nodes if name in graph.reachable}
    order = {name: i for i, name in enumerate(nodes)}
    for cycle in sorted(cycles(onward), key=lambda c: min(order[n] for n in c)):
        secret = sorted(cycle & asking, key=order.__getitem__)
        written = {value for name in cycle if not isinstance(nodes[name], Collect) for value in nodes[name].writes()}
        counted = any(written & {value for _, value in nodes[name].reads()} for name in cycle)
        counted = counted or any(context.flow.shared_attempts(name) for name in cycle)
        if secret and not counted:
            yield tuple(secret)


RULE = Rule(
    code="D007",
    name="unlimited-pin-tries",
    severity="warning",
    check=check,
    summary="unlimited guesses at a secret",
    what=(
        "After a sensitive value is rejected, the call asks for it again, and nothing in the loop counts the "
        "attempts: no split on a value that is set there or returned by a lookup, and no attempts that questions share."
    ),
    why="A machine can try 10,000 PINs in a night.",
    example=(
        "ask: {type: collect, say: Your PIN?, into: pin, digits: 4, sensitive: true, next: check}\n"
        "check: {type: lookup, url: https://example.com/pin, method: POST, body: {pin: '{pin}'}, "
        "on: {found: main, not_found: ask}, failure: desk}"
    ),
    better=(
        "ask: {type: collect, say: Your PIN?, into: pin, digits: 4, sensitive: true, next: check}\n"
        "check: {type: lookup, url: https://example.com/pin, method: POST, body: {pin: '{pin}'}, "
        "on: {found: main, not_found: ask_again}, failure: desk}"
    ),
    options=(
        "What the remote system does itself, such as locking the account, is not visible here; in that case suppress "
        "the finding."
    ),
    source=(
        "Standard: NIST SP 800-63B (2017), 5.2.2 (at most 100 failures in a row); OWASP ASVS 4.0.3, 2.2.1 (100 an hour)"
    ),
)
