"""Hints on scripts, translations, parts, settings and command lines, followed to the letter: the fault is gone and no
new one appears.

``advice/outside/followed.yaml`` says how each is provoked and what following it means: ``take`` is what the hint
quotes, ``put`` what is then written, with ``<1>`` for what was taken. Hints that only a person can follow are in
``advice/outside/by_hand.yaml`` with the reason. A hint in the source that is in neither file fails.
"""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import socket
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from flows.lint.baseline import baseline_text, known, read_baseline
from flows.lint.run import check_files
from flows.model.load import load, load_text
from flows.model.translations import taken_over
from flows.source.finding import IvrError
from ivr.__main__ import main
from ivr.phone.call_script import read_scripts
from ivr.phone.flow_scripts import run
from simulation.engines.contract import engine as engine_named
from simulation.loading.load import load_scenario
from tests.support.hints_in_source import ROOT, hints_in
from tests.support.paths import DATA
from webhooks.commands import serve as serve_command
from webhooks.production import workers_from
from webhooks.service.dev_server import bind
from webhooks.settings.config import Config
from webhooks.settings.environment import numbers_from
from webhooks.settings.flow_errors import refuse_errors
from webhooks.store.preflight import existing_store, refuse_hopeless
from webhooks.store.store import Store
from webhooks.wsgi import config_from

ADVICE = DATA / "advice" / "outside"
DATA = yaml.safe_load((ADVICE / "followed.yaml").read_text("utf-8"))
BY_HAND: dict[str, dict[str, str]] = yaml.safe_load((ADVICE / "by_hand.yaml").read_text("utf-8"))
FILES: dict[str, str] = DATA["files"]
Hints = list[tuple[str, str]]
"""Message and hint of every finding; empty when nothing is wrong."""


def told(ask: Callable[[], Any]) -> Hints:
    """What is wrong, raised or returned."""
    try:
        found = ask()
    except IvrError as error:
        found = error.findings
    except click.UsageError as error:
        message, _, hint = error.format_message().partition("; ")
        return [(message, hint)]
    return [(finding.message, finding.hint) for finding in found or ()]


def script(wrong: str) -> Any:
    """A call script, read and played."""
    flow = load_text(FILES["line.yaml"]).flow
    return [finding for one in read_scripts(wrong, "a.calls") for finding in run(flow, one).findings]


def translation(wrong: Mapping[str, str]) -> Any:
    """A file that comes back from the translators."""
    return taken_over(
        load_text(FILES[wrong.get("flow", "line.yaml")]), wrong["po"], "es.po", wrong.get("language", "es-US")
    )[1]


def checked(wrong: Mapping[str, Any]) -> Any:
    """A flow to lint, with the files next to it and the options chosen."""
    for file, text in wrong.get("files", {}).items():
        Path(file).write_text(text, "utf-8")
    chosen = {key: value for key, value in wrong.items() if key != "files"}
    return check_files([chosen.pop("flow", "clean.yaml")], **chosen).found


def composed(wrong: Mapping[str, list[str]]) -> None:
    """A flow of several files, with one text in a file replaced."""
    for file in ("composed.yaml", "part.yaml", "prompts.yaml"):
        Path(file).write_text(FILES[file].replace(*wrong.get(file, ("", "")), 1), "utf-8")
    load("composed.yaml")


def known_before(wrong: str) -> Any:
    """A flow compared with a baseline; nothing when the baseline is rewritten."""
    found = check_files(["clean.yaml"]).found
    Path("base.json").write_text(wrong or baseline_text(found, "base.json"), "utf-8")
    return known(found, read_baseline("base.json"), "base.json")


def engine(wrong: str) -> None:
    """An engine by its name."""
    engine_named(wrong)


def command(wrong: str) -> Hints:
    """A command line as typed, its arguments separated by `` | `` where they contain spaces."""
    heard = io.StringIO()
    with contextlib.redirect_stderr(heard), contextlib.redirect_stdout(heard):
        code = main(wrong.split(" | ") if " | " in wrong else wrong.split())
    hints = re.findall(r"^(.*error \w\d+ .*)(?:\n(?! *= hint).*)*?\n *= hint: (.*)$", heard.getvalue(), re.MULTILINE)
    assert code == 0 or hints, heard.getvalue()
    return hints


def settings_file(wrong: str) -> Hints:
    """The settings file of a project, checked as a whole."""
    Path("ivr.toml").write_text(wrong, "utf-8")
    return command("lint ivr.toml")


def setting(wrong: str) -> Any:
    """What ``--set`` changes in a scenario."""
    return load_scenario("shipped.scenario.yaml", settings=[wrong]).notes


