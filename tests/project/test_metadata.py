"""What pyproject.toml says agrees with what is pinned, tested, shipped and written elsewhere."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import version

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
UNUSED = {"jupyterlab"}
"""Libraries of extras that nothing imports, which a checkout does without."""


def pins(file: str) -> dict[str, str]:
    """The pinned versions of a requirements file, by library."""
    found = (
        re.match(r"([\w.-]+)(?:\[\w+\])?==([^\s#;]+)", line) for line in (ROOT / file).read_text("utf-8").splitlines()
    )
    return {canonicalize_name(match[1]): match[2] for match in found if match}


def pinned() -> dict[str, str]:
    """Every version that a checkout installs."""
    return {name: at for file in ROOT.glob("requirements*.txt") for name, at in pins(file.name).items()}


def ranges() -> list[Requirement]:
    """Every library that is asked for with a range."""
    asked = [*PROJECT["dependencies"], *(one for extra, of in EXTRAS.items() if extra != "dev" for one in of)]
    return [one for one in map(Requirement, asked) if one.name != PROJECT["name"]]


def test_every_library_is_asked_for_as_a_range_from_a_lowest_version() -> None:
    wrong = [str(one) for one in ranges() if not any(part.operator == ">=" for part in one.specifier)]
    assert wrong == []


def test_a_library_is_asked_for_alike_everywhere() -> None:
    first: dict[str, str] = {}
    assert [str(one) for one in ranges() if first.setdefault(one.name, str(one.specifier)) != str(one.specifier)] == []


def test_what_is_pinned_is_in_its_range_and_is_what_is_installed() -> None:
    for one in ranges():
        if one.name in UNUSED:
            continue
        at = pinned()[canonicalize_name(one.name)]
        assert one.specifier.contains(at), f"{one} and {at}"
        assert version(one.name) == at


def test_the_tools_are_those_of_a_checkout() -> None:
    stated = [one for one in map(Requirement, EXTRAS["dev"]) if one.name not in (PROJECT["name"], "pandas")]
    pinned_there = {f"{name}=={at}" for name, at in pins("requirements-dev.txt").items()}
    assert {f"{canonicalize_name(one.name)}{one.specifier}" for one in stated} == pinned_there
    assert next(one for one in map(Requirement, EXTRAS["dev"]) if one.name == PROJECT["name"]).extras == {
        "fast",
        "parquet",
        "excel",
        "forecast",
        "dask",
        "postgres",
    }


def test_extras_are_those_that_were_promised() -> None:
    assert list(EXTRAS) == [
        "simulate",
        "fast",
        "parquet",
        "excel",
        "serve",
        "postgres",
        "forecast",
        "dask",
        "notebook",
        "dev",
    ]


def test_extras_named_in_documents_are_there() -> None:
    pages = {page.name: page.read_text("utf-8") for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))}
    install = re.compile(r"(?:ivr-flow-simulator|\.)\[([a-z,]+)\]|\bextra `([a-z]+)`")
    named = {
        (page, one)
        for page, text in pages.items()
        for m in install.finditer(text)
        for one in f"{m[1] or m[2]}".split(",")
    }
    assert [(page, one) for page, one in sorted(named) if one not in EXTRAS] == []
    assert {one for _, one in named} >= {"simulate", "fast", "serve", "parquet", "forecast", "dask"}


def test_pythons_are_those_that_are_tried() -> None:
    said = [one.rpartition(" ")[2] for one in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", one)]
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8"))
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == said == ["3.11", "3.12", "3.13", "3.14"]
    assert PROJECT["requires-python"] == f">={said[0]}"
    assert sys.version_info >= (3, 11)


def test_files_of_others_are_listed_with_licences_that_are_there() -> None:
    listed = re.findall(r"^\| `([^`]+)`", (ROOT / "THIRD_PARTY.md").read_text("utf-8"), re.MULTILINE)
    assert [name for name in listed if not (ROOT / name).is_file()] == []
    minified = {str(path.relative_to(ROOT)) for path in ROOT.glob("*/**/*.min.*") if ".venv" not in path.parts}
    assert minified <= set(listed)
    assert [name for name in PROJECT["license-files"] if not list(ROOT.glob(name))] == []


@pytest.mark.parametrize(
    "file", ["README.md", "SECURITY.md", ".pre-commit-hooks.yaml", "pyproject.toml", "docs/automation.md"]
)
def test_the_project_has_one_address(file: str) -> None:
    home = PROJECT["urls"]["Homepage"]
    text = (ROOT / file).read_text("utf-8")
    named = set(re.findall(r"(?:github|githubusercontent)\.com/([\w.-]+/ivr-flow-simulator)", text))
    assert named <= {home.removeprefix("https://github.com/")}


def test_what_others_copy_names_the_tag_of_this_version() -> None:
    """A branch would change unasked, and pre-commit warns of it."""
    text = (ROOT / "docs" / "automation.md").read_text("utf-8")
    tag = f"v{PROJECT['version']}"
    assert re.findall(r"rev: (\S+)|ivr-flow-simulator@(\S+?)\"|`@(\S+)`", text) == [
        (tag, "", ""),
        ("", tag, ""),
        ("", "", tag),
    ]
    assert f"tag it `{tag}`" in (ROOT / "CONTRIBUTING.md").read_text("utf-8")
