"""The architecture: which room depends on which, read from the imports of every file."""

from __future__ import annotations

import ast
from importlib import import_module

import networkx as nx
import pytest

from ivr.__main__ import COMMANDS, OVER_HTTP
from tests.support.modules import (
    MODULES,
    PACKAGES,
    Import,
    all_imports,
    imports_in,
    imports_of,
    package_of,
    room_of,
    tree_of,
)
from tests.support.paths import ROOT
from tests.support.slow_tests import SLOW

BELOW = {
    "flows": (),
    "ivr": ("flows",),
    "simulation": ("flows", "ivr"),
    "webhooks": ("flows", "ivr"),
}
"""The packages, and those that each may import: simulation and webhooks know nothing of each other."""

# A room, and the rooms of its own package that it may import, all of which are above it in the table. Imports for type
# checkers and inside functions count too. Any room of a lower package may be imported, except commands.
ROOMS = {
    # What a flow is.
    "flows.registry": "",
    "flows.distribution": "",
    "flows.source": "registry",
    "flows.kinds": "source registry",
    "flows.values": "source",
    "flows.protocol": "",
    "flows.display": "source values",
    "flows.speech": "protocol source values registry",
    "flows.entries": "speech values registry",
    "flows.nodes": "entries speech protocol source values registry",
    "flows.model": "nodes speech protocol kinds source values registry",
    "flows.analysis": "model nodes entries speech protocol source values display",
    "flows.tasks": "analysis model nodes speech kinds source",
    "flows.lint": "tasks analysis model nodes speech protocol kinds source values display registry distribution",
    "flows.diagram": "analysis model nodes speech source display registry",
    "flows.map": "diagram analysis model nodes protocol source display registry",
    "flows.completion": "lint model nodes source",
    "flows.commands": "completion map diagram lint tasks analysis model nodes speech protocol source values display",
    # What a call does.
    "ivr.records": "",
    "ivr.routing": "",
    "ivr.answering": "routing",
    "ivr.dispatch": "routing",
    "ivr.interpreter": "",
    "ivr.phone": "interpreter",
    "ivr.coverage": "phone interpreter",
    "ivr.paths": "coverage phone interpreter",
    "ivr.difference": "interpreter",
    "ivr.mutants": "difference coverage phone interpreter",
    "ivr.missing_library": "",
    "ivr.settings": "",
    "ivr.commands": "mutants paths coverage difference phone interpreter records answering routing",
    "ivr.__main__": "missing_library settings records",
    # Many calls, few agents.
    "simulation.arrays": "",
    "simulation.clock": "arrays",
    "simulation.sampling": "arrays",
    "simulation.tables": "arrays",
    "simulation.theory": "sampling arrays",
    "simulation.scenario": "sampling clock arrays",
    "simulation.menus": "scenario tables sampling clock arrays",
    "simulation.workload": "menus scenario tables sampling clock arrays",
    "simulation.engines": "menus tables sampling clock arrays",
    "simulation.drawing": "engines workload menus scenario tables sampling clock arrays",
    "simulation.call_logs": "workload scenario clock arrays",
    "simulation.loading": "call_logs workload menus scenario tables sampling clock arrays",
    "simulation.experiment": "loading drawing engines workload menus scenario theory tables sampling clock arrays",
    "simulation.calibration": "call_logs theory scenario sampling clock arrays",
    "simulation.backtesting": "calibration call_logs experiment loading scenario sampling clock arrays",
    "simulation.forecasting": "backtesting calibration call_logs scenario sampling clock arrays",
    "simulation.validation": "experiment loading engines workload scenario theory tables sampling clock arrays",
    "simulation.staffing": "experiment loading workload scenario theory tables sampling arrays",
    "simulation.rosters": "staffing experiment loading workload scenario clock arrays",
    "simulation.sweeping": "experiment loading workload scenario tables sampling arrays",
    "simulation.flow_comparison": "experiment workload scenario tables sampling arrays",
    "simulation.report": (
        "flow_comparison sweeping rosters staffing forecasting backtesting calibration call_logs experiment loading"
        " workload scenario sampling clock arrays"
    ),
    "simulation.notebook": (
        "report flow_comparison sweeping rosters backtesting calibration call_logs experiment loading scenario"
    ),
    "simulation.commands": (
        "report flow_comparison sweeping rosters staffing forecasting backtesting calibration call_logs validation"
        " experiment loading engines workload scenario theory clock"
    ),
    # Live calls.
    "webhooks.twilio": "",
    "webhooks.security": "",
    "webhooks.settings": "security",
    "webhooks.records": "security",
    "webhooks.store": "records settings security",
    "webhooks.effects": "store settings security",
    "webhooks.dispatch": "store records settings security twilio",
    "webhooks.turn": "dispatch effects store records settings security twilio",
    "webhooks.carrier": "twilio",
    "webhooks.browser_phone": "carrier settings security",
    "webhooks.desk": "dispatch store records settings security",
    "webhooks.service": "desk browser_phone carrier turn dispatch store records settings security twilio",
    "webhooks.wsgi": "service store settings security",
    "webhooks.production": "wsgi service store settings security",
    "webhooks.commands": "service desk carrier store records settings security twilio",
}
UPWARD = {("flows.model.flow", "flows.analysis.networkx_graph")}
"""The only import of a room above, when it is called: designers look for `Flow.graph()` on the flow."""
APART = (("simulation.engines.reference", "simulation.engines.kernel"),)
"""Two implementations of the same thing, neither of which may import the other."""


