"""Versions of the flow language: older ones are read and rewritten, later ones refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.lint.engine import lint
from flows.model import versions
from flows.model.load import load_text
from flows.source.finding import FlowError
from flows.source.yaml_reader import parse
from ivr.__main__ import main

OLD = """\
# written before the first release
ivr: 0   # the draft
name: Line
languages: [en-US, es-US]
start: tongue
nodes:
  tongue: {type: language, options: [{key: 1, language: en-US}], next: main}
  main:
    type: menu
    options:      # in this order
      - {key: 1, label: {en-US: sales, es-US: ventas}, next: bey}
    otherwise: bye
  bye: {type: hangup}
"""
NEW = OLD.replace("ivr: 0 ", "ivr: 1 ").replace("options:", "choices:")


def told(text: str) -> list[str]:
    return [
        f"{f.line}:{f.column} {f.severity} {f.code} {f.message} | {f.hint}"
        for f in lint(load_text(text), select=["S002"])
    ]


def test_an_old_file_is_read_and_what_is_called_otherwise_is_told_where_it_stands() -> None:
    assert told(OLD) == [
        (
            "7:28 warning V002 version 0 of the flow language: 'options' is read as 'choices'; the options of a"
            " language are its 'choices' | ivr convert --migrate rewrites the file"
        ),
        (
            "10:5 warning V002 version 0 of the flow language: 'options' is read as 'choices'; the options of a menu"
            " are its 'choices' | ivr convert --migrate rewrites the file"
        ),
        "11:62 error S002 there is no node 'bey' | did you mean 'bye'?",
    ]


def test_old_and_new_mean_the_same() -> None:
    assert load_text(OLD).flow == load_text(NEW).flow


def test_migrating_keeps_comments_and_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "line.yaml"
    file.write_text(OLD, "utf-8")
    assert main(["convert", str(file), "--migrate"]) == 0
    assert file.read_text("utf-8") == NEW
    assert main(["convert", str(file), "--migrate"]) == 0
    assert file.read_text("utf-8") == NEW
    assert capsys.readouterr().err == f"{file}: rewritten\nno file changed: version 1 already\n"


def test_every_file_of_a_flow_is_migrated(tmp_path: Path) -> None:
    (tmp_path / "line.yaml").write_text(
        "ivr: 1\nname: L\nstart: a\nparts: {p: p.yaml}\nnodes: {a: {type: subflow, start: p, next: b}, b: {type:"
        " hangup}}\n",
        "utf-8",
    )
    old = "ivr: 0\npart: P\nstart: m\nnodes: {m: {type: menu, options: [{key: 1, label: x, next: return}]}}\n"
    (tmp_path / "p.yaml").write_text(old, "utf-8")
    assert main(["convert", str(tmp_path / "line.yaml"), "--migrate"]) == 0
    assert (tmp_path / "p.yaml").read_text("utf-8") == old.replace("ivr: 0", "ivr: 1").replace("options", "choices")


def test_a_version_without_anything_to_rename_is_told_too() -> None:
    assert told("{ivr: 0, name: L, start: b, nodes: {b: {type: hangup}}}") == [
        "1:7 warning V002 version 0 of the flow language is read as version 1 | ivr convert --migrate rewrites the file"
    ]


@pytest.mark.parametrize(
    ("written", "code", "message"),
    [
        ("2", "V001", "the file is written in version 2 of the flow language; this program reads versions 0 and 1"),
        (
            "99999999",
            "V001",
            "the file is written in version 99999999 of the flow language; this program reads versions 0 and 1",
        ),
        ("one", "F003", "'one' is not '1'"),
        ("-1", "F003", "'-1' is not '1'"),
        ("1.5", "F003", "'1.5' is not '1'"),
        ("9999999999999999999", "F003", "'9999999999999999999' is not '1'"),
    ],
)
def test_other_versions_are_refused(written: str, code: str, message: str) -> None:
    with pytest.raises(FlowError) as error:
        load_text(f"name: L\nivr: {written}\nstart: b\nnodes: {{b: {{type: hangup}}}}\n")
    (finding,) = error.value.findings
    assert (finding.line, finding.column, finding.code, finding.message) == (2, 6, code, message)


def test_there_is_a_file_for_every_version_up_to_the_current_one() -> None:
    assert sorted(versions.steps()) == list(range(versions.CURRENT + 1))
    assert list(versions.steps()[versions.CURRENT].renames(parse(NEW, "x.yaml"))) == []


def test_an_old_flow_is_migrated_before_it_is_translated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, po = tmp_path / "line.yaml", tmp_path / "es.po"
    file.write_text(OLD, "utf-8")
    assert main(["convert", str(file), "--to", "po", "--language", "es-US", "-o", str(po)]) == 0
    assert main(["convert", str(file), "--from-po", str(po), "--language", "es-US"]) == 1
    assert "V002" in capsys.readouterr().err
    assert file.read_text("utf-8") == OLD
