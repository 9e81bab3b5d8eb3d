"""Reads the lists of numbers that a flow names: blocked callers, or those who go first."""

from __future__ import annotations

import os
from pathlib import Path

from flows.model.flow import Flow
from flows.nodes.split import Split
from flows.source.document import Document
from flows.source.finding import Finding, FlowError
from flows.source.yaml_reader import read_text
from flows.values.number_list import Fault, NumberList, read_numbers

__all__ = ["hold_lists", "read_list"]


def read_list(folder: Path, file: str) -> tuple[NumberList, tuple[Fault, ...]]:
    """A list in the flow's folder, and its lines that are left out.

    Raises
    ------
    FlowError
        When it cannot be read.
    ValueError
        When it lies outside the folder.
    """
    real = os.path.realpath(folder / file)
    if os.path.commonpath([real, os.path.realpath(folder)]) != os.path.realpath(folder):
        raise ValueError(f"{file!r} lies outside the flow's folder")
    return read_numbers(read_text(Path(real)))


def hold_lists(flow: Flow, document: Document) -> tuple[Finding, ...]:
    """Let a flow hold the lists it names; what is wrong with them, each where it stands.

    A list that cannot be read has no numbers: nobody is refused by mistake.
    """
    folder, lists, findings = Path(document.file).parent, dict[str, NumberList](), list[Finding]()
    for name, node in flow.nodes.items():
        if not isinstance(node, Split) or not node.list or node.list in lists:
            continue
        lists[node.list] = NumberList()
        at = ("nodes", name, "list")
        try:
            lists[node.list], faults = read_list(folder, node.list)
        except FlowError as error:
            message, hint = error.findings[0].message, "write it beside the flow, one number a line"
            findings.append(document.finding("R023", f"{node.list!r}: {message}", at, hint=hint))
            continue
        except ValueError as error:
            hint = "keep the files of a flow together, so that it can be copied and served as a whole"
            findings.append(document.finding("R023", str(error), at, hint=hint))
            continue
        file = os.path.normpath(folder / node.list)
        findings += [
            Finding(
                code="R024",
                severity="warning",
                message=fault.message,
                file=file,
                line=fault.line,
                column=1,
                hint=fault.hint,
            )
            for fault in faults
        ]
    flow.keep_lists(lists)
    return tuple(findings)
