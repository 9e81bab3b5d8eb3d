"""--color, --quiet and the width of lines, on every command alike, before and after its name."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

import click
import pytest

from flows.display.terminal import PIPE_COLUMNS
from flows.display.wrap import columns_in
from ivr.__main__ import COMMANDS, OVER_HTTP, main
from tests.support.texts import SURE, scenario

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
FLOW = """ivr: 1
name: A small line
start: main
nodes:
  main:
    type: menu
    attempts: 1
    otherwise: by
    choices: [{key: 1, label: sales and everything else that anybody could want of us, next: wait}]
  wait: {type: queue, queue: calls}
  bye: {type: hangup, say: Goodbye.}
queues: {calls: {}}
"""
SCENARIO = scenario(
    "A small line, called",
    flow="clean.yaml",
    intents={"buy": "{share: 1, goal: wait}"},
    behaviour=SURE,
    talk="{exponential: 3m}",
    patience="{exponential: 2m}",
    groups={"sellers": "{skills: [calls], agents: 3}"},
    service_level="{threshold: 20s, target: 80%}",
)
REFERENCE = ["--engine", "reference", "--replications", "2"]
COLOURED: Mapping[tuple[str, ...], list[str]] = {
    ("lint",): ["line.yaml"],
    ("explain",): ["S002"],
    ("show",): ["clean.yaml"],
    ("call",): ["clean.yaml", "--keys", "1", "--at", "2026-11-24T10:00"],
    ("test",): ["clean.yaml", "clean.calls"],
    ("simulate",): ["day.yaml", *REFERENCE],
    ("compare",): ["day.yaml", *REFERENCE, "--set", "groups.sellers.agents=1"],
    ("staff",): ["day.yaml", "--days", "10", "--fresh-days", "10", "--set", "horizon=1h"],
    ("report",): ["records", "--target", "80%"],
    ("erlang",): ["a", "--arrivals", "360", "--aht", "5m", "--patience", "2m", "--target", "80%"],
    ("validate",): ["--engine", "reference", "--only", "seconds"],
}
"""Commands that print something in colour, with arguments that make them."""
PLAIN: Mapping[tuple[str, ...], list[str]] = {
    ("optimise",): ["clean.yaml"],
    ("diff",): ["clean.yaml", "clean.yaml"],
    ("tasks",): ["clean.yaml", "clean.tasks.yaml"],
    ("convert",): ["clean.yaml", "--migrate"],
    ("schema",): [],
    ("callers",): ["day.yaml", "--count", "2"],
    ("list",): [],
    ("agents", "list"): ["northwind"],
    ("init",): ["made"],
    ("explain-call",): ["records", "1"],
    ("estimators",): ["day.yaml", *REFERENCE],
    ("sweep",): ["day.yaml", *REFERENCE, "--vary", "groups.sellers.agents=1,2"],
    ("data", "show"): ["--database", "calls.sqlite"],
    ("data", "purge"): ["--database", "calls.sqlite", "--json"],
    ("data", "export"): ["--database", "calls.sqlite", "exported"],
}
ELSEWHERE = [
    ("serve",),
    ("swarm",),
    ("data", "erase"),
    ("paths",),  # call scripts for a file, whose lines are as long as what is heard
    ("export", "taskrouter"),  # JSON for a program, whose lines are as long as they are
    ("agents", "add"),
    ("agents", "remove"),
    ("agents", "password"),
    ("switch",),
    ("calibrate",),
    ("backtest",),
    ("forecast",),
    ("call", "http://127.0.0.1:9/"),
    ("test", "--url", "http://127.0.0.1:9/"),
]
"""Commands that need a service, its secrets or a log, of which only the errors are looked at here."""
WORKING = [*COLOURED.items(), *PLAIN.items()]


def test_every_command_is_here() -> None:
    def named(path: tuple[str, ...], command: click.Command) -> Iterator[tuple[str, ...]]:
        parts = getattr(command, "commands", {})
        yield from [(*path, part) for part in parts] if parts else [path]

    every = [
        path
        for name, (target, _) in COMMANDS.items()
        for path in named((name,), getattr(import_module(target.partition(":")[0]), target.partition(":")[2]))
    ]
    assert {path for path, _ in WORKING} | set(ELSEWHERE) - {path for path in ELSEWHERE if path[0] in OVER_HTTP} == set(
        every
    )
    assert {path[0] for path in ELSEWHERE} >= set(OVER_HTTP)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small files of every kind."""
    here = tmp_path_factory.mktemp("display")
    (here / "line.yaml").write_text(FLOW, "utf-8")
    (here / "clean.yaml").write_text(FLOW.replace("otherwise: by\n", "otherwise: bye\n"), "utf-8")
    (here / "clean.calls").write_text("call: sales\n  press 1\n", "utf-8")
    (here / "clean.tasks.yaml").write_text("tasks: {buy: {want: Something from sales, ends: wait}}\n", "utf-8")
    (here / "day.yaml").write_text(SCENARIO, "utf-8")
    return here


