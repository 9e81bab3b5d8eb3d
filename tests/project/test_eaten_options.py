"""No option of any command takes another option for its value: help is given, and a missing value is named."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from flows.display.options import Checked
from flows.source.finding import UsageError
from ivr.__main__ import COMMANDS, OVER_HTTP, ivr, main


def options() -> Iterator[tuple[tuple[str, ...], str, str]]:
    """The words of each command, each of its options that take a value, and another of its options."""
    context = click.Context(ivr)
    for name in COMMANDS:
        command = ivr.get_command(context, name)
        assert command is not None
        inner = (
            [((name, sub), command.get_command(context, sub)) for sub in command.list_commands(context)]
            if isinstance(command, click.Group)
            else [((name,), command)]
        )
        for words, leaf in inner:
            assert leaf is not None
            own = [param for param in leaf.params if isinstance(param, click.Option)]
            other = own[-1].opts[-1]
            yield from ((words, option.opts[-1], other) for option in own if not (option.is_flag or option.count))
    yield ("test",), "--url", "--json"


ALL = tuple(dict.fromkeys(options()))


def test_a_seed_is_0_or_more_in_every_command() -> None:
    """Either click refuses others, or the command does with X005."""
    context, allowed = click.Context(ivr), {}
    for words in {words for words, option, _ in ALL if option == "--seed"}:
        command = ivr.get_command(context, words[0])
        assert command is not None
        allowed[words[0]] = next(param.type for param in command.params if param.name == "seed")
    assert set(allowed) == {"backtest", "callers", "compare", "estimators", "simulate", "staff", "swarm", "sweep"}
    for kind in allowed.values():
        with pytest.raises((click.BadParameter, UsageError), match=r"seed is -1; it must be 0 or more|-1 is not in"):
            kind.check("-1") if isinstance(kind, Checked) else kind.convert("-1", None, None)


@pytest.mark.parametrize(
    ("words", "option", "other"), ALL, ids=lambda of: " ".join(of) if isinstance(of, tuple) else of
)
def test_every_option(words: tuple[str, ...], option: str, other: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, option, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: ivr {' '.join(words)} [OPTIONS]")
    assert main([*words, option]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == f"error U001 {option} needs a value"
    assert lines[1].startswith(f"  = hint: write {option} ")
    assert main([*words, option, other]) == 2
    assert capsys.readouterr().err.startswith(f"error U001 {option} needs a value, and '{other}' is an option\n")


def test_the_form_with_an_address_has_its_own_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert "test" in OVER_HTTP
    assert main(["test", "--url", "--help"]) == 0
    assert "each call begins at the time of" in capsys.readouterr().out
    assert main(["test", "northwind", "--url"]) == 2
    assert capsys.readouterr().err == (
        "error U001 --url needs a value\n  = hint: write --url URL: the TwiML application to call\n"
    )
    assert main(["test", "northwind", "--url="]) == 2
    assert capsys.readouterr().err.startswith("error U001 '' is not an address\n")
    assert len(ALL) > 60
