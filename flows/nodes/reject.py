"""reject: refuse the call without answering it."""

from __future__ import annotations

from typing import Literal

from flows.nodes.base import Here, Node, Reading
from flows.protocol.actions import Action, Event, HangUp


class Reject(Node):
    """Refuse the call before it is answered: it costs nothing, and is ``rejected`` in the records.

    Nothing may be said before it (rule R022), because whatever is said answers the call; a call that was answered is
    hung up.

    Parameters
    ----------
    reason
        What the caller hears: busy, a busy tone; rejected, that the number is not in service.

    Examples
    --------
    >>> Reject.model_validate({"type": "reject"}).reason
    'rejected'
    """

    type: Literal["reject"]
    reason: Literal["busy", "rejected"] = "rejected"

    def about(self) -> str:
        return "busy tone" if self.reason == "busy" else "not in service"

    def enter(self, here: Here) -> tuple[Action, ...]:
        return (HangUp("rejected", self.reason),)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        return None
