"""Tests that need a program which is not here are left out and told of; in CI that is a failure. Nobody is asked for a
password.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support import install_programs, left_out, programs
from tests.support.paths import ROOT
from tests.support.programs import PROGRAMS, Program

NOBODY = 65534
OPTIONS = (
    "env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=60 -o Acquire::Retries=1"
    " -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20"
)
FAKES = {
    "apt-get": 'echo "$*" | sed "s/.*Timeout=20 //" >> "$0.done"',
    "apt-get that has no network": (
        'case "$*" in *update*) ;; *) echo "E: Failed to fetch http://deb/x.deb" >&2; exit 100; esac'
    ),
    "apt-get that never answers": 'echo "$*" | sed "s/.*Retries=0 -o //" >> "$0.done"; exec sleep 60',
    "sudo": 'shift; exec "$@"',
    "sudo that asks": '[ "$1" = -n ] && exit 1; sleep 60',
}


ASK = "run `sudo apt-get install abacus-tools`"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A machine with a program that is nowhere, and only those of FAKES that the test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for command in ("sh", "env", "sed", "true", "sleep", "timeout"):
        (folder / command).symlink_to(
            f"/usr/bin/{command}" if os.path.exists(f"/usr/bin/{command}") else f"/bin/{command}"
        )
    lacking = Program("Abacus", "abacus-tools", 7, ("abacus",), (str(folder / "opt*"),), "install it by hand")
    monkeypatch.setattr(programs, "PROGRAMS", {"abacus": lacking})
    monkeypatch.setattr(install_programs, "PROGRAMS", {"abacus": lacking})
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CI", raising=False)

    def put(name: str, *, command: str = "") -> None:
        (folder / (command or name.split()[0])).write_text(f"#!/bin/sh\n{FAKES.get(name, 'exit 0')}\n")
        (folder / (command or name.split()[0])).chmod(0o755)
        forget()

    def user(number: int) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: number)
        forget()

    def forget() -> None:
        for each in (programs.path_of, programs.lack, programs.apt_get, install_programs._updated):
            each.cache_clear()

    forget()
    yield SimpleNamespace(folder=folder, put=put, user=user)
    forget()


def test_why_it_is_not_there(machine: SimpleNamespace) -> None:
    machine.user(NOBODY)
    assert programs.lack("abacus") == (
        "Abacus is not on this machine, and there is no apt-get to install it: install it by hand"
    )
    machine.put("apt-get")
    assert programs.lack("abacus") == (
        "Abacus is not on this machine, and only root may install it, and there is no sudo: install it by hand"
    )
    machine.put("sudo that asks")
    assert programs.lack("abacus") == (
        f"Abacus is not on this machine, and only root may install it, and sudo asks for a password: {ASK}"
    )
    machine.put("sudo")
    assert programs.apt_get() == ("sudo", "-n", *OPTIONS.split())
    machine.user(0)
    assert programs.apt_get() == tuple(OPTIONS.split())
    assert programs.lack("abacus") == (
        "Abacus is not on this machine; `make abacus` installs it, or says why it cannot"
    )


def test_without_it_a_test_is_skipped(machine: SimpleNamespace) -> None:
    with pytest.raises(pytest.skip.Exception, match=r"Abacus is not on this machine, and .*"):
        programs.needed("abacus")
    machine.put("abacus")
    assert programs.needed("abacus") == str(machine.folder / "abacus")


def test_it_is_found_apart_from_the_path_and_the_newest_is_taken(machine: SimpleNamespace) -> None:
    for version in (9, 10):
        (machine.folder / f"opt{version}").mkdir()
        machine.put("abacus", command=f"opt{version}/abacus")
    assert programs.path_of("abacus") == str(machine.folder / "opt10" / "abacus")


def test_what_does_not_start_is_not_there(machine: SimpleNamespace) -> None:
    """As Ubuntu's chromium-browser, which only says that it wants a snap."""
    machine.put("abacus")
    (machine.folder / "abacus").write_text("#!/bin/sh\necho 'requires the abacus snap'; exit 1\n")
    assert programs.path_of("abacus") == ""


