"""R019 recorded-unannounced: a conversation is recorded, and nobody says so."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.dial import Dial
from flows.nodes.queue import Queue


def check(context: Context) -> Iterator[Problem]:
    """Find nodes that record a conversation without a notice."""
    for name, node in context.flow.nodes.items():
        record = node.record if isinstance(node, Dial | Queue) else None
        if record is not None and record.notice is None:
            message = f"{name!r} records the conversation, and callers are not told"
            hint = "write 'record: {notice: This call is recorded.}'"
            hint += ", in every language" if len(context.flow.languages) > 1 else ""
            yield Problem(("nodes", name, "record"), message, hint)


RULE = Rule(
    code="R019",
    name="recorded-unannounced",
    severity="error",
    check=check,
    summary="recorded, and nobody says so",
    what="A dial or queue node records the conversation (record) without a notice to the caller.",
    why="In many countries a conversation may be recorded only if everybody on the line knows; elsewhere they object.",
    example='sales: {type: dial, number: "+14155550100", record: true, otherwise: desk}',
    better=('sales: {type: dial, number: "+14155550100", record: {notice: This call is recorded.}, otherwise: desk}'),
    source="Law: GDPR, article 13; consent laws of several states of the US (California Penal Code, section 632)",
)
