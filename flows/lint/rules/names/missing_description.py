"""N002 missing-description: nothing says what the line is for."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.source.counted import counted

LEAST_NODES = Option("least_nodes", 10, "Flows of fewer nodes are not checked.")


def check(context: Context) -> Iterator[Problem]:
    """Find flows of some size without a description."""
    least_nodes = context.option("N002", LEAST_NODES)
    own = sum("/" not in name for name in context.flow.nodes)  # parts describe their own nodes
    if not context.flow.description.strip() and own >= least_nodes:
        message = f"this flow of {counted(own, 'node')} has no description"
        yield Problem(
            ("name",), message, "add 'description:' with a sentence: whose line it is, and what it does", of_key=True
        )


RULE = Rule(
    code="N002",
    name="missing-description",
    severity="info",
    check=check,
    summary="nothing says what the line is for",
    what="A flow of ten nodes or more has no description.",
    why="The next person to open the file has to guess which line it is, who answers it and what it must never do.",
    example="name: Northwind Telecom",
    better="name: Northwind Telecom\ndescription: Main line of a telecom, with billing, support and sales.",
    settings=(LEAST_NODES,),
    source="Guide: as for every file that others maintain",
)
