"""Events into a call and actions out of it: two closed unions, matched with ``assert_never``.

A driver (terminal, browser, webhook, test) feeds one event to ``ivr.interpreter.step.step`` and carries out the actions
it returns, in order. The last action of a batch waits for the next event, or ends the call:

- `Listen`: `Keys`, `Speech` or `Silence`;
- `Fetch`: `Outcome` with one of its ``labels``, and the values it returned;
- `Ask`, `Enqueue`, `Dial`, `Record`, `Send`, `Book`, `Pay`: `Outcome` with one of their ``labels``;
- `HangUp`: none, the call has ended.

A caller may hang up at any time: `HungUp`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.protocol.payment import Pay
from flows.protocol.service_actions import Book, Fetch, Send
from flows.protocol.wanted import Condition

__all__ = [
    "EFFECTS",
    "WAITING",
    "Action",
    "Ask",
    "Book",
    "Condition",
    "Dial",
    "Effect",
    "Enqueue",
    "Event",
    "Fetch",
    "HangUp",
    "HungUp",
    "Keys",
    "Listen",
    "Outcome",
    "Passed",
    "Pay",
    "Record",
    "Say",
    "Send",
    "Silence",
    "Speech",
    "Start",
]


@dataclass(frozen=True)
class Start:
    """The call begins.

    Parameters
    ----------
    ani, dnis : str
        The caller's number and the number called; may be empty.
    values : mapping of str to str
        What is already known about the caller; nodes and texts can use it.
    language : str
        Initial language; empty for the flow's first.
    """

    ani: str = ""
    dnis: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    language: str = ""


@dataclass(frozen=True)
class Keys:
    """Keys pressed, without the finishing key: ``"1"``, ``"40172"``, ``"*"``."""

    keys: str


@dataclass(frozen=True)
class Silence:
    """The timeout passed and nothing was pressed or said."""


@dataclass(frozen=True)
class Speech:
    """What the speech recogniser understood, with its confidence 0..1."""

    text: str
    confidence: float = 1.0


@dataclass(frozen=True)
class Outcome:
    """The answer to an action that has labels: one of the labels, and any values returned with it."""

    label: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HungUp:
    """The caller hung up."""


Event = Start | Keys | Silence | Speech | Outcome | HungUp


@dataclass(frozen=True)
class Say:
    """Speak `text` in `language`, or play `audio` when given.

    Parameters
    ----------
    text : str
        Spoken text with values filled in; also the transcript of `audio`.
    language : str
        BCP 47 tag, e.g. ``en-US``.
    audio : str
        URL or path of a recording; empty to synthesise.
    seconds : float or None
        Stated length; None to compute it from the text (``flows.speech.timing``).
    barge_in : bool
        True if a key may interrupt it (the key goes to the `Listen` that follows).
    ssml : str
        The text as SSML, for voices that support it; empty if the prompt is plain text.
    voice, rate : str, float
        Name of the carrier's voice (empty: its own), and how fast it speaks, as a share of normal.
    """

    text: str
    language: str
    audio: str = ""
    seconds: float | None = None
    barge_in: bool = False
    ssml: str = ""
    voice: str = ""
    rate: float = 1.0


@dataclass(frozen=True)
class Listen:
    """Wait for keys or speech.

    Parameters
    ----------
    keys : tuple of str
        Keys that do something here, for a keypad to light up; empty if any digits are accepted.
    max_digits : int
        Stop listening after this many.
    finish_key : str
        Key that ends the input early; empty if every key is input.
    timeout_s : float
        Seconds of silence before `Silence`.
    interdigit_s : float
        Seconds allowed between digits.
    language : str
        For speech recognition.
    hints : tuple of str
        Phrases that may be spoken; empty if only keys are accepted.
    sensitive : bool
        True if the keys pressed must not be shown or logged.
    """

    keys: tuple[str, ...]
    max_digits: int
    finish_key: str
    timeout_s: float
    interdigit_s: float
    language: str
    hints: tuple[str, ...] = ()
    sensitive: bool = False


@dataclass(frozen=True)
class Ask:
    """A question that the driver must answer with one of `labels`.

    Parameters
    ----------
    what : {"hours", "switch", "slots", "today", "draw", "list"}
        ``hours``: compare the clock with the opening hours `name`. ``switch``: whether the switch `name` is on, and
        with which message (values `flows.nodes.switch.MESSAGE`, `SPOKEN_IN`). ``slots``: which times an appointment
        node may offer (value `flows.nodes.appointment.SLOTS`). ``today``: the day where the line is, as value ``today``
        (ISO 8601) of the only label. ``draw``: pick one by `shares`, for the whole call. ``list``: is `about` in it?
    name : str
        The opening hours to check, the switch, the node that draws, or the file of a list; empty for the day.
    shares : tuple of float
        Probability of each label of a draw.
    """

    what: str
    name: str
    labels: tuple[str, ...]
    shares: tuple[float, ...] = ()
    about: str = ""


@dataclass(frozen=True)
class Enqueue:
    """Wait for an agent of `queue`.

    Parameters
    ----------
    queue : str
    priority : int
        Higher is served first.
    max_wait_s : float or None
        Longest wait; then the label is ``timeout``.
    wait_say : Say or None
        Played on entering and repeated while waiting.
    announce_every_s : float
        Seconds between announcements.
    keys : tuple of str
        Keys that leave the queue; the label is ``key N``, besides answered, timeout, full and closed.
    announce_position, announce_expected_wait : bool
        Whether the caller is told their place in the queue and the expected wait.
    music, music_s : str, float
        Recording played between announcements, and its length; empty for silence.
    room : int or None
        How many callers may wait in the queue; the next one gets ``full``. None: any number.
    whisper : Say or None
        Said to the agent, who sees `told`, values by name; the conversation is recorded if `record`.
    """

    queue: str
    priority: int
    max_wait_s: float | None
    wait_say: Say | None
    announce_every_s: float
    keys: tuple[str, ...]
    language: str
    labels: tuple[str, ...]
    announce_position: bool = False
    announce_expected_wait: bool = False
    music: str = ""
    music_s: float = 0.0
    room: int | None = None
    whisper: Say | None = None
    record: bool = False
    told: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Dial:
    """Connect to one of `parties`; labels answered, busy, no_answer, failed, and declined if they are asked.

    Parameters
    ----------
    parties : tuple of str
        Numbers in E.164 form, ``sip:`` and ``client:`` addresses; each rings for `timeout_s`, together or `in_turn`.
    caller_id, send_digits : str
        What the called side sees (empty: the caller's number), and tones when a number answers; ``w`` waits 0.5 s.
    whisper, accept : Say or None
        Said to whoever picks up; `accept` asks them to press 1.
    """

    parties: tuple[str, ...]
    timeout_s: float
    labels: tuple[str, ...]
    in_turn: bool = False
    caller_id: str = ""
    send_digits: str = ""
    whisper: Say | None = None
    accept: Say | None = None
    time_limit_s: float | None = None
    record: bool = False


@dataclass(frozen=True)
class Record:
    """Record a message into `box`, with a transcript if `transcribe`; labels recorded, empty."""

    box: str
    max_s: float
    finish_key: str
    labels: tuple[str, ...]
    transcribe: bool = False


@dataclass(frozen=True)
class HangUp:
    """End the call with an outcome of ``ivr.records.schema``; `refuses` it (busy, rejected) if it is not answered."""

    outcome: str
    refuses: str = ""


@dataclass(frozen=True)
class Passed:
    """The call left `node` with `outcome`: one row in the steps table."""

    node: str
    outcome: str


Effect = Fetch | Send | Book
Action = Say | Listen | Ask | Enqueue | Dial | Record | Pay | Effect | HangUp | Passed

EFFECTS = (Fetch, Send, Book)
"""Actions that a service carries out and answers, without the caller or anyone they talk to."""
WAITING = (Listen, Ask, Enqueue, Dial, Record, Pay, *EFFECTS, HangUp)
"""Actions after which the core has nothing to do until an event arrives."""
