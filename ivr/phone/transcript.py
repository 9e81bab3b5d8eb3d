"""The transcript of a call: who said what, where, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flows.protocol.actions import Action, Book, Dial, Enqueue, Fetch, Listen, Pay, Record, Send
from ivr.phone.terminal_phone import Phone, Turn

__all__ = ["TAKES_PART", "Row", "as_dict", "columns", "rows", "waiting_for"]

TAKES_PART = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
"""Precedes what the caller or the other side does."""


@dataclass(frozen=True)
class Row:
    """One line of a transcript.

    Parameters
    ----------
    at_s : float or None
        Seconds into the call; None when it follows at once.
    who : {"line", "caller", "other"}
    node : str
        The node at which it is said.
    text : str
    """

    at_s: float | None
    who: str
    node: str
    text: str


def rows(turn: Turn) -> Iterator[Row]:
    """The rows of one turn; prompts of one node in one language are one row."""
    if turn.did:
        caller = turn.did.startswith(("presses", "says", "hangs"))
        yield Row(turn.at_s, "caller" if caller else "other", "", turn.did)
    at_s: float | None = turn.at_s
    together: list[tuple[str, str, list[str]]] = []
    for node, say in turn.said:
        if together and together[-1][:2] == (node, say.language):
            together[-1][2].append(say.text)
        else:
            together.append((node, say.language, [say.text]))
    for node, _, texts in together:
        yield Row(None if turn.did else at_s, "line", node, " ".join(text for text in texts if text))
        at_s = None


def columns(row: Row, width: int) -> Iterator[tuple[str, str, str]]:
    """A row in the three columns of every transcript: clock, place, words; further lines have words only.

    Parameters
    ----------
    row : Row
    width : int
        Of the terminal, in characters.

    Examples
    --------
    >>> list(columns(Row(65.0, "line", "main", "For sales, press 1."), 80))
    [('1:05', 'main', 'For sales, press 1.')]
    """
    clock = "" if row.at_s is None else f"{int(row.at_s) // 60}:{int(row.at_s) % 60:02d}"
    mark = "" if row.who == "line" else f"{TAKES_PART} "
    for i, line in enumerate(_wrapped(row.text, max(width, 60) - 28) or ["(silence)"]):
        yield clock if i == 0 else "", row.node[:18] if i == 0 else "", f"{mark}{line}"


def _wrapped(text: str, cells: int) -> list[str]:
    """Lines that fit into `cells` cells of a terminal; a Chinese character takes two."""
    from rich.console import Console
    from rich.text import Text

    return [line.plain.rstrip() for line in Text(text).wrap(Console(width=cells), cells)]


def waiting_for(action: Action | None) -> str:
    """What the call waits for, in words.

    Examples
    --------
    >>> waiting_for(Record("support", 60, "#", ()))
    'a message for box support'
    """
    match action:
        case Listen():
            return "a key" if action.keys else "digits"
        case Enqueue():
            return f"an agent of queue {action.queue}"
        case Dial():
            return f"an answer at {' or '.join(action.parties)}"
        case Record():
            return f"a message for box {action.box}"
        case Pay():
            return f"a card payment of {action.amount} {action.currency}"
        case Fetch():
            return f"an answer to lookup {action.name} ({', '.join(action.labels)})"
        case Send():
            return f"a text message to {action.to or 'nobody'} to be sent"
        case Book():
            return f"a callback to {action.number} to be booked"
        case _:
            return "nothing"


def as_dict(phone: Phone) -> dict[str, object]:
    """The call as JSON-ready data: the stable schema of ``ivr call --json``."""
    return {
        "flow": phone.flow.name,
        "language": phone.session.language,
        "turns": [
            {
                "at_s": round(turn.at_s, 1),
                "did": turn.did,
                "said": [{"node": node, "language": say.language, "text": say.text} for node, say in turn.said],
                "passed": [{"node": p.node, "outcome": p.outcome} for p in turn.passed],
            }
            for turn in phone.turns
        ],
        "node": phone.session.node,
        "ended": phone.ended,
        "outcome": phone.session.outcome if phone.ended else "",
        "waits_for": "" if phone.ended else waiting_for(phone.waits),
        "seconds": round(phone.elapsed_s, 1),
        "key_presses": phone.key_presses,
    }
