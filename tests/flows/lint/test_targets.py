"""Which files a command line names: folders, patterns, and what is left out of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.lint.left_out import LeftOut
from flows.lint.targets import targets
from flows.source.finding import UsageError


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with files of every sort in it."""
    for file in (
        ".git/config.yaml",
        ".hidden.yaml",
        "a.yaml",
        "b.txt",
        "build/made.yaml",
        "lines/b.calls",
        "lines/b.yaml",
        "lines/drafts/c.yaml",
        "lines/drafts/keep.yaml",
        "lines/old.yaml",
        "node_modules/x/package.json",
        "venv/pyvenv.cfg",
        "venv/x.yaml",
    ):
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf-8")
    (tmp_path / ".gitignore").write_text("# comment\n/build/\nold.yaml\nlines/drafts/*\n!\n", "utf-8")
    (tmp_path / "lines" / ".gitignore").write_text("!drafts/keep.yaml\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def named(*given: str, exclude: tuple[str, ...] = (), base: str = "") -> list[str]:
    found, wrong = targets(given, LeftOut(exclude, base=base))
    assert wrong == ()
    return [one.file for one in found]


def test_a_folder_is_searched_without_what_is_hidden_ignored_or_of_other_tools() -> None:
    assert named(".") == ["a.yaml", "lines/b.calls", "lines/b.yaml", "lines/drafts/keep.yaml"]
    assert named("lines/") == ["lines/b.calls", "lines/b.yaml", "lines/drafts/keep.yaml"]


def test_a_file_or_folder_that_is_named_is_checked_even_if_it_is_ignored() -> None:
    assert named("lines/old.yaml", ".hidden.yaml") == ["lines/old.yaml", ".hidden.yaml"]
    assert named("build") == ["build/made.yaml"]


def test_patterns_find_what_a_search_would() -> None:
    assert named("**/*.yaml") == ["a.yaml", "lines/b.yaml", "lines/drafts/keep.yaml"]
    assert named("lines/?.*") == ["lines/b.calls", "lines/b.yaml"]


def test_each_file_once_in_the_order_of_the_command_line() -> None:
    assert named("lines/b.yaml", "./a.yaml", "lines", "a.yaml", "-") == [
        "lines/b.yaml",
        "a.yaml",
        "lines/b.calls",
        "lines/drafts/keep.yaml",
        "-",
    ]


def test_exclude_leaves_out_whatever_it_names_however_that_was_found() -> None:
    assert named(".", "a.yaml", exclude=("drafts/", "a.*")) == ["lines/b.calls", "lines/b.yaml"]
    assert named(".", exclude=("/lines/*.yaml",)) == ["a.yaml", "lines/b.calls", "lines/drafts/keep.yaml"]
    assert named("lines", exclude=("lines/",)) == []
    assert named(".", exclude=("*.yaml", "!a.yaml")) == ["a.yaml", "lines/b.calls"]


def test_patterns_with_a_slash_are_relative_to_the_file_that_states_them(project: Path) -> None:
    assert named(".", exclude=("/b.calls",), base=str(project / "lines")) == [
        "a.yaml",
        "lines/b.yaml",
        "lines/drafts/keep.yaml",
    ]


def test_without_a_repository_only_the_files_in_the_folders_count(project: Path) -> None:
    (project / ".git" / "config.yaml").unlink()
    (project / ".git").rmdir()
    assert "lines/old.yaml" not in named(".")
    (project / ".gitignore").unlink()
    assert "lines/old.yaml" in named(".")


def test_links_to_folders_are_not_followed(project: Path) -> None:
    (project / "again").symlink_to(project / "lines")
    assert "again/b.yaml" not in named(".")
    assert named("again")[0] == "again/b.calls"


def test_a_name_without_a_file_is_a_finding(project: Path) -> None:
    (project / "empty").mkdir()
    found, wrong = targets(["venv/lib", "*.none", "empty", "a.yaml"], LeftOut())
    assert [one.file for one in found] == ["venv/lib", "a.yaml"]  # the first is missing, which its reader says
    assert [(finding.file, finding.message) for finding in wrong] == [
        ("*.none", "no file fits this pattern"),
        ("empty", "there is nothing to check in this folder"),
    ]


@pytest.mark.parametrize("pattern", ["!", "[z-a]"])
def test_a_pattern_that_cannot_be_read_is_wrong_usage(pattern: str) -> None:
    with pytest.raises(UsageError, match="is not a pattern"):
        LeftOut([pattern])
