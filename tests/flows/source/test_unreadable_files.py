"""Files that cannot be read as text, and the finding that says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.model.load import load
from flows.source.finding import Finding, FlowError


def line_of(finding: Finding) -> str:
    return f"{finding.line}:{finding.column} {finding.code} {finding.message} | {finding.hint}"


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes(b"ivr: 1\nname: Espa\xf1a\n")
    with pytest.raises(FlowError) as caught:
        load(file)
    assert [line_of(f) for f in caught.value.findings] == ["2:11 Y003 byte 0xf1 is not UTF-8 | save the file as UTF-8"]


def test_a_byte_order_mark_is_welcome(tmp_path: Path) -> None:
    file = tmp_path / "bom.yaml"
    file.write_bytes(b"\xef\xbb\xbfivr: 1\r\nname: L\r\nstart: m\r\nnodes: {m: {type: hangup}}\r\n")
    assert load(file).flow.name == "L"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "northwind.yaml").write_text("")
    with pytest.raises(FlowError) as caught:
        load(tmp_path / "nortwind.yaml")
    (finding,) = caught.value.findings
    assert (finding.code, finding.message, finding.hint) == (
        "Y002",
        "no such file",
        f"did you mean {tmp_path / 'northwind.yaml'}?",
    )


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FlowError) as caught:
        load(tmp_path)
    (finding,) = caught.value.findings
    assert (finding.code, finding.message) == ("Y002", "this is a folder, not a file")
    assert finding.hint == "name a .yaml file in it"


def test_of_a_folder_the_one_flow_in_it_is_named(tmp_path: Path) -> None:
    """As `ivr init` writes it: a flow, its scenario, its calls."""
    for name in ("bakery.yaml", "bakery.scenario.yaml", "bakery.calls"):
        (tmp_path / name).touch()
    with pytest.raises(FlowError) as caught:
        load(tmp_path)
    assert [finding.hint for finding in caught.value.findings] == [f"did you mean {tmp_path / 'bakery.yaml'}?"]


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    with file.open("wb") as out:
        out.truncate(4_000_001)
    with pytest.raises(FlowError) as caught:
        load(file)
    assert [line_of(f) for f in caught.value.findings] == [
        "0:0 Y004 larger than 4,000,000 bytes | split it into several files"
    ]
