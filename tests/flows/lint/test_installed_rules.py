"""Rules of installed distributions: found by their entry points, and checked like those of folders."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.lint import rules as rules_module
from flows.lint.installed_rules import installed_rules
from flows.lint.rules import rules, with_rules
from tests.support.own_rules import FLOW, FOUND, RULE_FILE, SHOWN, said


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed distributions, in which Acme's rules are."""
    site = tmp_path / "site"
    (site / "acme_rules").mkdir(parents=True)
    (site / "acme_rules" / "__init__.py").write_text('"""Acme\'s rules."""\n', "utf-8")
    (site / "acme_rules" / "too_many_nodes.py").write_text(RULE_FILE, "utf-8")
    points = SHOWN["pyproject.toml"].partition('[project.entry-points."ivr.rules"]\n')[2].replace('"', "")
    distribution(site, "acme-rules", f"[ivr.rules]\n{points}")
    monkeypatch.syspath_prepend(str(site))
    (tmp_path / "line.yaml").write_text(FLOW, "utf-8")
    monkeypatch.chdir(tmp_path)
    yield site
    for name in [name for name in sys.modules if name.startswith("acme_")]:
        del sys.modules[name]
    forget()


def distribution(site: Path, name: str, entry_points: str) -> None:
    """The metadata of an installed distribution."""
    info = site / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(entry_points, "utf-8")
    forget()


def forget() -> None:
    """Look for distributions again."""
    rules_module.installed.cache_clear()
    rules_module._together.cache_clear()


def test_rules_of_a_distribution_run_everywhere(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    last = "\n1 warning. 'ivr explain ACME001' tells why it matters.\n"
    assert said(capsys, "lint", "line.yaml", code=1) == FOUND + last
    assert said(capsys, "explain", "too-many-nodes", code=0).startswith("ACME001 too-many-nodes (warning)")
    assert said(capsys, "lint", "line.yaml", "--ignore", "ACME", code=0).startswith("No findings")


def test_a_folder_may_not_take_the_code_of_a_distribution(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine").mkdir()
    Path("mine/nodes.py").write_text(RULE_FILE, "utf-8")
    assert "mine/nodes.py:17:1: error L008 'ACME001' is a rule already" in said(
        capsys, "lint", "line.yaml", "--rules", "mine", code=1
    )


@pytest.mark.parametrize(
    ("value", "file", "message"),
    [
        ("acme_nowhere", "^", "the rules of other-rules cannot be loaded: ModuleNotFoundError: No module named"),
        ("acme_rules:NOTHING", "^", "the rules of other-rules cannot be loaded: AttributeError"),
        ("acme_broken", "acme_broken.py:2:1", "the rules of other-rules cannot be loaded: ZeroDivisionError"),
        ("acme_rules.too_many_nodes:RULE", "too_many_nodes.py:17:1", "'ACME001' is a rule already in "),
        ("acme_rules.too_many_nodes:check", "^", "other-rules: <function check at"),
    ],
)
def test_a_distribution_whose_rules_cannot_be_loaded(
    value: str, file: str, message: str, installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (installed / "acme_broken.py").write_text('"""Broken."""\nX = 1 / 0\n', "utf-8")
    distribution(installed, "other-rules", f"[ivr.rules]\nother = {value}\n")
    shown = said(capsys, "lint", "line.yaml", code=1)
    place = "^" if file == "^" else f"{re.escape(file)}: "
    assert re.search(rf"{place}error L008 .*{re.escape(message)}", shown, re.MULTILINE)
    assert "Traceback" not in shown
    assert FOUND in shown


def test_node_types_from_outside_are_refused_with_the_reason(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    distribution(installed, "acme-nodes", "[ivr.nodes]\nweather = acme_nodes:Weather\n")
    assert "warning L010 acme-nodes offers a node type, 'weather', which is not used: a flow has one meaning\n" in said(
        capsys, "lint", "line.yaml", code=1
    )
    assert "the interpreter, the chain" in " ".join(said(capsys, "explain", "L010", code=0).split())


def test_what_lies_where_the_user_stands_is_not_installed(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m ivr` puts the current folder on the path, which may be a repository of somebody else."""
    assert [rule.code for rule in installed_rules({}).rules] == ["ACME001"]
    monkeypatch.chdir(installed)
    assert installed_rules({}).rules == ()


def test_the_same_code_of_a_rule_that_is_tried_replaces_the_installed_one(installed: Path) -> None:
    forget()
    assert rules()["ACME001"].name == "too-many-nodes"
    with with_rules([replace(rules()["ACME001"], name="a-rule")]):
        assert rules()["ACME001"].name == "a-rule"


def test_an_installation_without_own_rules_asks_no_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(**_: object) -> None:
        raise AssertionError("reading every distribution takes longer than a small flow")

    monkeypatch.setattr("importlib.metadata.distributions", asked)
    forget()
    assert installed_rules({}).rules == ()