def environment(wrong: Mapping[str, str]) -> None:
    """The service in production."""
    config_from(
        {"IVR_FLOW": "line.yaml", "IVR_PUBLIC_URL": "https://ivr.example.com", "TWILIO_AUTH_TOKEN": "12345"}
        | dict(wrong)
    )
    workers_from(wrong)


def keys(wrong: Mapping[str, str]) -> None:
    """The secret used to find callers in the records."""
    numbers_from(wrong)


def served(wrong: Mapping[str, Any]) -> None:
    """``ivr serve`` up to the point where it would listen."""
    given = {
        "host": "127.0.0.1",
        "public_url": "",
        "database": "",
        "at": None,
        "no_browser": False,
        "environ": {},
        "stated": {},
    }
    serve_command._config(load("line.yaml"), **(given | dict(wrong)))


def configured(wrong: Mapping[str, Any]) -> None:
    """The settings of a service created in Python."""
    flow = load_text(wrong.get("flow", FILES["line.yaml"])).flow
    Config(**({"public_url": "https://ivr.example.com", "auth_token": "12345"} | dict(wrong) | {"flow": flow}))


def flow_served(wrong: str) -> Any:
    """A flow that should answer calls: the last finding, after its errors."""
    try:
        return refuse_errors(load_text(wrong))
    except IvrError as error:
        return error.findings[-1:]


def listening(wrong: Mapping[str, Any]) -> None:
    """An address to listen on; ``taken`` is a port where another service listens."""
    if wrong["port"] != "taken":
        bind(wrong["host"], int(wrong["port"])).close()
        return
    with below_a_free_port() as other:
        bind(wrong["host"], other.getsockname()[1]).close()


def below_a_free_port() -> socket.socket:
    """A listening socket with a free port right after it, whatever else runs on this machine."""
    while True:
        other = socket.create_server(("127.0.0.1", 0))
        try:
            socket.create_server(("127.0.0.1", other.getsockname()[1] + 1)).close()
        except (OSError, OverflowError):
            other.close()
        else:
            return other


def database(wrong: str) -> None:
    """The database of a service that starts."""
    refuse_hopeless(wrong)


def records(wrong: str) -> None:
    """The database that a service wrote."""
    with existing_store(wrong) as store:
        store.rows()


CARRIER = tuple(str(path.relative_to(ROOT)) for path in sorted((ROOT / "webhooks" / "carrier").rglob("*.py")))
"""What is reported about the documents of a called application."""
ASKED: dict[Callable[[Any], Any], tuple[str, ...]] = {
    script: (
        "ivr/phone/call_script.py",
        "ivr/phone/script_player.py",
        "ivr/phone/flow_scripts.py",
        "flows/values/caller_numbers.py",
    ),
    translation: ("flows/model/translations.py",),
    checked: (
        "flows/lint/check_flow.py",
        "flows/lint/engine.py",
        "flows/lint/suppressions.py",
        "flows/lint/settings.py",
        "flows/lint/project_settings.py",
    ),
    composed: ("flows/model/compose.py", "flows/model/load.py"),
    known_before: ("flows/lint/baseline.py",),
    engine: ("simulation/engines/contract.py",),
    command: (
        "flows/commands/lint.py",
        "flows/lint/checks/table.py",
        "flows/lint/checks/translations.py",
        "flows/lint/left_out.py",
        "flows/lint/run.py",
        "flows/lint/targets.py",
        "flows/commands/show.py",
        "flows/commands/optimise.py",
        "flows/commands/tasks.py",
        "flows/commands/convert.py",
        "flows/display/options.py",
        "flows/display/output.py",
        "flows/model/load.py",
        "ivr/__main__.py",
        "ivr/commands/call.py",
        "ivr/commands/init.py",
        "ivr/commands/test.py",
        "ivr/interpreter/clock_and_chance.py",
        "simulation/experiment/run.py",
        "simulation/experiment/runner.py",
        "simulation/commands/_options.py",
        "simulation/commands/_output_files.py",
        "simulation/commands/report.py",
        "simulation/commands/erlang.py",
        "webhooks/commands/call.py",
        "webhooks/commands/swarm.py",
        "webhooks/commands/data.py",
        "flows/lint/explain.py",
        "flows/source/atomic_write.py",
        "flows/source/yaml_edit.py",
        "ivr/interpreter/chain.py",
        "ivr/records/tables.py",
        "ivr/routing/table.py",
        "simulation/experiment/compare.py",
        "simulation/engines/conservation.py",
        "simulation/theory/answer.py",
        "simulation/theory/impatience.py",
        *CARRIER,
    ),
    settings_file: ("flows/source/project_file.py", "ivr/settings/defaults.py"),
    setting: ("simulation/loading/load.py", "simulation/loading/settings.py"),
    environment: (
        "webhooks/wsgi.py",
        "webhooks/settings/environment.py",
        "webhooks/production.py",
        "webhooks/settings/retention.py",
        "webhooks/settings/spending.py",
    ),
    keys: ("webhooks/settings/environment.py",),
    served: ("webhooks/commands/serve.py",),
    configured: ("webhooks/settings/config.py",),
    flow_served: ("webhooks/settings/flow_errors.py",),
    listening: ("webhooks/service/dev_server.py",),
    database: ("webhooks/store/connection.py", "webhooks/store/preflight.py"),
    records: ("webhooks/store/preflight.py", "webhooks/store/migrate.py"),
}
"""A way to provoke findings, and the modules whose hints it yields."""


