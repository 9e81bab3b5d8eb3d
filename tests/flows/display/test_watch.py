"""``--watch``: again after every way of saving a file, never without a change, and a clean end."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.display.watch import changed, look_of
from tests.support.paths import ROOT

FLOW = """\
ivr: 1
name: Line
start: bye
nodes:
  bye: {type: hangup, say: Thank you for calling. Goodbye.}
"""
WRONG = FLOW.replace("start: bye", "start: by")
WAITS = "waiting for a change"
_TIME = 8


class Watching:
    """A command that watches, and what it says."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ivr", *arguments, "--watch"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self._lines.put(line.rstrip("\n"))

    def run(self) -> str:
        """What the next run says, with its cause but without the times."""
        said: list[str] = []
        while not said or not said[-1].endswith(f"{WAITS}; Ctrl-C ends"):
            said.append(self.line())
        return "\n".join(line[_TIME + 1 :] if line[2:3] == line[5:6] == ":" else line for line in said[:-1])

    def line(self) -> str:
        """The next line."""
        return self._lines.get(timeout=20)

    def is_silent(self, seconds: float) -> bool:
        """Whether nothing more is said for some time."""
        time.sleep(seconds)
        return self._lines.empty()

    def close(self) -> None:
        """End it at once, if it has not ended."""
        self.process.kill()
        self.process.wait()
        self._reader.join(timeout=20)
        if self.process.stdout:
            self.process.stdout.close()

    def end(self) -> int:
        """The exit code after Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "line.yaml").write_text(FLOW, "utf-8")
    return tmp_path


@pytest.fixture
def watching(folder: Path) -> Iterator[Watching]:
    started = Watching(folder, "lint", "line.yaml")
    yield started
    started.close()


def _save_by_rename(file: Path, text: str) -> None:
    new = file.with_name(f".{file.name}.swp")
    new.write_text(text, "utf-8")
    new.replace(file)


def test_a_run_follows_every_way_of_saving(watching: Watching, folder: Path) -> None:
    file = folder / "line.yaml"
    assert watching.run() == "first run\nNo findings: every caller gets somewhere."

    _save_by_rename(file, WRONG)
    again = watching.run()
    assert again.startswith("line.yaml has changed\nline.yaml:3:8: error S001 the call starts at 'by'")

    file.write_text(FLOW, "utf-8")  # truncated, then written: one run, or one for each
    while not watching.run().endswith("No findings: every caller gets somewhere."):
        pass

    _save_by_rename(file, FLOW[: FLOW.index("hangup")])  # half of it
    half = watching.run()
    assert "Y001" in half
    assert "Traceback" not in half

    file.unlink()
    gone = watching.run()
    assert gone.startswith("line.yaml is gone")
    assert "Y002" in gone
    assert "Traceback" not in gone

    _save_by_rename(file, FLOW)
    assert watching.run() == "line.yaml is there, and 1 more\nNo findings: every caller gets somewhere."
    assert watching.end() == 0


def test_ctrl_c_gives_the_code_of_the_last_run(watching: Watching, folder: Path) -> None:
    watching.run()
    _save_by_rename(folder / "line.yaml", WRONG)
    watching.run()
    assert watching.end() == 1


def test_settings_count_also_when_they_are_new(watching: Watching, folder: Path) -> None:
    file = folder / "line.yaml"
    assert watching.run().endswith("every caller gets somewhere.")
    _save_by_rename(file, FLOW + "queues: {sales: {}}\n")
    assert "N004" in watching.run()
    (folder / "ivr.toml").write_text('[lint]\nignore = ["N004"]\n', "utf-8")
    assert "N004" not in watching.run()
    assert watching.end() == 0


def test_parts_and_prompts_count(tmp_path: Path) -> None:
    (tmp_path / "line.yaml").write_text(
        "ivr: 1\nname: Line\nstart: bye\ncatalogue: words.yaml\nnodes:\n  bye: {type: hangup, say: $bye}\n", "utf-8"
    )
    words = tmp_path / "words.yaml"
    words.write_text("ivr: 1\nprompts: {bye: Thank you. Goodbye.}\n", "utf-8")
    watching = Watching(tmp_path, "lint", "line.yaml")
    try:
        assert watching.run().endswith("every caller gets somewhere.")
        _save_by_rename(words, "ivr: 1\nprompts: {by: Thank you. Goodbye.}\n")
        again = watching.run()
        assert again.startswith("words.yaml has changed")
        assert "$bye" in again
        assert watching.end() == 1
    finally:
        watching.close()


def test_a_drawing_is_written_again_and_its_own_file_starts_no_run(folder: Path) -> None:
    watching = Watching(folder, "show", "line.yaml", "--output", "line.txt")
    drawing = folder / "line.txt"
    try:
        assert watching.run() == "first run\nline.txt: Line drawn"
        before, inode = drawing.read_text("utf-8"), drawing.stat().st_ino
        assert watching.is_silent(3)
        _save_by_rename(folder / "line.yaml", FLOW.replace("bye", "farewell"))
        assert watching.run() == "line.yaml has changed\nline.txt: Line drawn"
        assert "farewell" in drawing.read_text("utf-8")
        assert "farewell" not in before
        assert drawing.stat().st_ino != inode  # a new file in place of the old: no reader meets half of it
        assert sorted(path.name for path in folder.iterdir()) == ["line.txt", "line.yaml"]
        assert watching.end() == 0
    finally:
        watching.close()


def test_waiting_costs_nothing(watching: Watching) -> None:
    watching.run()
    stat = Path(f"/proc/{watching.process.pid}/stat")
    if not stat.exists():
        pytest.skip("processor time of another process is only looked up on Linux")

    def ticks() -> int:
        return sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13]))

    time.sleep(1)
    before = ticks()
    time.sleep(3)
    assert (ticks() - before) / os.sysconf("SC_CLK_TCK") < 0.3  # a tenth of the time; a busy loop takes all of it


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lint", "line.yaml", "--fix"], "--fix changes files, and --watch waits until somebody else does"),
        (["lint", "-"], "--watch reads files again and again, and - is not one"),
    ],
)
def test_what_cannot_be_watched_is_refused(folder: Path, arguments: list[str], said: str) -> None:
    watching = Watching(folder, *arguments)
    try:
        assert watching.process.wait(timeout=20) == 2
        assert said in watching.line()
    finally:
        watching.close()


def test_a_change_between_reading_and_waiting_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "line.yaml"
    file.write_text("one", "utf-8")
    read = {str(file): look_of(str(file)), str(tmp_path): look_of(str(tmp_path), suffixes=[".yaml"])}
    assert changed(read) == ""
    (tmp_path / "notes.txt").write_text("of another kind", "utf-8")
    assert changed(read) == ""
    (tmp_path / "part.yaml").write_text("one", "utf-8")
    assert changed(read) == f"{os.path.relpath(tmp_path)} has changed"
    file.write_text("three", "utf-8")
    assert changed(read) == f"{os.path.relpath(file)} has changed, and 1 more"
