"""The parameters of a REST request, checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from flows.values.addresses import sip_fault
from flows.values.caller_numbers import is_dialled
from webhooks.carrier.exchange.rest.errors import RestError

__all__ = ["Form", "after"]

_INVALID = 20001
"""Twilio's code for a parameter that is not valid, where it has none of its own."""


class Form:
    """The parameters of one request.

    Parameters
    ----------
    values : mapping of str to sequence of str
        All values of each parameter.

    Examples
    --------
    >>> Form({"Timeout": ["20"]}).whole("Timeout", 60, 1, 600)
    20
    """

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    def get(self, name: str, default: str = "") -> str:
        """One value."""
        return (self._values.get(name) or [default])[-1]

    def has(self, name: str) -> bool:
        """Whether it is given and not empty."""
        return bool(self.get(name))

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number between two others.

        Raises
        ------
        RestError
        """
        text = self.get(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise RestError(400, _INVALID, f"{name} {text!r} is not a whole number from {least} to {most}")
        return int(text)

    def flag(self, name: str) -> bool | None:
        """True, false, or not given."""
        text = self.get(name).lower()
        if text not in ("", "true", "false"):
            raise RestError(400, _INVALID, f"{name} {self.get(name)!r} is neither true nor false")
        return {"true": True, "false": False}.get(text)

    def method(self, name: str) -> str:
        """An HTTP method; without one POST."""
        text = self.get(name, "POST").upper()
        if text not in ("GET", "POST"):
            raise RestError(400, _INVALID, f"{name} {self.get(name)!r} is neither GET nor POST")
        return text

    def url(self, name: str, code: int, *, needed: bool = False) -> str:
        """An absolute address; empty when it is not given and not needed."""
        text = self.get(name)
        if not text and not needed:
            return ""
        where = urlsplit(text)
        if where.scheme not in ("http", "https") or not where.hostname:
            raise RestError(400, code, f"{name} is not a valid URL: {text or '(empty)'}")
        return text

    def events(self, name: str, allowed: Sequence[str], default: str) -> tuple[str, ...]:
        """Names of events, each given once or several in one value."""
        given = " ".join(self._values.get(name) or [default]).split()
        for each in given:
            if each not in allowed:
                raise RestError(400, _INVALID, f"{name} {each!r} is none of {', '.join(allowed)}")
        return tuple(given)

    def dialled(self, name: str, missing: int, wrong: int) -> str:
        """A number with its country code, ``client:NAME`` or a SIP address."""
        text = self.get(name).strip()
        if not text:
            raise RestError(400, missing, f"A '{name}' phone number is required.")
        if text.startswith("client:"):
            known = len(text) > len("client:")
        elif text.startswith(("sip:", "sips:")):
            known = sip_fault(text) is None
        else:
            known = is_dialled(text)
        if not known:
            raise RestError(400, wrong, f"The '{name}' phone number provided, {text}, is not valid.")
        return text

    def messaged(self, name: str, missing: int, wrong: int) -> str:
        """A number with its country code, also by another channel: ``whatsapp:+14155550123``."""
        text = self.get(name).strip()
        number = text.removeprefix("whatsapp:")
        if number != text and not is_dialled(number):
            raise RestError(400, wrong, f"The '{name}' phone number provided, {text}, is not valid.")
        return text if number != text else self.dialled(name, missing, wrong)


def after(form: Form, name: str, moment: dt.datetime) -> bool:
    """Whether a moment is on the date that a filter gives, or on the side of it that the filter names.

    Examples
    --------
    >>> noon = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
    >>> after(Form({"StartTime>": ["2026-11-23T11:59:00Z"]}), "StartTime", noon)
    True
    >>> after(Form({"StartTime<": ["2026-11-22"]}), "StartTime", noon)
    False
    """
    for sign in ("", ">", "<"):
        if not (text := form.get(f"{name}{sign}")):
            continue
        try:
            limit = dt.datetime.fromisoformat(text)
        except ValueError:
            raise RestError(400, _INVALID, f"{name}{sign} {text!r} is not a date") from None
        limit = limit if limit.tzinfo else limit.replace(tzinfo=dt.UTC)
        if len(text) <= len("2026-11-23"):  # a whole day
            held = {
                "": moment.date() == limit.date(),
                ">": moment.date() >= limit.date(),
                "<": moment.date() <= limit.date(),
            }
        else:
            held = {"": moment == limit, ">": moment >= limit, "<": moment <= limit}
        if not held[sign]:
            return False
    return True
