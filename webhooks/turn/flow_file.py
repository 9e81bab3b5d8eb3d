"""Watches the files of a flow, and reads it again when one of them has changed."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable

from flows.model.flow import Flow
from flows.model.load import Loaded, load
from flows.source.finding import FlowError

__all__ = ["FlowFile"]

_log = logging.getLogger("ivr.calls")
_AGAIN_S = 10.0
"""How often a broken flow is read again although its files are unchanged: a part that it names may have appeared."""


class FlowFile:
    """The flow as its file has it now, or as it was when it could last be served.

    The call that finds a change waits until the flow is read; other calls continue on the previous version.

    Parameters
    ----------
    flow : Flow
        As it was read when the service started.
    files : tuple of str
        The files it was read from, the flow's own first; empty for a flow that never changes.
    on_change : callable
        Called with each new version before its first call.
    objections : callable
        Gives the reasons not to serve a version, one per line; a version with any is not used.
    """

    def __init__(
        self,
        flow: Flow,
        files: tuple[str, ...],
        on_change: Callable[[Flow], object],
        objections: Callable[[Loaded], Iterable[str]],
    ) -> None:
        self._flow, self._files, self._on_change, self._objections = flow, files, on_change, objections
        self._seen = _states(files)
        self._reading = threading.Lock()
        self._again_s = float("inf")
        self._complaint = ""

    @property
    def now(self) -> Flow:
        """The version for a call that begins now."""
        if not self._files or not self._reading.acquire(blocking=False):
            return self._flow
        try:
            states = _states(self._files)
            if states != self._seen or time.monotonic() >= self._again_s:
                self._seen = states
                self._read()
        finally:
            self._reading.release()
        return self._flow

    @property
    def is_current(self) -> bool:
        """Whether new calls hear the flow as its file has it now."""
        return self.now is not None and not self._complaint

    def _read(self) -> None:
        try:
            loaded = load(self._files[0])
        except FlowError as error:
            self._again_s = time.monotonic() + _AGAIN_S
            first, more = error.findings[0], len(error.findings) - 1
            self._complain(f"{first.where}: {first.code} {first.message}" + (f" (and {more} more)" if more else ""))
            return
        self._again_s = float("inf")
        self._files = tuple(loaded.document.texts)
        # A file that changed while it was being read is noticed by the next call.
        self._seen = {file: self._seen.get(file) or _state(file) for file in self._files}
        if loaded.flow.digest != self._flow.digest:
            if objections := tuple(self._objections(loaded)):
                self._complain("; ".join(objections))
                return
            self._on_change(loaded.flow)
            _log.warning(
                "new calls take version %s of the flow; calls in progress finish on %s",
                loaded.flow.digest,
                self._flow.digest,
            )
            self._flow = loaded.flow
        self._complaint = ""

    def _complain(self, complaint: str) -> None:
        """Log once why a version is not used."""
        if complaint != self._complaint:
            _log.error("the changed flow is not taken, new calls stay on the version before: %s", complaint)
        self._complaint = complaint


def _states(files: tuple[str, ...]) -> dict[str, tuple[int, int, int]]:
    return {file: _state(file) for file in files}


def _state(file: str) -> tuple[int, int, int]:
    """Time, size and inode of a file, which change when it does; zeros for a missing one."""
    try:
        found = os.stat(file)
    except OSError:
        return 0, 0, 0
    return found.st_mtime_ns, found.st_size, found.st_ino
