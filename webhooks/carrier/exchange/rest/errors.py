"""Errors of the REST API, in Twilio's form. Sources: twilio.com/docs/api/errors, and its pages of the codes here."""

from __future__ import annotations

__all__ = ["RestError", "not_found"]


class RestError(Exception):
    """A request that is refused.

    Parameters
    ----------
    status : int
        Of the HTTP response.
    code : int
        Twilio's error code.
    message : str
    """

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    @property
    def body(self) -> dict[str, object]:
        """The body of the response."""
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": self.message, "more_info": more, "status": self.status}


def not_found(path: str) -> RestError:
    """What does not exist.

    Examples
    --------
    >>> not_found("/2010-04-01/Accounts/AC1/Calls/CA1.json").body["code"]
    20404
    """
    return RestError(404, 20404, f"The requested resource {path.removesuffix('.json')} was not found")
