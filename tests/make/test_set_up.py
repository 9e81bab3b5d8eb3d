"""Set-up: what is broken is made anew, what is left half done begins anew, and what fails leaves no mark of success."""

from __future__ import annotations

import doctest
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import distribution, requires
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

from make import environment as environment_module
from make import pip_failures, run_pip, set_up
from make.environment import Environment, Note, fingerprint, pins
from make.set_up import SETS, SetUpError
from tests.support.paths import ROOT

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
OFFLINE = "ERROR: No matching distribution found for left-pad==1.0 (from versions: none)\nConnection refused\n"
SAYS = """#!/bin/sh
case "$2" in *version_info*) printf '%s\\nTrue\\n' {version};; pip) echo pip; exit {pip};; *) exit 0;; esac
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one requirement in each set, where this starts."""
    monkeypatch.chdir(tmp_path)
    for one in SETS.values():
        Path(one.file).write_text(f"left-pad==1.0  # for {one.file}\n", "utf-8")
    Path("pyproject.toml").write_text('[project]\nname = "p"\n[tool.ruff]\nline-length = 120\n', "utf-8")
    return tmp_path


class Pip:
    """Stands in for pip and venv: notes what is done, and does what the test says."""

    def __init__(self) -> None:
        self.made = 0
        self.installed: list[str] = []
        self.outcome: Callable[[], tuple[int, str]] = lambda: (0, "")

    def make(self, environment: Environment) -> None:
        self.made += 1
        set_up._empty(environment.folder)
        environment.begun.touch()
        write(environment)

    def run(self, python: Path, arguments: list[str], log: Path, *, compiling: bool) -> tuple[int, str]:
        self.installed.append(arguments[-1])
        code, said = self.outcome()
        if not code:
            (python.parent / "ivr").touch()
            (python.parents[1] / "lib/python3/site-packages/left_pad-1.0.dist-info").mkdir(parents=True, exist_ok=True)
            (python.parents[1] / "lib/python3/site-packages/left_pad-1.0.dist-info/METADATA").write_text(
                "Name: left-pad\nVersion: 1.0\n"
            )
        return code, said


def write(environment: Environment, *, version: str = HERE, pip: bool = True, place: str = "") -> None:
    """What an environment looks like from outside, with a Python that only says its version."""
    (environment.folder / "bin").mkdir(parents=True, exist_ok=True)
    environment.python.write_text(SAYS.format(version=version, pip=int(not pip)))
    environment.python.chmod(0o755)
    (environment.folder / "bin" / "activate").write_text(f"VIRTUAL_ENV={place or environment.folder.resolve()}\n")


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> Pip:
    made = Pip()
    monkeypatch.setattr(set_up, "_make", made.make)
    monkeypatch.setattr(set_up, "run_pip", made.run)
    return made


@pytest.fixture
def environment(project: Path) -> Environment:
    return Environment(Path(".venv"))


def test_what_is_set_up_is_left_alone_until_something_changes(environment: Environment, pip: Pip) -> None:
    for _ in range(3):
        set_up.set_up("setup", environment)
    assert (pip.made, pip.installed) == (1, ["requirements.txt", "."])
    project = Path("pyproject.toml")
    project.write_text(project.read_text("utf-8").replace("120", "100"), "utf-8")  # says nothing of what is installed
    set_up.set_up("setup", environment)
    assert pip.installed == ["requirements.txt", "."]
    project.write_text(project.read_text("utf-8").replace('"p"', '"q"'), "utf-8")
    set_up.set_up("setup", environment)
    assert (pip.made, pip.installed) == (1, ["requirements.txt", "."] * 2)


def test_what_the_tests_need_includes_what_the_demo_needs(environment: Environment, pip: Pip) -> None:
    set_up.set_up("dev", environment)
    set_up.set_up("setup", environment)
    assert pip.installed == ["requirements-dev.txt", "."]


def test_a_library_that_is_gone_is_installed_again(environment: Environment, pip: Pip) -> None:
    set_up.set_up("setup", environment)
    (environment.folder / "lib/python3/site-packages/left_pad-1.0.dist-info/METADATA").unlink()
    (environment.folder / "lib/python3/site-packages/left_pad-1.0.dist-info").rmdir()
    set_up.set_up("setup", environment)
    assert (pip.made, pip.installed) == (1, ["requirements.txt", "."] * 2)


def test_a_file_that_changes_while_pip_reads_it_is_installed_the_next_time(environment: Environment, pip: Pip) -> None:
    def pulled() -> tuple[int, str]:
        Path("requirements.txt").write_text("left-pad==1.1\n", "utf-8")
        return 0, ""

    pip.outcome = pulled
    set_up.set_up("setup", environment)
    set_up.set_up("setup", environment)
    assert pip.installed == ["requirements.txt", "."] * 2
    set_up.set_up("setup", environment)
    assert pip.installed == ["requirements.txt", "."] * 2


