"""The addresses in our documents: where the next request goes, and where recordings are."""

from __future__ import annotations

from urllib.parse import quote

from webhooks.turn.flow_versions import FlowVersions

__all__ = ["Addresses"]

_RETRIES = "rc=5&rp=all"
"""Tells Twilio to repeat a request that fails. It applies only to the address that contains it, so the one on the
phone number does not cover our documents. Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides."""


class Addresses:
    """Makes addresses under the service's public URL.

    Parameters
    ----------
    base : str
        The public URL without its last slash; empty for addresses without a host.
    versions : FlowVersions
    serves_recordings : bool
        Whether the files that flows play are served; otherwise their text is spoken.
    takes_transcripts : bool
        Whether anybody wants what callers said in messages.

    Attributes
    ----------
    transcripts : str
        Where the carrier sends transcripts; empty if nobody wants them.
    """

    def __init__(
        self, base: str, versions: FlowVersions, *, serves_recordings: bool, takes_transcripts: bool = False
    ) -> None:
        self._base, self._versions, self._serves_recordings = base, versions, serves_recordings
        self.transcripts = f"{base}/transcript#{_RETRIES}" if takes_transcripts else ""

    @property
    def recordings(self) -> frozenset[str]:
        """Names of the recordings that are served."""
        return self._versions.recordings if self._serves_recordings else frozenset()

    def request(self, path: str, cursor: str) -> str:
        """Where the carrier sends its next request about a call."""
        return f"{self._base}{path}?c={cursor}#{_RETRIES}"

    def recording(self, name: str) -> str:
        """Where a recording is found by its name in the flow; empty when it is not served."""
        if name.startswith(("https://", "http://")):
            return name
        return f"{self._base}/audio/{quote(name)}" if name in self.recordings else ""
