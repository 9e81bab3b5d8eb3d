"""Which version of the flow new calls hear: that of the file as it is now, or of the last time it was a flow."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable

from flows.model.flow import Flow
from flows.model.load import Loaded, load
from flows.source.finding import FlowError

__all__ = ["Versions", "recordings"]

_log = logging.getLogger("ivr.calls")
_AGAIN_S = 10.0
"""A file that is no flow may become one without changing itself, when a part that it names appears."""


class Versions:
    """Reads the flow again when one of its files has changed; the call that finds out waits for it, others do not.

    Parameters
    ----------
    flow : Flow
        As it was read when the service started.
    files : tuple of str
        The files it was read from, the flow's own first; empty for a flow that never changes.
    new : callable
        Told each new version before the first call hears it.
    objections : callable
        What speaks against a version, line by line; it is then not taken.
    """

    def __init__(
        self,
        flow: Flow,
        files: tuple[str, ...],
        new: Callable[[Flow], object],
        objections: Callable[[Loaded], Iterable[str]],
    ) -> None:
        self._flow, self._files, self._new, self._objections = flow, files, new, objections
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
        """Whether the version that new calls hear is that of the file as it is now."""
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
        # A file that changed while it was being read is seen by the next call; one that is no longer named does not
        # matter.
        self._seen = {file: self._seen.get(file) or _state(file) for file in self._files}
        if loaded.flow.digest != self._flow.digest:
            if objections := tuple(self._objections(loaded)):
                self._complain("; ".join(objections))
                return
            self._new(loaded.flow)
            _log.warning(
                "new calls take version %s of the flow; calls in progress finish on %s",
                loaded.flow.digest,
                self._flow.digest,
            )
            self._flow = loaded.flow
        self._complaint = ""

    def _complain(self, complaint: str) -> None:
        """Say once why a version is not taken."""
        if complaint != self._complaint:
            _log.error("the changed flow is not taken, new calls stay on the version before: %s", complaint)
        self._complaint = complaint


def recordings(flows: Iterable[Flow]) -> frozenset[str]:
    """The files beside the flows that they play."""
    named = (name for flow in flows for node in flow.nodes.values() for _, name in node.recordings())
    return frozenset(name for name in named if "://" not in name)


def _states(files: tuple[str, ...]) -> dict[str, tuple[int, int, int]]:
    """What changes when a file does; zeros for one that is not there."""
    return {file: _state(file) for file in files}


def _state(file: str) -> tuple[int, int, int]:
    try:
        found = os.stat(file)
    except OSError:
        return 0, 0, 0
    return found.st_mtime_ns, found.st_size, found.st_ino
