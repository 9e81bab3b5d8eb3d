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


@pytest.mark.parametrize("name", PACKAGES)
@pytest.mark.parametrize("place", [1, 99], ids=["before", "after"])
def test_a_package_elsewhere_among_the_installed(name: str, place: int, site: Path, tmp_path: Path) -> None:
    """As in the folder of a user, or by a .pth file: before ours it is told, after ours it is in nobody's way."""
    other = tmp_path / "other"
    (other / name).mkdir(parents=True)
    (other / name / "__init__.py").touch()
    program = f"import sys; sys.path.insert({place}, {str(other)!r}); import ivr_flow_simulator as p; p.run()"
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    line = f"ivr cannot start: {name!r} is {other / name}, not ours in {site / name}; {APART}\n"
    assert (done.returncode, done.stderr, done.stdout) == ((2, line, "") if place == 1 else (0, "", "started\n"))


def put_over(name: str, version: str, site: Path) -> Path:
    """Install another distribution after ours: its package lies over ours. The folder of its metadata."""
    (site / name / "__init__.py").write_text("raise SystemExit('must not run')\n", "utf-8")
    about = site / f"{name}-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
    (about / "RECORD").write_text(f"{name}/__init__.py,,\n{name}/main.py,,\n", "utf-8")
    return about


@pytest.mark.parametrize(
    ("name", "version"), [("flows", "1.2.1"), ("ivr", "0.0.9"), ("simulation", "0.1.1.dev80"), ("webhooks", "0.4.2")]
)
def test_a_package_written_over_ours_is_told_by_its_name(name: str, version: str, site: Path) -> None:
    """These are all on PyPI. Uninstalled, as the line says, one leaves no __init__.py; ours put back, all is well."""
    about = put_over(name, version, site)
    line = (
        f"ivr cannot start: {site / name} is overwritten by the package {name} {version}; "
        f"uninstall that and {AGAIN}, or {APART}\n"
    )
    assert start(site) == (2, line)
    shutil.rmtree(about)
    (site / name / "__init__.py").unlink()
    line = (
        f"ivr cannot start: {site / name} has no __init__.py, as after uninstalling another package {name!r}; {AGAIN}\n"
    )
    assert start(site) == (2, line)
    shutil.copy(ROOT / name / "__init__.py", site / name)
    assert start(site) == (0, "started\n")


@pytest.mark.parametrize(
    ("noted", "whence"),
    [
        ('{"url": "file:///wheels/ours%201.whl", "archive_info": {}}', "file:///wheels/ours%201.whl"),
        (
            '{"url": "https://example.com/x", "vcs_info": {"vcs": "git", "commit_id": "1f"}}',
            "git+https://example.com/x",
        ),
    ],
)
def test_ours_is_put_back_from_where_it_came(noted: str, whence: str, site: Path) -> None:
    put_over("webhooks", "0.4.2", site)
    about = site / "ivr_flow_simulator-0.1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: ivr-flow-simulator\nVersion: 0.1.0\n", "utf-8")
    (about / "direct_url.json").write_text(noted, "utf-8")
    assert f"(pip install --force-reinstall --no-deps {whence})" in start(site)[1]


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


@pytest.mark.parametrize(
    ("name", "importing"),
    [
        ("flows", "import ivr"),
        ("flows", "import simulation"),
        ("flows", "import webhooks"),
        ("ivr", "from simulation import simulate"),
        ("ivr", "from webhooks import create_app"),
    ],
)
def test_a_program_that_imports_ours_is_told_too(name: str, importing: str, site: Path, tmp_path: Path) -> None:
    """At the latest when it asks for something that needs the package in whose place another stands."""
    for home in ("simulation/notebook/results.py", "webhooks/service/app.py"):
        (site / home).parent.mkdir(parents=True)
        (site / home).write_text("import ivr.records\n", "utf-8")
    other = tmp_path / "other" / name
    other.mkdir(parents=True)
    (other / "__init__.py").touch()
    done = subprocess.run(
        [sys.executable, "-S", "-c", importing],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{other.parent}:{site}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    told = f"ImportError: {name!r} is {other}, not ours in {site / name}; take {other.parent} out of PYTHONPATH"
    assert done.stderr.splitlines()[-1] == told
