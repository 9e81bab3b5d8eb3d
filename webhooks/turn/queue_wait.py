"""What a caller in a queue hears next; the carrier asks again whenever a document has been played."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from flows.protocol.actions import Enqueue, Say
from flows.speech.languages import language as language_of
from flows.speech.timing import say_s
from ivr.dispatch.places import Place
from webhooks.twilio.events import FULL, whole_number

__all__ = ["QueueWait", "next_wait"]


@dataclass(frozen=True)
class QueueWait:
    """What happens next in the queue.

    Parameters
    ----------
    said : tuple of Say
    plays : int
        How often the queue's music is played after `said`.
    pause_s : int
        Seconds of silence after that.
    announced_wait_s : int or None
        The expected wait that `said` announces.
    leaves : bool
        True when the caller leaves the queue now.
    by : str
        The key they leave with, or `webhooks.twilio.events.FULL`; empty when their time is up.
    """

    said: tuple[Say, ...] = ()
    plays: int = 0
    pause_s: int = 1
    announced_wait_s: int | None = None
    leaves: bool = False
    by: str = ""


def next_wait(
    queue: Enqueue, form: Mapping[str, str], place: Place | None = None, *, voice: tuple[str, float] = ("", 1.0)
) -> QueueWait:
    """The next document of a waiting caller.

    Parameters
    ----------
    queue : Enqueue
        What the call waits for.
    form : mapping of str to str
        The carrier's request: QueuePosition, QueueTime, AvgQueueTime, and Digits when a key was pressed.
    place : Place or None
        What is announced. None: what the carrier says, which is right where calls leave its queue in their order.

    Examples
    --------
    >>> thanks = Say("Thank you for waiting.", "en-US")
    >>> queue = Enqueue("tech", 0, 900.0, thanks, 60.0, ("#",), "en-US", ("timeout", "key #"), True)
    >>> [say.text for say in next_wait(queue, {"QueuePosition": "3", "QueueTime": "12"}).said]
    ['You are number 3 in line.', 'Thank you for waiting.']
    >>> next_wait(queue, {"Digits": "#"}).by, next_wait(queue, {"QueueTime": "900"}).leaves
    ('#', True)
    """
    pressed = form.get("Digits", "")
    if pressed in queue.keys:
        return QueueWait(leaves=True, by=pressed)
    position = whole_number(form.get("QueuePosition"))
    if queue.room is not None and position is not None and position > queue.room:  # it was full before they joined
        return QueueWait(leaves=True, by=FULL)
    waited_s = whole_number(form.get("QueueTime")) or 0
    left_s = None if queue.max_wait_s is None else queue.max_wait_s - waited_s
    if left_s is not None and left_s <= 0:
        return QueueWait(leaves=True)
    if place is None:
        place = Place(position, whole_number(form.get("AvgQueueTime")))
    texts, announced_s = _announcements(queue, place)
    said = (
        *(Say(text, queue.language, barge_in=True, voice=voice[0], rate=voice[1]) for text in texts),
        *((queue.wait_say,) if queue.wait_say else ()),
    )
    room_s = None if left_s is None else left_s - sum(say_s(say) for say in said)
    pause_s = queue.announce_every_s if room_s is None else min(queue.announce_every_s, room_s)
    plays = _plays(queue, pause_s, room_s)
    rest_s = ceil(pause_s - plays * queue.music_s)
    return QueueWait(said, plays, max(0 if plays else 1, rest_s), announced_s)


def _plays(queue: Enqueue, pause_s: float, room_s: float | None) -> int:
    """How often the music fits in: at least once, unless the caller's time is up before it ends."""
    if not queue.music:
        return 0
    plays = max(1, int(pause_s // queue.music_s))
    return plays if room_s is None or plays * queue.music_s <= room_s else 0


def _announcements(queue: Enqueue, place: Place) -> tuple[list[str], int | None]:
    words = language_of(queue.language)
    texts = [words.position.format(position=place.position)] if queue.announce_position and place.position else []
    if not (queue.announce_expected_wait and place.expected_wait_s):
        return texts, None
    minutes = ceil(place.expected_wait_s / 60)
    texts.append(words.values.form(minutes, words.expected_wait).format(minutes=minutes))
    return texts, minutes * 60