@cache
def _prepared(folder: Path) -> None:
    """Records and a database, once."""
    from webhooks.store.store import Store

    assert main(["simulate", str(folder / "day.yaml"), *REFERENCE, "--records", str(folder / "records")]) == 0
    store = Store(str(folder / "calls.sqlite"))
    store.check()
    store.close()


@cache
def _once(target: str) -> Callable[..., object]:
    """What computes a result, but only once: the same figures are then shown in every way."""
    module, _, name = target.rpartition(".")
    compute, found = getattr(import_module(module), name), []

    def computed(*arguments: object, **options: object) -> object:
        if not found:
            found.append(compute(*arguments, **options))
        return found[0]

    return computed


SLOW_TO_COMPUTE = (
    "simulation.experiment.run.simulate",
    "simulation.experiment.compare.compare",
    "simulation.experiment.wait_estimators.measure_estimators",
    "simulation.staffing.find.find_staffing",
    "simulation.sweeping.run.sweep",
    "simulation.validation.validate",
)


@pytest.fixture
def here(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Path:
    """A copy of the files in the current folder, and an environment without wishes about colours."""
    _prepared(folder)
    # All are imported before one is replaced: a module that is imported later would keep the replacement.
    for target, computed in [(target, _once(target)) for target in SLOW_TO_COMPUTE]:
        monkeypatch.setattr(target, computed)
    shutil.copytree(folder, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)
    capfd.readouterr()
    return tmp_path / "copy"


def printed(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    """What a command writes to stdout and stderr; what it made before is gone."""
    for made in ("exported", "made"):
        shutil.rmtree(made, ignore_errors=True)
    main(list(arguments))
    out, err = capfd.readouterr()
    return re.sub(r"\d+ s of processor time", "0 s of processor time", out), err


@pytest.mark.parametrize(("command", "arguments"), WORKING, ids=lambda part: " ".join(part))
def test_colours_as_asked(
    command: tuple[str, ...],
    arguments: list[str],
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    plain, _ = printed(capfd, *command, *arguments)
    assert plain.strip() or command in [("convert",), ("data", "export"), ("data", "show")]
    assert "\x1b" not in plain  # a pipe
    always, _ = printed(capfd, *command, *arguments, "--color", "always")
    assert ("\x1b" in always) == (command in COLOURED)
    assert ESCAPE.sub("", always) == plain  # the same, in colour
    assert printed(capfd, "--color=never", *command, *arguments)[0] == plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert printed(capfd, *command, *arguments)[0] == always
    monkeypatch.setenv("NO_COLOR", "1")
    assert printed(capfd, *command, *arguments)[0] == plain


@pytest.mark.parametrize("command", [*(path for path, _ in WORKING), *ELSEWHERE], ids=" ".join)
def test_errors_have_colours_as_asked(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def told(*arguments: str) -> str:
        assert main([*arguments]) == 2
        return capfd.readouterr().err

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    plain, coloured = "error U001 No such option '--zzz'.", "\x1b[31;1merror U001\x1b[0m No such option '--zzz'."
    assert told(*command, "--zzz").startswith(plain)
    for always in (
        told("--color", "always", *command, "--zzz"),
        told(*command, "--zzz", "--color", "always"),
        told(*command, "--zzz", "--color=always"),
    ):
        assert always.startswith(coloured)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert told(*command, "--zzz").startswith(coloured)
    assert told(*command, "--zzz", "--color", "never").startswith(plain)
    monkeypatch.setenv("NO_COLOR", "1")
    assert told(*command, "--zzz").startswith(plain)


NOTES = {
    "line.yaml: 1 fixed": ["lint", "line.yaml", "--fix", "--unsafe-fixes"],
    "known.json: 4 findings are known from now on": ["lint", "line.yaml", "--write-baseline", "known.json"],
    "no fixes available": ["lint", "clean.yaml", "--fix"],
    "line.svg.dot: A small line drawn": ["show", "clean.yaml", "--output", "line.svg.dot"],
    "no file changed: version 1 already": ["convert", "clean.yaml", "--migrate"],
    "wrote calls.csv": ["simulate", "day.yaml", *REFERENCE, "--calls", "calls.csv"],
    "wrote both.html": ["compare", "day.yaml", *REFERENCE, "--report", "both.html"],
    "wrote day.html": ["report", "records", "--report", "day.html"],
    "wrote 0 calls to exported": ["data", "export", "--database", "calls.sqlite", "exported"],
}


@pytest.mark.parametrize("quiet", ["first", "last"])
@pytest.mark.parametrize(("note", "arguments"), NOTES.items())
def test_quiet_leaves_notes_out(
    note: str, arguments: list[str], quiet: str, here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    loud, told = printed(capfd, *arguments)
    assert told.splitlines() == [note]
    (here / "line.yaml").write_text(FLOW, "utf-8")
    result, told = printed(capfd, *(["--quiet", *arguments] if quiet == "first" else [*arguments, "--quiet"]))
    assert told == ""
    assert arguments[0] == "lint" or result == loud


def test_quiet_leaves_what_went_wrong(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "line.yaml", "--quiet"]) == 1
    assert capfd.readouterr().out.startswith("line.yaml:8:16: error S002 there is no node 'by'\n")
    (here / "clean.calls").write_text(
        "call: sales\n  press 1\n\ncall: nobody\n  press 1\n  expect queue nobody\n", "utf-8"
    )
    assert main(["test", "clean.yaml", "clean.calls", "--quiet"]) == 1
    out, err = capfd.readouterr()
    assert re.fullmatch(r"FAIL  nobody .*\n\n1 of 2 calls as written.\n\n", out), out
    assert err.startswith("clean.calls:6:3: error C002 ")
    assert main(["test", "clean.yaml", "nowhere.calls", "--quiet"]) == 2
    assert capfd.readouterr().err.startswith("nowhere.calls: error Y002 ")


class Screen(io.StringIO):
    """A terminal to write to."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("columns", [60, 200])
@pytest.mark.parametrize(
    ("command", "arguments"),
    [example for example in WORKING if example[0] not in [("schema",), ("callers",)]],
    ids=lambda part: " ".join(part),
)
def test_lines_follow_the_terminal_and_no_number_is_lost(
    command: tuple[str, ...],
    arguments: list[str],
    columns: int,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    arguments = [argument for argument in arguments if argument != "--json"]
    plain, _ = printed(capfd, *command, *arguments)
    assert max(map(columns_in, plain.splitlines()), default=0) <= {"validate": 96, "lint": 999}.get(
        command[0], PIPE_COLUMNS
    )
    monkeypatch.setenv("COLUMNS", "30")
    assert printed(capfd, *command, *arguments)[0] == plain  # a pipe is as wide as ever
    for made in ("exported", "made"):
        shutil.rmtree(made, ignore_errors=True)
    screen = Screen()
    monkeypatch.setenv("COLUMNS", str(columns))
    with monkeypatch.context() as on_a_terminal:
        on_a_terminal.setattr("sys.stdout", screen)
        main([*command, *arguments, "--color", "never"])
    shown = re.sub(r"\d+ s of processor time", "0 s of processor time", screen.getvalue())
    assert max(map(columns_in, shown.splitlines()), default=0) <= columns
    if command[0] not in ("show", "lint"):  # the drawing has other columns, and lint cuts the source line it shows
        numbers = re.findall(r"\d[\d,.]*", plain)
        assert not set(numbers) - set(re.findall(r"\d[\d,.]*", shown))


@pytest.mark.parametrize("command", [*COMMANDS, *(f"{name} http://127.0.0.1" for name in OVER_HTTP)])
def test_help_fits_into_eighty_columns(
    command: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*command.split(), "--help"]) == 0
    assert [line for line in capfd.readouterr().out.splitlines() if len(line) > 80] == []


def test_json_never_has_colours(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for arguments in (["lint", "line.yaml"], ["show", "clean.yaml"], ["erlang", *COLOURED[("erlang",)]], ["explain"]):
        json.loads(printed(capfd, *arguments, "--json", "--color", "always")[0])