def noted(environment: Environment, **what: str) -> None:
    write(environment)
    environment.keep(Note(**{"place": str(environment.folder.resolve()), "python": HERE} | what))  # type: ignore[arg-type]


BROKEN: dict[str, tuple[Callable[[Environment], object], str]] = {
    "no pip": (lambda e: write(e, pip=False), "has no pip that works"),
    "its Python was removed": (
        lambda e: (write(e), e.python.unlink(), e.python.symlink_to("/no/such/python")),
        "has a Python that does not run; it was moved or removed",
    ),
    "its Python crashes": (
        lambda e: (write(e), e.python.write_text("#!/bin/sh\nexit 1\n")),
        "has a Python that does not run; it was moved or removed",
    ),
    "Ctrl-C": (
        lambda e: (write(e), e.begun.touch()),
        "was left half done by an earlier set-up",
    ),
    "an old Python": (lambda e: write(e, version="3.9"), "was made by Python 3.9; 3.11 or later is needed"),
    "its Python was replaced": (
        lambda e: noted(e, python="3.99"),
        f"was made by Python 3.99, and its Python is {HERE} now",
    ),
    "it was moved": (
        lambda e: noted(e, place="/old/.venv"),
        "was made in /old/.venv, and its programs work only there",
    ),
    "it was moved, and nothing is noted": (
        lambda e: write(e, place="/old/.venv"),
        "was made in another folder, and its programs work only there",
    ),
    "it is a file": (lambda e: e.folder.touch(), "is not a folder"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_made_anew(
    case: str, environment: Environment, pip: Pip, capsys: pytest.CaptureFixture[str]
) -> None:
    arrange, why = BROKEN[case]
    arrange(environment)
    set_up.set_up("setup", environment)
    assert capsys.readouterr().out.splitlines()[0] == f".venv {why}: it is made anew."
    assert (pip.made, pip.installed) == (1, ["requirements.txt", "."])
    set_up.set_up("setup", environment)
    assert pip.made == 1


def test_another_python_is_taken_only_when_asked_for(environment: Environment, pip: Pip) -> None:
    set_up.set_up("setup", environment)
    assert environment.fault(HERE) == environment.fault("") == ""
    assert environment.fault("3.12" if HERE != "3.12" else "3.13").startswith(
        f"was made by Python {HERE}, and Python 3.1"
    )


def test_an_environment_of_ones_own_is_completed(environment: Environment, pip: Pip) -> None:
    write(environment)
    set_up.set_up("setup", environment)
    assert (pip.made, pip.installed) == (0, ["requirements.txt", "."])


def test_a_failure_leaves_no_mark_of_success(environment: Environment, pip: Pip) -> None:
    pip.outcome = lambda: (1, OFFLINE)
    for _ in range(2):  # nothing was installed, so the second attempt goes on from there
        with pytest.raises(SetUpError, match="cannot be reached"):
            set_up.set_up("setup", environment)
        assert not environment.ready.exists()
    assert pip.made == 1
    pip.outcome = lambda: (1, f"Installing collected packages: left-pad\n{OFFLINE}")
    with pytest.raises(SetUpError):
        set_up.set_up("setup", environment)
    pip.outcome = lambda: (0, "")
    set_up.set_up("setup", environment)
    assert pip.made == 2  # something may have been half installed
    assert environment.ready.exists()


def test_what_an_earlier_build_left_in_the_checkout_is_removed(environment: Environment, pip: Pip) -> None:
    Path("p.egg-info").mkdir()
    set_up.set_up("setup", environment)
    assert not Path("p.egg-info").exists()


def test_ctrl_c_begins_anew(environment: Environment, pip: Pip) -> None:
    def interrupted() -> tuple[int, str]:
        raise KeyboardInterrupt

    pip.outcome = interrupted
    with pytest.raises(KeyboardInterrupt):
        set_up.set_up("setup", environment)
    assert environment.fault("") == "was left half done by an earlier set-up"


def test_without_ensurepip_the_package_is_named(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_up, "find_spec", lambda name: None if name == "ensurepip" else find_spec(name))
    with pytest.raises(SetUpError, match=rf"has no ensurepip\. .*: sudo apt-get install python{HERE}-venv; then"):
        set_up.set_up("setup", environment)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The project's Makefile and pins, with one that does not exist, and an environment with pip."""
    folder = tmp_path / "a b"
    folder.mkdir()
    for name in ("Makefile", "make", "pyproject.toml", *(one.file for one in SETS.values())):
        (folder / name).symlink_to(ROOT / name)
    (folder / "requirements.txt").unlink()
    (folder / "requirements.txt").write_text("# Pins.\nno-such-library-of-ours==99.9\n")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    pip = Path(distribution("pip").locate_file(""))
    (next((folder / ".venv").glob("lib/python*/site-packages")) / "pip.pth").write_text(f"{pip}\n")
    return folder


def test_a_pin_that_does_not_exist_fails_in_one_line(checkout: Path) -> None:
    """With the real make and the real pip, which is told not to look anywhere."""
    nowhere = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(checkout), "PIP_CONFIG_FILE": os.devnull}
    done = subprocess.run(
        ["make", "setup"], cwd=checkout, capture_output=True, text=True, env=os.environ | nowhere, check=False
    )
    assert done.returncode == 2
    said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert said == [
        f"The package index has no no-such-library-of-ours==99.9 for Python {HERE} on this machine (it has no "
        "no-such-library-of-ours at all): correct requirements.txt, line 2, then run make again. (all that pip said: "
        ".venv/set-up.log)"
    ]
    assert not (checkout / ".venv" / ".ready").exists()
    assert "No matching distribution found" in (checkout / ".venv" / "set-up.log").read_text("utf-8")


def test_pins_and_fingerprints(project: Path) -> None:
    Path("requirements-dev.txt").write_text("-r requirements.txt\n\nB.b[x]==2  # why\n# c==3\n", "utf-8")
    assert pins(Path("requirements-dev.txt")) == {
        "left-pad==1.0": "requirements.txt, line 1",
        "B.b==2": "requirements-dev.txt, line 3",
    }
    before = fingerprint(Path("requirements-dev.txt"))
    Path("requirements.txt").write_text("left-pad==1.0 # for another reason\n", "utf-8")
    assert fingerprint(Path("requirements-dev.txt")) == before
    Path("requirements.txt").write_text("left-pad==1.1\n", "utf-8")
    assert fingerprint(Path("requirements-dev.txt")) != before


@pytest.mark.parametrize("module", [environment_module, pip_failures, run_pip, set_up])
def test_examples_run(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(module).failed == 0


# -- which Python ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "there", "found"),
    [
        ("", {"python3": "3.11"}, "python3"),
        ("", {"python3": "3.9", "python3.12": "3.12", "python3.11": "3.11"}, "python3.12"),
        ("python3.11", {"python3": "3.13", "python3.11": "3.11"}, "python3.11"),
    ],
)
def test_the_python(asked: str, there: dict[str, str], found: str, tmp_path: Path) -> None:
    assert _found(asked, there, tmp_path) == (0, f"{found}\n", "")


@pytest.mark.parametrize(
    ("asked", "there", "line"),
    [
        (
            "python3.9",
            {"python3.9": "3.9", "python3.12": "3.12"},
            "python3.9 is Python 3.9.1. Try: make PYTHON=python3.12",
        ),
        ("python9", {"python3": "3.13"}, "python9 is not a program that runs here. Try: make PYTHON=python3"),
        (
            "",
            {"python3": "3.9"},
            "python3 is Python 3.9.1. Install it (apt-get install python3, brew install python, or python.org), then: "
            "make PYTHON=/path/to/python3",
        ),
    ],
)
def test_no_python_that_is_new_enough(asked: str, there: dict[str, str], line: str, tmp_path: Path) -> None:
    assert _found(asked, there, tmp_path) == (1, "", f"Python 3.11 or later is needed; {line}\n")


def _found(asked: str, there: dict[str, str], folder: Path) -> tuple[int, str, str]:
    for name, version in there.items():
        old = int(tuple(map(int, version.split("."))) < (3, 11))
        (folder / name).write_text(
            f'#!/bin/sh\n[ "$1" = --version ] && echo "Python {version}.1" && exit\nexit {old}\n'
        )
        (folder / name).chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", ROOT / "make" / "find_python.sh", asked],
        capture_output=True,
        text=True,
        env={"PATH": str(folder)},
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


# -- what it takes ---------------------------------------------------------------------------------------------------


def closure(file: str) -> set[str]:
    """The libraries that a set installs, with those that they need."""
    from packaging.requirements import Requirement

    found: set[str] = set()
    left = [pin.partition("==")[0] for pin in pins(ROOT / file)]
    while left:
        name = left.pop().lower().replace("_", "-")
        if name in found:
            continue
        found.add(name)
        for text in requires(name) or ():
            needed = Requirement(text)
            if not needed.marker or needed.marker.evaluate({"extra": ""}):
                left.append(needed.name)
    return found


@cache
def megabytes(name: str) -> float:
    """What a library takes on disk in blocks of 4 KiB, without compiled modules."""
    sizes = (file.size or 0 for file in distribution(name).files or () if file.suffix != ".pyc")
    return sum(-(-size // 4096) * 4096 for size in sizes) / 1e6


def test_the_sizes_that_are_told_are_the_sizes() -> None:
    """20 MB are pip and setuptools; what is compiled comes on top."""
    if sys.platform != "linux":
        return  # what is told is measured on Linux
    told = {wanted: one.installed_mb for wanted, one in SETS.items()}
    found = {wanted: 20 + sum(map(megabytes, closure(one.file))) for wanted, one in SETS.items()}
    assert told == pytest.approx(found, rel=0.08)
