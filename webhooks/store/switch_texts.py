"""What people write when they turn a switch, and what they read about it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from flows.model.flow import Flow
from flows.source.finding import usage_error
from flows.values.scalars import seconds_of
from flows.values.units import US_PER_S
from ivr.phone.call_time import moment_of, zone_of
from webhooks.store.switch_states import SwitchState

__all__ = ["MOST_SAID", "described", "message_texts", "moment_until", "said_of"]

MOST_SAID = 600
"""Characters of a message, which the call carries until it has been said."""
_TAGGED = re.compile(r"([A-Za-z]{2,3}-[A-Za-z0-9-]{2,8})=(.*)", re.DOTALL)
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_LENGTH = re.compile(r"[0-9.]+\s*[a-z]+")


def message_texts(flow: Flow, written: Iterable[str]) -> dict[str, str]:
    """Messages by language, read from ``TEXT`` or ``TAG=TEXT``.

    Raises
    ------
    UsageError
        For a language that the line does not speak, and a text that is empty or too long.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}},
    ...     "languages": ["en-US", "es-US"]})
    >>> message_texts(flow, ["Closed today.", "es-US=Hoy está cerrado."])
    {'en-US': 'Closed today.', 'es-US': 'Hoy está cerrado.'}
    """
    found: dict[str, str] = {}
    for one in written:
        tagged = _TAGGED.fullmatch(one)
        tag, text = (tagged[1], tagged[2].strip()) if tagged else (flow.languages[0], one.strip())
        if tag not in flow.languages:
            raise usage_error("U001", f"the line does not speak {tag!r}", f"it speaks {', '.join(flow.languages)}")
        if not text:
            raise usage_error("U001", "the message is empty", "write what callers hear, or leave it out")
        if len(text) > MOST_SAID:
            message = f"a message of {len(text)} characters is longer than {MOST_SAID}"
            raise usage_error("U001", message, "callers hear all of it before anything else: say the most important")
        found[tag] = text
    return found


def moment_until(flow: Flow, written: str, now_us: int) -> int:
    """When a switch goes off by itself, microseconds since 1970: ``18:00``, ``2h`` or a date and time.

    Raises
    ------
    UsageError
        When it is none of these, or in the past.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}}})
    >>> ten = 1_796_119_200_000_000  # 2026-12-01 10:00 UTC
    >>> [(moment_until(flow, text, ten) - ten) // 3_600_000_000 for text in ("18:00", "9:00", "2h", "2026-12-02T10:00")]
    [8, 23, 2, 24]
    """
    zone = zone_of(flow)
    now = dt.datetime.fromtimestamp(now_us / US_PER_S, zone)
    if clock := _CLOCK.fullmatch(written.strip()):
        at = now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0, fold=0)
        return _us(at if at > now else at + dt.timedelta(days=1))
    if _LENGTH.fullmatch(written.strip()):
        try:
            return now_us + round(float(seconds_of(written)) * US_PER_S)
        except ValueError as error:
            raise _not_a_time(written) from error
    try:
        at = moment_of(flow, written.strip())
    except ValueError as error:
        raise _not_a_time(written) from error
    if _us(at) <= now_us:
        raise usage_error("U001", f"--until {written!r} is over already", "write a time to come, or turn it off")
    return _us(at)


def _not_a_time(written: str) -> Exception:
    hint = "write 18:00, 2h, or 2026-12-24T18:00, on the clock of the line"
    return usage_error("U001", f"--until {written!r} is not a time", hint)


def described(state: SwitchState, flow: Flow, now_us: int) -> str:
    """A switch in a line.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}}})
    >>> described(SwitchState(True, {}, 0, 60_000_000, "ana"), flow, 5), described(SwitchState(), flow, 5)
    ('on since 1970-01-01 00:00, until 1970-01-01 00:01, by ana', 'off')
    """
    if not state.on(now_us):
        return "off"
    parts = [f"on since {_clock(flow, state.at_us)}"]
    if state.until_us is not None:
        parts.append(f"until {_clock(flow, state.until_us)}")
    if state.by_whom:
        parts.append(f"by {state.by_whom}")
    said = [f"“{text}”" if len(state.messages) == 1 else f"{tag}: “{text}”" for tag, text in state.messages.items()]
    return "; ".join([", ".join(parts), *said])


def said_of(name: str, state: SwitchState, flow: Flow) -> str:
    """What the audit says about a switch that was turned."""
    return "; ".join(
        [name, *([f"until {_clock(flow, state.until_us)}"] if state.until_us else []), *state.messages.values()]
    )


def _clock(flow: Flow, at_us: int) -> str:
    return f"{dt.datetime.fromtimestamp(at_us / US_PER_S, zone_of(flow)):%Y-%m-%d %H:%M}"


def _us(moment: dt.datetime) -> int:
    return round(moment.timestamp() * US_PER_S)
