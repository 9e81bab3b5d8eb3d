"""What pip's pages of text come down to when it fails: the one line that says what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["explanation"]

_OFFLINE = re.compile(
    r"NewConnectionError|NameResolutionError|name resolution|ConnectTimeoutError|Read timed out|ReadTimeoutError"
    r"|ProxyError|Connection refused|Connection reset|Network is unreachable|RemoteDisconnected"
)
_INDEX = re.compile(r"^Looking in indexes: (\S+?),?(?:\s|$)", re.MULTILINE)
_MISSING = re.compile(r"^ERROR: No matching distribution found for (\S+)", re.MULTILINE)
_KNOWN = re.compile(r"\(from versions: ([^)]*)\)")
_UNBUILT = re.compile(r"Failed building wheel for (\S+)|Failed to build:? '?([\w.-]+)|metadata-generation-failed")
_GAVE_UP = "Retry(total=0"
_PASSED_OVER = "Ignored the following versions that require a different python version: "
_OTHER = "Use a Python from 3.11 to 3.14, for example: make PYTHON=python3.13"


def explanation(log: str, places: Mapping[str, str], python: str) -> str:
    """Return what went wrong and what to do, in one line.

    Parameters
    ----------
    log : str
        All that pip printed.
    places : mapping of str to str
        Where each requirement is stated, "FILE, line N" by "NAME==VERSION".
    python : str
        The version of Python that pip ran with, e.g. "3.11.7".

    Examples
    --------
    >>> explanation("ERROR: [Errno 28] No space left on device", {}, "3.11.7")
    'The disk is full: free some space, then run make again.'
    """
    missing = _MISSING.search(log)
    known = _KNOWN.search(log)
    versions = known[1].split(", ") if known and known[1] != "none" else []
    if "No space left on device" in log or "Disk quota exceeded" in log:
        return "The disk is full: free some space, then run make again."
    if "CERTIFICATE_VERIFY_FAILED" in log:
        return (
            f"The certificate of the package index {_index(log)} is not trusted here: "
            "set PIP_CERT to the file with your network's certificate, then run make again."
        )
    if _OFFLINE.search(log) and (not versions or _GAVE_UP in log):
        return (
            f"The package index {_index(log)} cannot be reached: check the network, or set HTTPS_PROXY to a proxy "
            "or PIP_INDEX_URL to a mirror, then run make again."
        )
    if missing:
        return _no_such_pin(missing[1], versions, log, places, python)
    if unbuilt := _UNBUILT.search(log):
        return (
            f"{unbuilt[1] or unbuilt[2] or 'A library'} has no ready-made package for Python {python} on this machine, "
            f"and could not be built here. {_OTHER}"
        )
    if denied := re.search(r"Permission denied: '([^']+)'", log):
        return f"{denied[1]} may not be written: make it yours, or remove it, then run make again."
    return _last_error(log)


def _no_such_pin(pin: str, versions: list[str], log: str, places: Mapping[str, str], python: str) -> str:
    name, _, version = re.split(r"(==|[^\w.-])", pin, maxsplit=1)
    where = next((place for stated, place in places.items() if stated.lower() == pin.lower()), "")
    at = f" ({where})" if where else ""
    passed_over = next((line for line in log.splitlines() if _PASSED_OVER in line), "")
    if needs := re.search(rf"[:;] {re.escape(version)} Requires-Python ([^;]+)", passed_over):
        return f"{pin}{at} does not run with Python {python}, it needs {needs[1]}. {_OTHER}"
    has = f"it has {', '.join(versions[-3:])}" if versions else f"it has no {name} at all"
    todo = (
        f"correct {where}, then run make again"
        if where
        else "set PIP_INDEX_URL to an index that has it, then run make again"
    )
    return f"The package index has no {pin} for Python {python} on this machine ({has}): {todo}."


def _last_error(log: str) -> str:
    lines = [line.removeprefix("ERROR: ").strip() for line in log.splitlines() if line.startswith("ERROR: ")]
    said = (
        lines[-1] if lines else next((line for line in reversed(log.splitlines()) if line.strip()), "pip said nothing")
    )
    return f"pip failed: {said}"


def _index(log: str) -> str:
    named = _INDEX.search(log)
    return named[1] if named else "https://pypi.org/simple"
