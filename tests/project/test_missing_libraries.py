"""What is installed without extras is enough to lint, show, call and test; other commands say what they want."""

from __future__ import annotations

import re
from importlib.metadata import metadata, requires
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.distribution import NAME, Library, library_of
from ivr.__main__ import COMMANDS, OVER_HTTP, ivr
from ivr.missing_library import _READY, _SETUP_ALL, in_one_line, to_install
from tests.support.paths import ROOT
from tests.support.without_libraries import Done, run_without

OPTIONAL = sorted(
    {re.split(r"[^\w-]", requirement)[0] for requirement in requires(NAME) or () if "extra ==" in requirement}
)
"""Every library that comes with an extra only; their modules have the same names."""

WITHOUT_EXTRAS = (
    "init",
    "lint northwind",
    "lint northwind --format sarif",
    "list",
    "show northwind",
    "show northwind --leaves",
    "show northwind --format svg",
    "agents northwind",
    "export taskrouter northwind",
    "call northwind --keys 1",
    "test northwind",
    "explain S001",
    "optimise northwind",
    "tasks northwind",
    "diff northwind northwind",
    "convert northwind --to po --language es-US",
    "schema",
    "init made",
    "list",
    "test made/made.yaml",
    "show made/made.yaml",
    "paths made/made.yaml",
)
FOLDER = "lint made"
NAMED = "lint made/made.yaml made/made.scenario.yaml"
ALONE = "lint made/made.scenario.yaml"
WANTING = {
    "lint northwind --scenario northwind": "numpy simulate",
    "schema --for scenario": "numpy simulate",
    "calibrate some.csv": "numpy simulate",
    "backtest northwind some.csv": "numpy simulate",
    "forecast some.csv": "statsmodels for forecasts forecast",
    "simulate northwind": "numpy simulate",
    "calibrate log.csv": "numpy simulate",
    "backtest northwind records": "numpy simulate",
    "compare northwind": "numpy simulate",
    "staff northwind": "numpy simulate",
    "sweep northwind --vary lines=100,150": "numpy simulate",
    "estimators northwind": "numpy simulate",
    "callers northwind": "numpy simulate",
    "report calls.sqlite": "numpy simulate",
    "explain-call calls.sqlite 1": "numpy simulate",
    "erlang c --arrivals 30 --aht 60 --agents 2": "numpy simulate",
    "validate": "numpy simulate",
    "serve northwind": "sqlalchemy serve",
    "data show": "sqlalchemy serve",
    "switch northwind": "sqlalchemy serve",
    "swarm http://localhost:1/ --scenario northwind": "twilio serve",
    "call http://localhost:1/ --keys 1": "twilio serve",
    "test some.calls --url http://localhost:1/": "twilio serve",
}
"""Commands that need an extra, the library they miss first, and the extra they name."""
OPTIONS = {
    ("numba", "simulate credit_union --engine kernel"): "numba for the compiled engine fast",
    ("pyarrow", "simulate credit_union --calls day.parquet"): "pyarrow for Parquet files parquet",
    ("pyarrow", "simulate credit_union --records day"): "pyarrow for Parquet files parquet",
    ("pyarrow", "data export day --database calls.sqlite"): "pyarrow for Parquet files parquet",
    ("pyarrow", "simulate credit_union --tables day --tables-format parquet"): "pyarrow for Parquet files parquet",
    ("openpyxl", "simulate credit_union --tables day.xlsx"): "openpyxl for Excel files excel",
    ("openpyxl", "report some_records --tables day.xlsx"): "openpyxl for Excel files excel",
    ("statsmodels", "forecast some.csv"): "statsmodels for forecasts forecast",
    (
        "distributed",
        "sweep credit_union --vary lines=9,10 --scheduler tcp://localhost:1",
    ): "distributed for clusters dask",
    ("psycopg", "serve northwind --database postgresql://u@localhost/x"): "psycopg for PostgreSQL postgres",
    ("psycopg", "data show --database postgresql://u@localhost/x"): "psycopg for PostgreSQL postgres",
    ("psycopg", "report postgresql://u@localhost/x"): "psycopg for PostgreSQL postgres",
}
"""Options that need an extra of their own: what they want, and what for."""
SLOWLY = "simulate credit_union --replications 1"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    """What every command does without its library; commands that import one run after those that must not."""
    cases = [(OPTIONAL, command) for command in (*WITHOUT_EXTRAS, FOLDER, NAMED, ALONE, *WANTING)]
    cases += [([library], command) for library, command in OPTIONS]
    cases += [(["numba"], SLOWLY)]
    results = run_without([(left_out, command.split()) for left_out, command in cases], tmp_path_factory.mktemp("here"))
    return dict(zip((command for _, command in cases), results, strict=True))


@pytest.mark.parametrize("command", WITHOUT_EXTRAS)
def test_without_extras_flows_are_linted_shown_called_and_tested(command: str, done: dict[str, Done]) -> None:
    assert (done[command].code, done[command].err) == (0, "")
    assert done[command].out