def ours() -> list[Import]:
    return [one for one in all_imports() if package_of(one.of) in PACKAGES and (one.by, one.of) not in UPWARD]


def between_rooms() -> list[Import]:
    """Imports from one room to another of the same package."""
    return [one for one in ours() if package_of(one.by) == package_of(one.of) and room_of(one.by) != room_of(one.of)]


def allowed(by: str, of: str) -> bool:
    """Whether a room may import another of its package; the package itself, which exports public names, may import all
    but commands.
    """
    if "." not in by:
        return not of.endswith(".commands")
    return of in [f"{package_of(by)}.{room}" for room in ROOMS.get(by, "").split()]


def test_every_room_is_in_the_table_and_stands_on_rooms_above_it() -> None:
    assert {room_of(module) for module in MODULES} - set(PACKAGES) == set(ROOMS)
    known: set[str] = set()
    for room, below in ROOMS.items():
        assert {f"{package_of(room)}.{name}" for name in below.split()} <= known, room
        known.add(room)


def test_a_package_imports_only_packages_below_it() -> None:
    wrong = [one for one in ours() if package_of(one.of) not in (package_of(one.by), *BELOW[package_of(one.by)])]
    assert [str(one) for one in wrong] == []


def test_a_room_imports_only_rooms_that_the_table_gives_it() -> None:
    wrong = [one for one in between_rooms() if not allowed(room_of(one.by), room_of(one.of))]
    assert [str(one) for one in wrong] == []


def test_what_leads_upward_is_imported_when_it_is_called() -> None:
    found = [one for one in all_imports() if (one.by, one.of) in UPWARD]
    assert {(one.by, one.of) for one in found} == UPWARD
    assert [str(one) for one in found if one.at_the_top or one.for_types_only] == []


def test_files_import_each_other_in_no_circle() -> None:
    graph = nx.DiGraph((one.by, one.of) for one in ours() if one.by != one.of)
    assert [sorted(circle) for circle in nx.strongly_connected_components(graph) if len(circle) > 1] == []


def test_what_is_told_twice_is_told_independently() -> None:
    pairs = {pair for one, other in APART for pair in ((one, other), (other, one))}
    wrong = [one for one in ours() if any(one.by.startswith(a) and one.of.startswith(b) for a, b in pairs)]
    assert [str(one) for one in wrong] == []


# -- commands: leaves that the table of ivr/__main__.py finds by their names -----------------------------------------


def test_commands_are_imported_by_nobody_but_their_own_room() -> None:
    wrong = [one for one in ours() if room_of(one.of).endswith(".commands") and room_of(one.by) != room_of(one.of)]
    assert [str(one) for one in wrong] == []


def test_a_module_with_a_command_in_it_is_imported_by_nobody() -> None:
    leaves = {target.partition(":")[0] for target, _ in (*COMMANDS.values(), *OVER_HTTP.values())}
    assert [str(one) for one in ours() if one.of in leaves] == []


def test_every_command_has_its_leaf() -> None:
    for name, (target, _) in COMMANDS.items():
        module, _, function = target.partition(":")
        assert getattr(import_module(module), function).name == name


def test_commands_are_loaded_only_when_called() -> None:
    top = {package_of(one.of) for one in imports_of("ivr.__main__") if one.at_the_top and not one.for_types_only}
    assert top <= {
        "__future__",
        "atexit",
        "gc",
        "os",
        "sys",
        "functools",
        "importlib",
        "typing",
        "click",
        "ivr_flow_simulator",
    }


# -- files -----------------------------------------------------------------------------------------------------------


def test_no_file_grows_past_four_hundred_lines() -> None:
    lines = {module: len(path.read_text("utf-8").splitlines()) for module, path in MODULES.items()}
    assert {module: n for module, n in lines.items() if n > 400} == {}


def test_what_a_package_lists_is_what_it_offers() -> None:
    """A package without a list offers its modules, and no names of its own."""
    for module, path in MODULES.items():
        if path.name != "__init__.py":
            continue
        loaded, body = import_module(module), tree_of(path).body
        listed = getattr(loaded, "__all__", None)
        assert [name for name in listed or () if not hasattr(loaded, name)] == [], module
        public = [n.name for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_")]
        assert listed is not None or not public, module


@pytest.mark.parametrize("package", PACKAGES)
def test_what_type_checkers_see_in_a_package_is_what_it_offers(package: str) -> None:
    seen = {
        alias.asname or alias.name
        for node in tree_of(MODULES[package]).body
        if isinstance(node, ast.If)
        for inner in node.body
        if isinstance(inner, ast.ImportFrom)
        for alias in inner.names
    }
    assert sorted(seen) == sorted(import_module(package).__all__)


def test_no_test_imports_a_test() -> None:
    """What tests share is in tests/support, or a fixture of a conftest.py."""
    wrong = [
        str(one)
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for one in imports_in(path, str(path.relative_to(ROOT)))
        if one.of.startswith("tests.") and not one.of.startswith("tests.support")
    ]
    assert wrong == []


def test_what_is_listed_as_slow_exists() -> None:
    assert [name for name in SLOW if not (ROOT / "tests" / name).exists()] == []
