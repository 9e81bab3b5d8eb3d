"""Rules over two processors: the same findings in the same order, whatever becomes of the second process."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import flows.commands.lint
import flows.lint.engine
import flows.processors
from bench.large_flows import dense
from flows.lint.context import Context
from flows.lint.engine import lint
from flows.lint.problem import Problem
from flows.lint.rules import rules
from flows.model.load import load_text
from flows.processors import meanwhile, over_two, two_processors
from flows.source import yaml_reader as native

HERE = os.getpid()

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


def no_child_is_left() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


BEGUN, DONE = os.pipe(), os.pipe()


def waits_for_the_other(i: int) -> int:
    """The first piece takes until the other process has done all the rest, and that begins when the first has begun."""
    if i == 0:
        os.write(BEGUN[1], b"!")
        os.read(DONE[0], 1)
    elif i == 4:
        os.read(BEGUN[0], 1)
    elif i == 1:
        os.write(DONE[1], b"!")
    return os.getpid()


def test_both_processes_work_and_meet() -> None:
    ran = over_two(
        waits_for_the_other, 5
    )  # from both ends: 0 here waits until 1 is done, so 4, 3, 2 and 1 are done there
    assert ran[0] == HERE
    assert len(set(ran[1:])) == 1
    assert ran[1] != HERE
    assert no_child_is_left()


@pytest.mark.parametrize("number", [0, 1, 2, 7, 300])
def test_answers_stand_in_order(number: int) -> None:
    assert over_two(lambda i: i * i, number) == [i * i for i in range(number)]


def ends_there(how: str) -> None:
    if os.getpid() != HERE:
        if how == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        raise MemoryError


@pytest.mark.parametrize("how", ["killed", "raises"])
def test_what_the_second_process_does_not_bring_is_done_here(how: str) -> None:
    assert over_two(lambda i: ends_there(how) or i, 9) == list(range(9))
    assert no_child_is_left()


def test_what_fails_here_fails_here() -> None:
    def work(i: int) -> int:
        raise KeyError(i)

    with pytest.raises(KeyError):
        over_two(work, 3)
    assert no_child_is_left()


def test_no_room_for_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> int:
        raise BlockingIOError

    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    monkeypatch.setattr(os, "fork", full)
    assert over_two(lambda i: i, 3) == [0, 1, 2]
    with meanwhile(os.getpid) as answer:
        assert answer() == HERE
    assert not before or len(os.listdir("/proc/self/fd")) == before


def test_an_answer_is_worked_out_meanwhile() -> None:
    with meanwhile(os.getpid) as answer:
        assert answer() != HERE
    assert no_child_is_left()


@pytest.mark.parametrize("how", ["killed", "raises"])
def test_an_answer_that_is_not_brought_is_worked_out_here(how: str) -> None:
    with meanwhile(lambda: ends_there(how) or "done here") as answer:
        assert answer() == "done here"
    assert no_child_is_left()


def test_an_answer_that_nobody_asks_for_leaves_nothing_behind() -> None:
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    with pytest.raises(KeyError), meanwhile(lambda: bytes(10_000_000)):
        raise KeyError
    assert no_child_is_left()
    assert not before or len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize(
    "spoil",
    [str, lambda text: text + "  n0: {type: play}\n", lambda text: text[:-20] + "[", lambda text: text + "\x00"],
)
def test_a_large_file_read_meanwhile_is_told_as_ever(
    spoil: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "large.yaml"
    file.write_text(spoil(dense(1_500)), "utf-8")
    assert file.stat().st_size > flows.commands.lint._LARGE
    read, second = native.read, []
    monkeypatch.setattr(native, "read", lambda path: second.append(path) or read(path))
    monkeypatch.setattr(flows.processors, "two_processors", lambda: True)  # whatever threads run the tests
    told = CliRunner().invoke(flows.commands.lint.lint, [str(file), "--json"], standalone_mode=False)
    assert second == ([] if spoil is str else [file])  # what cannot be read there is read again here, to be told
    monkeypatch.setattr(flows.processors, "two_processors", lambda: False)
    here = CliRunner().invoke(flows.commands.lint.lint, [str(file), "--json"], standalone_mode=False)
    assert (told.return_value, told.output) == (here.return_value, here.output)
    assert told.return_value == 1
    assert len(json.loads(told.output)) > 0
    assert no_child_is_left()


def test_one_processor_is_not_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {3}, raising=False)
    assert not two_processors()


def test_a_large_flow_has_the_same_findings_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(context: Context) -> list[Problem]:
        raise ZeroDivisionError("on purpose")

    broken = {code: replace(rule, check=fails) if code in ("S001", "N004") else rule for code, rule in rules().items()}
    monkeypatch.setattr(flows.lint.engine, "rules", lambda: broken)
    loaded = load_text(dense(1_000))
    here, spread = lint(loaded), lint(loaded, spread=over_two)
    assert spread == here
    assert [f.message.split()[1] for f in here if f.code == "L001"] == ["N004", "S001"]


def test_a_small_flow_needs_no_second_process() -> None:
    loaded = load_text(dense(100))
    assert lint(loaded, spread=lambda work, number: pytest.fail("asked for help"))