def test_what_is_missing_is_installed(machine: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    machine.user(NOBODY)
    machine.put("apt-get")
    machine.put("sudo")
    with (machine.folder / "apt-get").open("a") as script:
        place = machine.folder / "abacus"
        script.write(f'case "$*" in *abacus-tools) echo "#!/bin/sh" > {place}; /bin/chmod 755 {place}; esac\n')
    assert install_programs.main(["abacus"]) == 0
    assert capsys.readouterr().out == "Setting up: Abacus, which tests start (once; up to 7 MB on disk) ...\n"
    assert (machine.folder / "apt-get.done").read_text().splitlines() == [
        f"update -qq {' '.join(install_programs._QUICKLY)}",
        "install -y -qq --no-install-recommends abacus-tools",
    ]
    assert install_programs.main(["abacus"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("there", "why"),
    [
        ((), "Abacus is not on this machine, and there is no apt-get to install it: install it by hand"),
        (
            ("apt-get", "sudo that asks"),
            f"Abacus is not on this machine, and only root may install it, and sudo asks for a password: {ASK}",
        ),
        (("apt-get", "sudo"), "Abacus was installed, and is not found or does not start"),
        (
            ("apt-get that has no network", "sudo"),
            "Abacus could not be installed (Failed to fetch http://deb/x.deb): install it by hand",
        ),
    ],
)
def test_what_cannot_be_installed_is_told_and_in_ci_a_failure(
    there: tuple[str, ...],
    why: str,
    machine: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    machine.user(NOBODY)
    for name in there:
        machine.put(name)
    assert install_programs.main(["abacus"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"{why}. The tests that need it are left out."
    monkeypatch.setenv("CI", "true")
    assert install_programs.main(["abacus"]) == 1
    assert capsys.readouterr().err == f"{why}. CI=true: nothing may be left out.\n"


def test_without_an_answer_it_is_looked_for_once_and_not_for_long(
    machine: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As behind a proxy that takes calls and never answers: each program would else take a quarter of an hour."""
    machine.user(NOBODY)
    machine.put("sudo")
    machine.put("apt-get that never answers")
    monkeypatch.setattr(install_programs, "_LOOK_S", 1)
    another = Program("Slide rule", "rules", 1, ("slide-rule",), (), "buy one")
    monkeypatch.setitem(install_programs.PROGRAMS, "rule", another)
    monkeypatch.setitem(programs.PROGRAMS, "rule", another)
    begun = time.monotonic()
    assert install_programs.main(["abacus", "rule"]) == 0
    assert time.monotonic() - begun < 5
    out = capsys.readouterr().out
    assert "Abacus could not be installed (apt-get takes longer than 0 minutes): install it by hand." in out
    assert "Slide rule could not be installed (apt-get takes longer than 0 minutes): buy one." in out
    assert (machine.folder / "apt-get.done").read_text() == "Acquire::http::Timeout=8 -o Acquire::https::Timeout=8\n"


THREE = """
import pytest
from tests.support import programs
programs.PROGRAMS["abacus"] = programs.Program("Abacus", "x", 1, ("no-abacus",), (), "y")
programs.apt_get = lambda: "there is no apt-get to install it"
def test_1(): programs.needed("abacus")
def test_2(): programs.needed("abacus")
def test_3(): pass
"""


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_a_run_ends_with_what_was_left_out(ci: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "test_three.py").write_text(THREE)
    options = ["-q", "-p", "no:cacheprovider", "-p", "tests.support.left_out", "--rootdir", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ | {"CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        check=False,
    )
    assert done.returncode == code
    said = done.stdout.partition(" left out ")[2].splitlines()[1:]
    assert (
        said[: 1 + code]
        == [
            "2 tests: Abacus is not on this machine, and there is no apt-get to install it: y",
            "CI=true: nothing may be left out, so this run has failed.",
        ][: 1 + code]
    )


def test_the_makefile_installs_all_that_tests_may_ask_for() -> None:
    recipe = (ROOT / "Makefile").read_text("utf-8").partition("\nprograms:")[2].partition("\n\n")[0]
    assert recipe.split("install_programs ")[1].split() == list(PROGRAMS)
    assert left_out.in_ci() == (os.environ.get("CI", "").lower() in ("true", "1"))
