"""Connection overrides: the fragment of a webhook's address, neither sent nor signed.

Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urldefrag

from webhooks.carrier.protocol import Failed, Reply

__all__ = ["Overrides", "overrides"]

_RANGES = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}
_POLICIES = {"ct", "rt", "4xx", "5xx", "all"}


@dataclass(frozen=True)
class Overrides:
    """How long to wait for a webhook, and how often to try again.

    Parameters
    ----------
    connect_s, read_s, total_s : float
    retries : int
    policy : frozenset of str
        What is retried: ``ct``, ``rt``, ``4xx``, ``5xx`` or ``all``.
    """

    connect_s: float = 5.0
    read_s: float = 15.0
    total_s: float = 15.0
    retries: int = 1
    policy: frozenset[str] = frozenset({"ct"})

    def tries_again(self, reply: Reply) -> bool:
        """Whether the policy retries after this answer.

        Examples
        --------
        >>> Overrides().tries_again(Failed("connect")), Overrides().tries_again(Failed("read"))
        (True, False)
        """
        if isinstance(reply, Failed):
            kind = {"read": "rt", "connect": "ct", "tls": "ct"}.get(reply.kind, "")
            return kind in self.policy or "all" in self.policy
        kind = f"{reply.status // 100}xx"
        return kind in self.policy or ("all" in self.policy and kind in ("4xx", "5xx"))


def overrides(url: str) -> tuple[str, Overrides]:
    """An address without its fragment, and the overrides in the fragment; anything else in it is ignored.

    Examples
    --------
    >>> url, settings = overrides("https://ivr.example.com/voice#rc=2&rp=rt,5xx&ct=800")
    >>> url, settings.retries, sorted(settings.policy), settings.connect_s
    ('https://ivr.example.com/voice', 2, ['5xx', 'rt'], 0.8)
    """
    bare, fragment = urldefrag(url)
    numbers: dict[str, int] = {}
    policy = Overrides().policy
    for name, _, text in (pair.partition("=") for pair in fragment.split("&")):
        if name in _RANGES and re.fullmatch(r"[0-9]{1,6}", text):
            low, high = _RANGES[name]
            numbers[name] = min(high, max(low, int(text)))
        elif name == "rp" and set(text.split(",")) <= _POLICIES:
            policy = frozenset(text.split(","))
    return bare, Overrides(
        numbers.get("ct", 5_000) / 1_000,
        numbers.get("rt", 15_000) / 1_000,
        numbers.get("tt", 15_000) / 1_000,
        numbers.get("rc", 1),
        policy,
    )
