"""What is published: a source distribution with everything, and a wheel that works wherever it is installed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from sysconfig import get_path

import pytest
from packaging.metadata import Metadata

from tests.support.modules import PACKAGES
from tests.support.paths import ROOT

CLEAN = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
NOT_PUBLISHED = {".ci/run"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both; the wheel is built from the source distribution, as others would."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT], check=True, capture_output=True
    )
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Metadata:
    with zipfile.ZipFile(wheel) as opened:
        (name,) = (name for name in opened.namelist() if name.endswith(".dist-info/METADATA"))
        return Metadata.from_email(opened.read(name), validate=True)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment outside the checkout with nothing but the wheel; it borrows the libraries of this one."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    found = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    )
    Path(found.stdout.strip(), "libraries.pth").write_text(get_path("purelib") + "\n", "utf-8")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, wheel], check=True, capture_output=True, env=CLEAN)
    return folder / "bin"


def run(installed: Path, here: Path, *command: str) -> subprocess.CompletedProcess[str]:
    program, *arguments = command
    return subprocess.run(
        [installed / program, *arguments], cwd=here, env=CLEAN, capture_output=True, text=True, timeout=120
    )


def tracked(*options: str) -> set[str]:
    done = subprocess.run(
        ["git", "ls-files", "-z", *options], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return {name for name in done.split("\0") if name and (ROOT / name).exists()}


def test_the_source_distribution_has_every_file(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    assert tracked() - names == NOT_PUBLISHED
    assert names - tracked() - tracked("--others", "--exclude-standard") == {"PKG-INFO"}


def test_the_wheel_has_our_packages_whole_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = {name for name in opened.namelist() if ".dist-info/" not in name}
    ours = {name for name in tracked() if name.partition("/")[0] in PACKAGES} | {"ivr_flow_simulator.py"}
    assert ours - names == set()
    assert names - ours - tracked("--others", "--exclude-standard") == set()


def test_links_lead_somewhere_from_any_page(metadata: Metadata) -> None:
    """As PyPI shows README.md, which does not know where its files are; addresses are those of [project.urls]."""
    assert metadata.description_content_type == "text/markdown"
    links = re.findall(r"\]\(([^)\s]*)\)|src(?:set)?=\"([^\"]*)\"", metadata.description or "")
    links = [link or picture for link, picture in links]
    assert [link for link in links if not link.startswith("https://")] == []
    source = (metadata.project_urls or {})["Source"]
    raw = source.replace("github.com", "raw.githubusercontent.com")
    files = [re.sub(rf"^({source}/blob|{raw})/main/", "", link) for link in links if link.startswith((source, raw))]
    assert [file for file in files if not (ROOT / file.partition("#")[0]).exists()] == []
    assert {"docs/map-light.png", "docs/map-dark.png", "docs/serving.md", "CHANGELOG.md"} <= set(files)


def test_licences_of_others_are_in_the_wheel(metadata: Metadata, wheel: Path) -> None:
    assert str(metadata.license_expression) == "Apache-2.0 AND BSD-3-Clause AND EPL-2.0 AND MIT"
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    wanted = ["LICENSE", "THIRD_PARTY.md", *(f"echarts-{name}.txt" for name in ("LICENSE", "NOTICE", "LICENSE-d3"))]
    wanted += ["voice-sdk-LICENSE.txt", "voice-sdk-LICENSE-events.txt", "elk-LICENSE.md"]
    inside = [name.rpartition("/")[2] for name in names if ".dist-info/licenses/" in name]
    assert sorted(inside) == sorted(wanted)


def test_the_installed_packages_are_those_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    program = "import flows, ivr, simulation, webhooks, ivr_flow_simulator as one; print(*(m.__file__ for m in ("
    done = run(installed, tmp_path, "python", "-c", program + "flows, ivr, simulation, webhooks, one)))")
    files = done.stdout.split()
    assert len(files) == 5, done.stderr
    assert [file for file in files if not Path(file).is_relative_to(installed.parent)] == []


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("lint northwind", "No findings: every caller gets somewhere."),
        ("call northwind --at 2026-11-24T10:00 --keys 1,2", "presses 1"),
        ("simulate credit_union --engine reference --replications 1 --report day.html", "Harbor Light Credit Union"),
    ],
)
def test_commands_run_in_an_empty_folder(command: str, shown: str, installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "ivr", *command.split())
    assert done.returncode == 0, done.stderr
    assert shown in done.stdout
    assert [file.name for file in tmp_path.iterdir()] == (["day.html"] if "--report" in command else [])


@pytest.fixture
def served(installed: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a shipped line that the installed command serves."""
    command = [installed / "ivr", "serve", "northwind", "--port", "0", "--at", "2026-11-24T10:00", "--json"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as serving:
        assert serving.stdout is not None
        yield json.loads(serving.stdout.readline())["address"]
        serving.send_signal(signal.SIGINT)
        assert serving.wait(30) == 0


def test_a_line_is_served_and_called(served: str, installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "ivr", "call", f"{served}/voice", "--keys", "1", "--json")
    assert done.returncode == 0, done.stderr
    assert "For billing and payments" in done.stdout
    assert (tmp_path / "calls.sqlite").exists()
