"""Other distributions have packages named flows, ivr, simulation and webhooks too: one in the place of ours is told."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from sysconfig import get_path

import pytest

from ivr_flow_simulator import PACKAGES, what_is_foreign
from tests.support.paths import ROOT

AGAIN = "put ours back (pip install --force-reinstall --no-deps ivr-flow-simulator)"
APART = "install ivr-flow-simulator as an application of its own (pipx or uv tool)"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """An installation of which only the beginnings are there; it says so when it starts."""
    site = tmp_path / "site"
    for name in PACKAGES:
        (site / name).mkdir(parents=True)
        shutil.copy(ROOT / name / "__init__.py", site / name)
    shutil.copy(ROOT / "flows" / "registry.py", site / "flows")
    (site / "ivr" / "__main__.py").write_text("def run(): print('started')\n", "utf-8")
    shutil.copy(ROOT / "ivr_flow_simulator.py", site)
    return site


def start(site: Path, *before: Path, module: str = "ivr_flow_simulator") -> tuple[int, str]:
    """Start it in an empty folder, with other folders before it on PYTHONPATH: the exit code and what it prints."""
    here = site.parent / "here"
    here.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-S", "-m", module],
        cwd=here,
        env={"PYTHONPATH": ":".join(map(str, [*before, site]))},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def test_our_own_packages_start(site: Path) -> None:
    assert start(site) == (0, "started\n")
    assert what_is_foreign() == ""


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_on_pythonpath_is_told(name: str, site: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / name
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("raise SystemExit('must not run')\n", "utf-8")
    line = f"ivr cannot start: {name!r} is {other}, not ours in {site / name}; take {other.parent} out of PYTHONPATH\n"
    assert start(site, other.parent) == (2, line)


def test_a_folder_of_flows_is_no_package(site: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other" / "flows"
    folder.mkdir(parents=True)
    (folder / "line.yaml").touch()
    assert start(site, folder.parent) == (0, "started\n")


def test_a_module_in_the_folder_where_it_starts_is_told(site: Path, tmp_path: Path) -> None:
    other = tmp_path / "here" / "simulation.py"
    other.parent.mkdir()
    other.touch()
    hint = "start the command ivr, or work in another folder"
    line = f"ivr cannot start: 'simulation' is {other}, not ours in {site / 'simulation'}; {hint}\n"
    assert start(site) == (2, line)


def test_a_package_elsewhere_among_the_installed_is_told(site: Path, tmp_path: Path) -> None:
    """As in the folder of a user, or by a .pth file, before ours."""
    other = tmp_path / "other"
    (other / "webhooks").mkdir(parents=True)
    (other / "webhooks" / "__init__.py").touch()
    program = f"import sys; sys.path[1:1] = [{str(other)!r}]; import ivr_flow_simulator as p; p.run()"
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    line = f"ivr cannot start: 'webhooks' is {other / 'webhooks'}, not ours in {site / 'webhooks'}; {APART}\n"
    assert (done.returncode, done.stderr) == (2, line)


def test_a_package_written_over_ours_is_told_by_its_name(site: Path) -> None:
    (site / "webhooks" / "__init__.py").write_text("from .decorators import webhook\n", "utf-8")
    about = site / "webhooks-0.4.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: webhooks\nVersion: 0.4.2\n", "utf-8")
    (about / "RECORD").write_text("webhooks/__init__.py,,\nwebhooks/decorators.py,,\n", "utf-8")
    line = (
        f"ivr cannot start: {site / 'webhooks'} is overwritten by the package webhooks 0.4.2; "
        f"uninstall that and {AGAIN}, or {APART}\n"
    )
    assert start(site) == (2, line)


def test_what_is_left_after_uninstalling_the_other_is_told(site: Path) -> None:
    (site / "flows" / "__init__.py").unlink()
    (site / "flows" / "registry.py").touch()
    line = (
        f"ivr cannot start: {site / 'flows'} has no __init__.py, as after uninstalling another package 'flows'; "
        f"{AGAIN}\n"
    )
    assert start(site) == (2, line)


@pytest.mark.parametrize("name", ["flows", "webhooks"])
def test_as_a_module_it_looks_too(name: str, site: Path, tmp_path: Path) -> None:
    """Under ``python -m ivr`` the folder where it starts comes first."""
    shutil.copy(ROOT / "ivr" / "__main__.py", site / "ivr")
    shutil.copytree(ROOT / "flows" / "display", site / "flows" / "display")
    other = tmp_path / "here" / name
    other.mkdir(parents=True)
    (other / "__init__.py").touch()
    hint = "start the command ivr, or work in another folder"
    line = f"ivr cannot start: {name!r} is {other}, not ours in {site / name}; {hint}\n"
    assert start(site, Path(get_path("purelib")), module="ivr") == (2, line)


@pytest.mark.parametrize("importing", ["ivr", "simulation", "webhooks"])
def test_a_program_that_imports_ours_is_told_too(importing: str, site: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "flows"
    other.mkdir(parents=True)
    (other / "__init__.py").touch()
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import {importing}"],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{other.parent}:{site}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    told = f"ImportError: 'flows' is {other}, not ours in {site / 'flows'}; take {other.parent} out of PYTHONPATH"
    assert done.stderr.splitlines()[-1] == told
