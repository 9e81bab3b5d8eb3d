"""The flow that a file of another kind is about, by the names of the files."""

from __future__ import annotations

from flows.kinds import Sample
from flows.lint.around import Around
from flows.model.flow import Flow

__all__ = ["flow_beside"]


def flow_beside(sample: Sample, around: Around, rest: str) -> Flow | None:
    """The flow of the same name; else the one whose name the file's begins with; else the only one there is.

    Parameters
    ----------
    sample : Sample
    around : Around
        Is told if there is none, or if it cannot be read.
    rest : str
        What is checked without a flow.
    """
    flows = {flow.stem: flow.file for flow in reversed(list(around.beside(sample.file, "flow")))}
    longest = max((name for name in flows if sample.stem.startswith(name)), key=len, default="")
    file = flows.get(longest) or (next(iter(flows.values())) if len(flows) == 1 else "")
    loaded = around.flows.look_at(file)[0] if file else None
    if loaded is None:
        why = f"{file} cannot be read" if file else f"no flow {sample.stem}.yaml lies beside it"
        around.remarks.append(f"{sample.file}: {why}, so only {rest} was checked")
        return None
    return loaded.flow
