"""Checks call scripts: their lines, and that the flow has what they name."""

from __future__ import annotations

from flows.kinds import Sample
from flows.lint.around import Around
from flows.source.finding import Finding

__all__ = ["check"]


def check(sample: Sample, around: Around) -> tuple[Finding, ...]:
    """Everything that is wrong with a file of call scripts."""
    if "script" not in around.lent:
        return ()
    file = _flow_of(sample, around)
    loaded = around.flows.look_at(file)[0] if file else None
    if loaded is None:
        why = f"{file} cannot be read" if file else f"no flow {sample.stem}.yaml lies beside it"
        around.remarks.append(f"{sample.file}: {why}, so only the form of its lines was checked")
    return around.lent["script"](sample, loaded.flow if loaded else None)


def _flow_of(sample: Sample, around: Around) -> str:
    """The flow of the same name; else the one whose name the script's begins with; else the only one there is."""
    stem = sample.stem
    flows = {flow.stem: flow.file for flow in reversed(list(around.beside(sample.file, "flow")))}
    if stem in flows:
        return flows[stem]
    longest = max((name for name in flows if stem.startswith(name)), key=len, default="")
    return flows.get(longest) or (next(iter(flows.values())) if len(flows) == 1 else "")
