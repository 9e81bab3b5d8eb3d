"""The carrier's requests about calls and legs, posted to a service, and the addresses in its answers."""

from __future__ import annotations

import re

from werkzeug.test import Client


class Phone:
    """The carrier's requests about one call or leg."""

    def __init__(self, client: Client, sid: str) -> None:
        self.client, self.sid = client, sid

    def ask(self, url: str, **form: str) -> str:
        """The document for a request, or the status line of an answer without one."""
        form = {"CallSid": self.sid, "CallStatus": "in-progress", "From": "+14155550123", **form}
        answer = self.client.post(url.partition("#")[0], data=form)
        return answer.get_data(as_text=True) or answer.status


def address(document: str, path: str) -> str:
    """The address of a path in a document."""
    found = re.search(rf'["/>]({path}\?c=[^"#<]+)', document)
    assert found, document
    return found[1]
