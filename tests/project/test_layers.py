"""The architecture, read from the imports: layers, library homes, leaves, and the pure zone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.support.paths import ROOT

LAYERS = {
    "flows": {"flows"},
    "ivr": {"flows", "ivr"},
    "simulation": {"flows", "ivr", "simulation"},
    "webhooks": {"flows", "ivr", "webhooks"},
}
# The one home of each third-party library: module prefixes that may import it.
HOMES = {
    "pydantic": ("flows", "simulation.scenario.model"),
    "pydantic_core": ("flows.speech.prompt",),
    "yaml": ("flows.source.yaml_reader", "flows.source.yaml_events", "flows.source.yaml_spans"),
    "polib": ("flows.model.translations",),
    "babel": ("flows.speech.currencies",),
    "holidays": ("flows.model.holidays",),
    "phonenumbers": ("flows.values.numbering_plans",),
    "networkx": ("flows.analysis.networkx_graph",),
    "graphviz_pure": ("flows.diagram.plan",),
    "graphviz": ("flows.diagram.plan",),
    "numpy": (
        "simulation",
        "ivr.records.tables",
        "ivr.records.measures",
        "ivr.records.integer_sums",
        "ivr.records.visits",
        "ivr.records.selection",
        "ivr.records.wait_bins",
        "ivr.records.schema",
        "ivr.records.definitions",
    ),
    "simpy": ("simulation.engines.reference",),
    "numba": ("simulation.engines.kernel",),
    "scipy": (
        "simulation.theory",
        "simulation.experiment.estimates",
        "simulation.sampling.distributions",
        "simulation.validation",
    ),
    "pandas": ("ivr.records.tables",),
    "pyarrow": ("ivr.records.files",),
    "flask": ("webhooks",),
    "werkzeug": ("webhooks",),
    "twilio": ("webhooks",),
    "gunicorn": ("webhooks",),
    "requests": ("webhooks.carrier.requests.http",),
    "urllib3": ("webhooks.carrier.requests.http",),
    "sqlalchemy": ("webhooks.store",),
    "alembic": ("webhooks.store",),
    "cryptography": ("webhooks.security.sealed_cursor",),
    "click": (
        "ivr.__main__",
        "flows.commands.lint",
        "ivr.cli",
        "simulation.commands",
        "webhooks.commands.serve",
    ),
    "rich": (
        "flows.commands.lint",
        "ivr.cli",
        "ivr.phone.transcript",
        "simulation.commands",
        "webhooks.commands.serve",
    ),
}
# Modules that must not be loaded before the work that needs them begins: imported inside functions only.
LAZY = {"scipy", "pandas", "pyarrow", "numba", "graphviz_pure", "polib", "babel", "holidays", "phonenumbers", "psycopg"}
# Modules that consist of compiled functions, or see to it that they are compiled, import numba at the top; they are
# lazy themselves.
COMPILED = {
    f"simulation.engines.kernel.{name}"
    for name in (
        "agents",
        "cached",
        "calls",
        "event_heaps",
        "floor",
        "jit",
        "linked_lists",
        "loop",
        "measure_loops",
        "measure_sums",
        "menu_steps",
        "menu_walk",
        "visit_order",
        "warm_up",
    )
}
IMPURE_CALLS = {"open", "input", "print"}
IMPURE_MODULES = {
    "os",
    "sys",
    "io",
    "time",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "urllib",
    "http",
    "requests",
    "tempfile",
    "shutil",
    "threading",
    "asyncio",
    "logging",
    "sqlite3",
    "pathlib",
}
PURE_IVR = {
    "entering",
    "session",
    "step",
    "chain",
    "routing",
    "measures",
    "exact_sums",
    "measure_table",
    "visit_sums",
    "wait_bins",
    "counting",
}
# Reads the package's own folder, once, to find the members of a family.
FINDS_MEMBERS = {"flows.registry", "flows.nodes", "flows.lint.rules", "flows.speech.languages", "ivr.routing"}
# Reads and writes files on purpose.
AT_THE_EDGE = {"flows.model.load", "flows.commands.lint", "flows.display.console"}


def modules() -> dict[str, Path]:
    found = {}
    for package in LAYERS:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


MODULES = modules()


def imports(path: Path, *, top_only: bool = False) -> list[tuple[str, int]]:
    """Modules a file imports, with their lines; those only for type checkers are left out."""
    tree = ast.parse(path.read_text("utf-8"))
    found: list[tuple[str, int]] = []

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            return
        if top_only and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return
        if isinstance(node, ast.Import):
            found.extend((alias.name, node.lineno) for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append((node.module, node.lineno))
            found.extend((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(tree)
    return found


def within(module: str, prefixes: tuple[str, ...] | set[str]) -> bool:
    return any(module == p or module.startswith(f"{p}.") or module.startswith(f"{p}_") for p in prefixes)


def pure(module: str) -> bool:
    if module in FINDS_MEMBERS | AT_THE_EDGE or within(module, {"flows.formats", "flows.library"}):
        return False
    top, _, rest = module.partition(".")
    return top == "flows" or (top == "ivr" and rest.split(".")[0] in PURE_IVR)


@pytest.mark.parametrize("module", MODULES)
def test_a_layer_imports_only_what_lies_below(module: str) -> None:
    allowed = LAYERS[module.split(".")[0]]
    wrong = [(m, n) for m, n in imports(MODULES[module]) if m.split(".")[0] in set(LAYERS) - allowed]
    assert wrong == []


def test_every_command_has_its_leaf() -> None:
    from importlib import import_module

    from ivr.__main__ import COMMANDS

    for name, (target, _) in COMMANDS.items():
        module, _, function = target.partition(":")
        assert getattr(import_module(module), function).name == name


@pytest.mark.parametrize("module", MODULES)
def test_nobody_imports_a_command_line(module: str) -> None:
    assert [(m, n) for m, n in imports(MODULES[module]) if m.split(".")[-1] == "cli" and m in MODULES] == []


@pytest.mark.parametrize("module", MODULES)
def test_every_library_has_one_home(module: str) -> None:
    wrong = [
        (m, n)
        for m, n in imports(MODULES[module])
        if m.split(".")[0] in HOMES and not within(module, HOMES[m.split(".")[0]])
    ]
    assert wrong == []


@pytest.mark.parametrize("module", MODULES)
def test_heavy_libraries_are_imported_where_they_are_used(module: str) -> None:
    lazy = [
        (m, n) for m, n in imports(MODULES[module], top_only=True) if m.split(".")[0] in LAZY or within(m, COMPILED)
    ]
    assert [(m, n) for m, n in lazy if not (module in COMPILED and within(m, COMPILED | {"numba"}))] == []


@pytest.mark.parametrize("module", [m for m in MODULES if pure(m)])
def test_the_pure_zone_does_no_input_output_clock_or_chance(module: str) -> None:
    path = MODULES[module]
    wrong = [(m, n) for m, n in imports(path) if m.split(".")[0] in IMPURE_MODULES]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
            wrong.append((node.func.id, node.lineno))
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("now", "today", "utcnow")
        ):
            wrong.append((node.func.attr, node.lineno))
        if isinstance(node, ast.Global):
            wrong.append(("global", node.lineno))
    assert wrong == []


def test_the_pure_zone_is_where_the_design_says() -> None:
    zone = {m for m in MODULES if pure(m)}
    assert {
        "flows.model.flow",
        "flows.nodes.menu",
        "flows.speech.timing",
        "ivr.interpreter.session",
        "ivr.interpreter.step",
        "ivr.interpreter.chain",
    } <= zone
    assert (
        not {
            "flows.source.yaml_reader",
            "flows.commands.lint",
            "flows.model.load",
            "ivr.phone.terminal_phone",
            "ivr.cli",
        }
        & zone
    )


def test_commands_are_loaded_only_when_called() -> None:
    top = {m for m, _ in imports(MODULES["ivr.__main__"], top_only=True)}
    assert {m.split(".")[0] for m in top} <= {"__future__", "gc", "os", "sys", "importlib", "click"}


@pytest.mark.parametrize("module", [m for m, p in MODULES.items() if p.name == "__init__.py" and m.count(".") >= 1])
def test_what_a_package_exports_is_what_it_lists(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text("utf-8"))
    listed = [
        {element.value for element in node.value.elts}  # type: ignore[attr-defined]
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    ]
    if not listed:
        assert not any(isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_") for n in tree.body)
        return
    defined = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    imported = {a.asname or a.name for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names}
    assigned = {getattr(t, "id", "") for n in tree.body if isinstance(n, ast.Assign) for t in n.targets}
    assert listed[0] <= defined | imported | assigned


def test_no_file_grows_past_four_hundred_lines() -> None:
    assert [(m, n) for m, p in MODULES.items() if (n := len(p.read_text("utf-8").splitlines())) > 400] == []