@pytest.mark.parametrize(
    ("command", "wants"), [*WANTING.items(), *((command, wants) for (_, command), wants in OPTIONS.items())]
)
def test_a_command_says_in_one_line_what_it_wants(
    command: str, wants: str, done: dict[str, Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # as it ran
    needs, _, extra = wants.rpartition(" ")
    name = command.split()[0]
    line = f"ivr {name} needs {needs}; install it with: {to_install(extra)}\n"
    assert done[command] == Done(2, "", line)


def test_in_a_folder_a_scenario_is_passed_over_in_one_line(
    done: dict[str, Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the three files that `ivr init` writes, the scenario alone needs numbers."""
    monkeypatch.setenv("PATH", "")  # as it ran
    because = f"that needs numpy; install it with: {to_install('simulate')}"
    passed_over = f"made/made.scenario.yaml: not checked, because {because}\n"
    assert done[FOLDER] == Done(
        0, "No findings in 3 files: 1 agents file, 1 file of call scripts, 1 flow.\n", passed_over
    )
    assert done[NAMED] == Done(2, "No findings: every caller gets somewhere.\n", passed_over)
    assert done[ALONE] == Done(2, "", f"ivr lint{because.removeprefix('that')}\n")


def test_without_numba_the_readable_engine_runs(done: dict[str, Done]) -> None:
    assert (done[SLOWLY].code, done[SLOWLY].err) == (0, "")


@pytest.mark.parametrize(
    ("engine", "has_kernel", "long_s", "told"),
    [
        ("auto", False, -1, f"the compiled engine is much faster than the readable one: {to_install('fast')}\n"),
        ("auto", False, 20, ""),
        ("auto", True, -1, ""),
        ("reference", False, -1, ""),
    ],
)
def test_who_waited_long_is_told_of_the_fast_engine(
    engine: str, has_kernel: bool, long_s: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulation.engines.contract.has_kernel", lambda: has_kernel)
    monkeypatch.setattr("simulation.commands._options._LONG_S", long_s)
    result = CliRunner().invoke(ivr, ["simulate", "no_such_scenario", "--engine", engine])
    assert told in result.stderr
    assert ("engine" in result.stderr) is bool(told)


def test_every_command_is_tried_without_extras() -> None:
    tried = {command.split()[0] for command in (*WITHOUT_EXTRAS, *WANTING)}
    assert tried == {*COMMANDS, *OVER_HTTP}


def test_the_readme_says_which_extra_brings_which_commands() -> None:
    """Its table names every extra for users, and with each the commands that want it, as tried above."""
    text = (ROOT / "README.md").read_text("utf-8").partition("| with | work |")[2].partition("\n\n")[0]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    extras = [one for with_, work in rows for one in re.findall(r"`(\w+)`", with_) + re.findall(r"`(\w+)` adds", work)]
    said = {
        with_.strip(" `"): {one for one in re.findall(r"`([\w-]+)`", work) if one in COMMANDS} for with_, work in rows
    }
    wanted: dict[str, set[str]] = {}
    for command, wants in WANTING.items():
        wanted.setdefault(wants.rpartition(" ")[2], set()).add(command.split()[0])
    assert said == {**said, **wanted, "nothing more": {command.split()[0] for command in WITHOUT_EXTRAS}}
    assert set(extras) == set(metadata(NAME).get_all("Provides-Extra") or ()) - {"dev"}


def test_other_missing_modules_are_mistakes_of_ours_and_stay_tracebacks() -> None:
    assert in_one_line(ModuleNotFoundError(name="flows.lintt"), "ivr lint") == ""
    assert in_one_line(ModuleNotFoundError("no name"), "ivr lint") == ""


@pytest.mark.parametrize(
    ("marks", "path", "extra", "command"),
    [
        (["bin/pip"], "bin", "serve", "pip install 'ivr-flow-simulator[serve]'"),
        (["bin/pip"], "", "serve", "{}/bin/pip install 'ivr-flow-simulator[serve]'"),
        ([], "", "serve", "uv pip install --python {} 'ivr-flow-simulator[serve]'"),
        (["bin/pip", ".ready"], "bin", "fast", "make setup-all"),
        (["bin/pip", ".ready"], "bin", "forecast", "make setup-all"),
        (["bin/pip", ".ready"], "bin", "dask", "make setup-all"),
        (["bin/pip", ".ready"], "bin", "notebook", "pip install 'ivr-flow-simulator[notebook]'"),
        (["pipx_metadata.json"], "", "serve", "pipx runpip ivr-flow-simulator install 'ivr-flow-simulator[serve]'"),
        (["uv-receipt.toml"], "", "serve", "uv pip install --python {} 'ivr-flow-simulator[serve]'"),
        (["bin/pip"], "bin", "", "pip install ivr-flow-simulator"),
    ],
)
def test_an_extra_is_installed_by_the_program_that_made_the_environment(
    marks: list[str], path: str, extra: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an activated environment `pip` is another's: the command names the one that is meant."""
    (tmp_path / "bin").mkdir()
    for mark in marks:
        (tmp_path / mark).touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / path))
    assert to_install(extra, str(tmp_path)) == command.format(tmp_path)


def test_what_is_always_installed_needs_no_extra() -> None:
    line = in_one_line(ModuleNotFoundError(name="yaml"), "ivr lint")
    assert line == f"ivr lint needs pyyaml; install it with: {to_install('')}"


def test_what_make_adds_is_what_is_told() -> None:
    """`make setup-all` installs requirements-optional.txt: every library of the extras that are told with it."""
    from make.environment import Environment, pins

    added = {pin.partition("==")[0].lower() for pin in pins(ROOT / "requirements-optional.txt")}
    wanted = {one for extra in _SETUP_ALL for one in OPTIONAL if extra in (library_of(one) or Library("", ())).extras}
    assert wanted <= added
    assert Environment(Path("x")).ready == Path("x", _READY)