@dataclass(frozen=True)
class Row:
    """One hint: what provokes it, what it quotes, and what following it writes."""

    ask: Callable[[Any], Any]
    wrong: Any
    take: str
    put: Any

    def asked(self, value: Any) -> Hints:
        return self.ask(value) if self.ask in (command, settings_file) else told(lambda: self.ask(value))


ROWS = [Row(ask, row["wrong"], row["take"], row["put"]) for ask in ASKED for row in DATA[ask.__name__]]


def filled(put: Any, match: re.Match[str]) -> Any:
    """The text to write, with what the hint quotes filled in."""
    if isinstance(put, dict):
        return {key: filled(value, match) for key, value in put.items()}
    if isinstance(put, list):
        return [filled(value, match) for value in put]
    return re.sub(r"<(\d)>", lambda found: match[int(found[1])], put) if isinstance(put, str) else put


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the hints refer to: files, a folder, databases of this program and of another, and records of simulated
    calls.
    """
    at = tmp_path_factory.mktemp("files")
    for file, text in FILES.items():
        (at / file).write_text(text, "utf-8")
    (at / "folder").mkdir()
    with contextlib.closing(Store(str(at / "calls.sqlite"))) as store:
        store.keep_flow(load(str(at / "line.yaml")).flow)
    with contextlib.closing(sqlite3.connect(at / "other.sqlite")) as other:
        other.execute("create table birds (name text)")
    main(
        [
            "simulate",
            str(at / "small.scenario.yaml"),
            "--engine",
            "reference",
            "--replications",
            "1",
            "--records",
            str(at / "records"),
        ]
    )
    return at


@pytest.fixture(autouse=True)
def folder(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of them, in which every command runs."""
    shutil.copytree(files, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "12345")


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.ask.__name__}: {row.take[:50]}" for row in ROWS])
def test_a_hint_that_is_followed_leaves_nothing_wrong(row: Row) -> None:
    found = row.asked(row.wrong)
    assert len(found) == 1, found
    match = re.search(row.take, found[0][1])
    assert match, found[0]
    assert row.asked(filled(row.put, match)) == []


@cache
def followed_hints() -> dict[str, list[str]]:
    """Every hint that a row provokes, by the module it comes from."""
    out: dict[str, list[str]] = {}
    for row in ROWS:
        hints = [hint for _, hint in row.asked(row.wrong)]
        for module in ASKED[row.ask]:
            out.setdefault(module, []).extend(hints)
    return out


def test_every_hint_in_the_source_is_followed_or_listed_with_the_reason() -> None:
    left, twice = [], []
    for module in sorted({module for modules in ASKED.values() for module in modules}):
        for pattern in hints_in(module):
            whole = re.match if pattern.endswith(" ") else re.fullmatch  # a prefix, to which more is added
            by_machine = any(whole(pattern, hint) for hint in followed_hints()[module])
            by_hand = pattern_listed(module, pattern)
            left += [f"{module}: {pattern}"] if not (by_machine or by_hand) else []
            twice += [f"{module}: {pattern}"] if by_machine and by_hand else []
    assert "\n".join([*left, *twice]) == ""


def pattern_listed(module: str, pattern: str) -> bool:
    return any(re.sub(r"\\(.)", r"\1", pattern).startswith(hint) for hint in BY_HAND.get(module, {}))


def test_what_is_listed_stands_in_the_source() -> None:
    gone = [
        f"{module}: {hint}"
        for module, hints in BY_HAND.items()
        for hint in hints
        if not any(re.sub(r"\\(.)", r"\1", pattern).startswith(hint) for pattern in hints_in(module))
    ]
    assert gone == []
    assert all(reason.endswith(".") for hints in BY_HAND.values() for reason in hints.values())
