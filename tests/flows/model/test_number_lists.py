"""Lists that a flow names: read with it, and what is wrong with them told where it stands."""

from __future__ import annotations

from pathlib import Path

from flows.lint.engine import lint
from flows.model.load import load, load_text

FLOW = """
ivr: 1
name: Line
start: screen
nodes:
  screen: {type: split, list: %s, cases: {listed: refuse}, otherwise: bye}
  refuse: {type: reject}
  bye: {type: hangup, say: Goodbye.}
"""


def flow_in(folder: Path, named: str, text: str | None = None) -> Path:
    file = folder / "line.yaml"
    file.write_text(FLOW % named, "utf-8")
    if text is not None:
        (folder / "blocked.txt").write_text(text, "utf-8")
    return file


def test_a_flow_holds_its_lists_outside_its_text(tmp_path: Path) -> None:
    """Another list does not make another flow: its digest, and what is kept of it, have no number."""
    flow = load(flow_in(tmp_path, "blocked.txt", "+14155550100\n")).flow
    assert flow.listed("blocked.txt", "+14155550100")
    assert not flow.listed("blocked.txt", "+14155550101")
    assert not flow.listed("other.txt", "+14155550100")
    assert "4155550100" not in flow.model_dump_json() + repr(flow)
    assert load(flow_in(tmp_path, "blocked.txt", "+14155550101\n")).flow.digest == flow.digest


def test_a_list_that_is_not_there_has_nobody(tmp_path: Path) -> None:
    loaded = load(flow_in(tmp_path, "blocked.txt"))
    assert not loaded.flow.listed("blocked.txt", "+14155550100")
    (found,) = [finding for finding in lint(loaded) if finding.code == "R023"]
    assert (found.line, found.column, found.severity) == (6, 31, "error")
    assert found.message.startswith("'blocked.txt': ")
    assert found.hint == "write it beside the flow, one number a line"


def test_a_list_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    (found,) = [finding for finding in load(flow_in(tmp_path, "../blocked.txt")).notes if finding.code == "R023"]
    assert found.message == "'../blocked.txt' lies outside the flow's folder"


def test_a_wrong_line_is_told_in_its_file(tmp_path: Path) -> None:
    """A list that two nodes name is read, and told of, once."""
    file = flow_in(tmp_path, "blocked.txt", "# robots\n(415) 555-0100\n")
    text = file.read_text("utf-8").replace("otherwise: bye", "otherwise: again", 1)
    again = "  again: {type: split, list: blocked.txt, cases: {listed: refuse}, otherwise: bye}\n"
    file.write_text(text.replace("  refuse:", again + "  refuse:"), "utf-8")
    (found,) = [finding for finding in lint(load(file)) if finding.code == "R024"]
    assert (Path(str(found.file)).name, found.line, found.severity) == ("blocked.txt", 2, "warning")
    assert "555" not in found.message


def test_a_flow_without_files_has_empty_lists(tmp_path: Path) -> None:
    loaded = load_text(FLOW % "blocked.txt", str(tmp_path / "line.yaml"))
    assert not loaded.flow.listed("blocked.txt", "+14155550100")
