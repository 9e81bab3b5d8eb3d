"""Whatever a file holds, the result is findings, never a traceback or a hang. This is the long form, with a table of
how far inputs get.

    make fuzz
    python -m tests.support.fuzz [--cases 100000] [--first 0]

Each input has a number that reproduces it: ``--first NUMBER --cases 1``. The short form is in
``tests/flows/source/test_fuzz_flows.py``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import signal
import sys
import tempfile
import threading
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from flows.analysis.menu_order import orders
from flows.analysis.quickest_paths import leaves
from flows.analysis.traffic import Staffing
from flows.diagram.draw import draw
from flows.lint.apply_fixes import apply_fixes
from flows.lint.engine import lint
from flows.lint.rules import rules
from flows.model import translations as po
from flows.model.load import LIBRARY, Loaded, load, load_text
from flows.source import yaml_reader as native
from flows.source.finding import Finding, IvrError
from ivr.interpreter.chain import tabulate
from ivr.phone.call_script import read_scripts
from ivr.phone.flow_scripts import run
from simulation.loading.load import load_scenario
from simulation.workload.build_staff_table import build_staff_table
from tests.support.mutation_seeds import translations
from tests.support.mutations import FAMILIES, Case, case_of
from tests.support.paths import DATA

__all__ = ["PATIENCE_S", "STAGES", "Tally", "patience", "tried"]

PATIENCE_S = 60
TODAY = dt.date(2026, 11, 24)
PROFILES_TRIED = ("default", "accessible", "es")
STAFFING = Staffing(groups={"day": frozenset({"sales"})}, share_answered={"desk": 0.5})
STAGES = ("unreadable", "no YAML", "no flow", "found", "clean")
"""How far an input got: not a text at all, refused by the YAML reader, the schema or the rules, or accepted."""
_UNREADABLE = {"Y002", "Y003", "Y004"}
_NO_YAML = {"Y001", "Y005", "Y006", "S008"}


@contextmanager
def patience() -> Iterator[None]:
    """A hang is a failure, not a wait."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield
        return

    def give_up(*_: object) -> None:
        raise AssertionError(f"no answer within {PATIENCE_S} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def tried(case: Case, folder: Path, *, number: int = 0) -> tuple[str, tuple[Finding, ...]]:
    """How far a case gets, and the findings in it.

    Parameters
    ----------
    case : Case
    folder : Path
        Where its files are written.
    number : int
        Number of the case: decides which profile checks it, and whether a flow is also fixed, or drawn, ranked and
        tabulated.
    """
    for name, content in case.files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    file = folder / next(iter(case.files))
    try:
        found = _read(case, file, number)
    except IvrError as error:
        return _refused_at(error.findings), error.findings
    finally:
        for name in case.files:
            (folder / name).unlink()
    return ("found" if found else "clean"), found


def _read(case: Case, file: Path, number: int) -> tuple[Finding, ...]:
    match case.family:
        case "translation":
            loaded, language = _flow(case.of), translations()[case.of][1]
            changed, findings = po.taken_over(loaded, native.read_text(file), str(file), language)
            for name, text in changed.items():
                load_text(text, name)
            return findings
        case "script":
            flow = _flow(case.of).flow
            return tuple(
                f for script in read_scripts(native.read_text(file), str(file)) for f in run(flow, script).findings
            )
        case "scenario":
            build_staff_table(load_scenario(file).scenario)
            return ()
    loaded = load(file)
    check = partial(lint, profile=PROFILES_TRIED[number // 8 % 3], today=TODAY, staffing=STAFFING)
    found = check(loaded)
    if number % 8 == 1 and case.family != "parts":
        once = apply_fixes(loaded, check, unsafe=True)
        again = apply_fixes(load_text(once.text, str(file)), check, unsafe=True)
        assert again.text == once.text, "fixing it twice changes it twice"
    if number % 8 == 0 and not any(finding.severity == "error" for finding in found):
        for form in ("tree", "dot", "mermaid"):
            draw(loaded.flow, form)
        leaves(loaded.flow)
        orders(loaded.flow)
        tabulate(loaded.flow)
    return found


_LOADED: dict[str, Loaded] = {}


def _flow(name: str) -> Loaded:
    if name not in _LOADED:
        shipped = LIBRARY / f"{name}.yaml"
        _LOADED[name] = load(shipped if shipped.exists() else DATA / "nodes" / f"{name}.yaml")
    return _LOADED[name]


def _refused_at(findings: tuple[Finding, ...]) -> str:
    codes = {finding.code for finding in findings}
    return "unreadable" if codes <= _UNREADABLE else "no YAML" if codes <= _NO_YAML | _UNREADABLE else "no flow"


@dataclass
class Tally:
    """The results of many cases."""

    stages: dict[str, Counter[str]] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def one(self, number: int, folder: Path) -> None:
        """Try the case of a number, and note any failure."""
        case = case_of(number)
        try:
            with patience():
                stage, found = tried(case, folder, number=number)
        except Exception as error:
            where = "".join(traceback.format_tb(error.__traceback__)[-2:])
            self.failures.append(
                f"input {number} ({case.family}, {case.way}): {type(error).__name__}: {str(error)[:300]}\n{where}"
            )
            return
        for finding in found:
            if (
                finding.code == "L001"
                or not finding.message
                or finding.severity not in ("error", "warning", "info")
                or finding.line < 0
            ):
                self.failures.append(f"input {number} ({case.family}, {case.way}): {finding}")
                break
        self.stages.setdefault(case.family, Counter())[stage] += 1
        self.codes.update({finding.code for finding in found})

    def table(self) -> str:
        """How far the inputs of each family got, and how many had each code."""
        lines = ["".join(f"{title:>13}" for title in ("", "inputs", *STAGES))]
        total: Counter[str] = Counter()
        for family, stages in [*((name, self.stages.get(name, Counter())) for name in FAMILIES), ("all", total)]:
            number = stages.total()
            total.update(stages if family != "all" else {})
            lines.append(
                f"{family:>13}{number:>13,}" + "".join(f"{100 * stages[s] / max(number, 1):>11.1f} %" for s in STAGES)
            )
        told = ", ".join(f"{code} {number:,}" for code, number in sorted(self.codes.items()))
        never = [code for code in rules() if code not in self.codes]
        return "\n".join([*lines, "", f"codes, in so many inputs: {told}", f"never: {', '.join(never) or 'none'}"])


def main() -> int:
    """Try the inputs and print the table; the exit code is 1 if any fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(given.first, given.first + given.cases):
            tally.one(number, Path(folder))
            if sys.stderr.isatty() and number % 100 == 99:
                print(
                    f"\r{number - given.first + 1:,} of {given.cases:,}, {len(tally.failures)} failures",
                    end="",
                    file=sys.stderr,
                    flush=True,
                )
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(tally.table())
    for failure in tally.failures:
        print(f"\n{failure}")
    print(f"\n{given.cases:,} inputs from number {given.first:,}: {len(tally.failures)} failures")
    return int(bool(tally.failures))


if __name__ == "__main__":
    sys.exit(main())
