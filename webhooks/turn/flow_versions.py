"""The versions of the flow that calls are on: new calls get the newest, calls in progress finish on theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flows.model.flow import Flow
from flows.model.load import Loaded
from ivr.interpreter.action_cache import Remembered
from webhooks.store import Store
from webhooks.turn.flow_file import FlowFile

__all__ = ["FlowVersions"]


class FlowVersions:
    """Every version that a call may be on.

    Parameters
    ----------
    flow : Flow
        The newest.
    earlier : tuple of Flow
        Versions of calls in progress.
    files : tuple of str
        The files `flow` was read from; empty for a flow that never changes.
    objections : callable
        See `webhooks.turn.flow_file.FlowFile`.
    store : Store or None
        Keeps versions for other workers, and for calls that outlive this process.
    """

    def __init__(
        self,
        flow: Flow,
        earlier: tuple[Flow, ...],
        files: tuple[str, ...],
        objections: Callable[[Loaded], Iterable[str]],
        store: Store | None,
    ) -> None:
        self._known = {known.digest: known for known in (*earlier, flow)}
        self._recordings = _recordings(self._known.values())
        self._caches: dict[str, Remembered] = {}
        self._store = store
        self._file = FlowFile(flow, files, self._begin, objections)
        if store:
            store.keep_flow(flow)

    @property
    def now(self) -> Flow:
        """The version for a call that begins now."""
        return self._file.now

    @property
    def is_current(self) -> bool:
        """Whether new calls hear the flow as its file has it now."""
        return self._file.is_current

    @property
    def known(self) -> tuple[Flow, ...]:
        """The versions in memory, that of new calls last."""
        now = self.now
        return (*(flow for flow in tuple(self._known.values()) if flow.digest != now.digest), now)

    @property
    def recordings(self) -> frozenset[str]:
        """Names of the files that the versions play."""
        return self._recordings

    def find(self, digest: str) -> Flow | None:
        """The version with this digest, from memory, the file (another worker may have seen it change first), or the
        database.
        """
        flow = self._known.get(digest)
        if flow is None and self._file.now.digest != digest and self._store:
            flow = self._store.flow(digest)
            if flow is not None:
                self._known[digest] = flow
        return flow or self._known.get(digest)

    def entering(self, flow: Flow) -> Remembered:
        """The cached actions of a version's nodes, which all its calls share."""
        cache = self._caches.get(flow.digest)
        if cache is None or cache.flow is not flow:
            cache = self._caches[flow.digest] = Remembered(flow)
        return cache

    def _begin(self, flow: Flow) -> None:
        self._known[flow.digest] = flow
        self._recordings |= _recordings((flow,))
        if self._store:
            self._store.keep_flow(flow)


def _recordings(flows: Iterable[Flow]) -> frozenset[str]:
    named = (name for flow in flows for node in flow.nodes.values() for _, name in node.recordings())
    return frozenset(name for name in named if "://" not in name)
