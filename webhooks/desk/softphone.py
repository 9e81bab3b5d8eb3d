"""Answering in the browser by Twilio's Voice SDK: the token with which a page registers.

A page that has registered is called as ``client:NAME``. It may only be called, and place no calls. Source:
twilio.com/docs/iam/access-tokens.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from flows.values.addresses import as_client_name

__all__ = ["TOKEN_S", "Softphone"]

TOKEN_S = 3_600
"""How long a token holds; the page gets a new one before."""


@dataclass(frozen=True)
class Softphone:
    """Makes tokens for the pages of agents.

    Parameters
    ----------
    account_sid : str
    api_key, api_secret : str
        Of an API key of the account.

    Examples
    --------
    >>> phone = Softphone("AC" + "0" * 32, "SK" + "0" * 32, "a secret of the API key, which nobody knows")
    >>> phone.token("ana").count("."), phone.token("ana maria")
    (2, '')
    """

    account_sid: str
    api_key: str
    api_secret: str = field(repr=False)

    def token(self, agent: str) -> str:
        """A token of an agent; empty for a name that Twilio's clients cannot have: letters, digits and _ only."""
        if as_client_name(agent) != agent:
            return ""
        made = AccessToken(self.account_sid, self.api_key, self.api_secret, identity=agent, ttl=TOKEN_S)
        made.add_grant(VoiceGrant(incoming_allow=True))
        token: str = made.to_jwt()
        return token
