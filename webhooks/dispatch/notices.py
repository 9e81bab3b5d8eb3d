"""Tells people of voicemails, by e-mail or at a web address. What was certainly not delivered may be sent again."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

import requests

from webhooks.dispatch.rest_http import never_left, retry_after_s
from webhooks.dispatch.telephone import Refused, Unknown
from webhooks.settings.answering import MailServer

__all__ = ["post_json", "send_mail"]

_TIMEOUT_S = 10.0
_LATER = range(400, 500)
"""Answers of a mail server that mean: not now (RFC 5321, section 4.2.1)."""


def send_mail(server: MailServer, sender: str, to: tuple[str, ...], subject: str, text: str) -> str:
    """Hand in an e-mail and return its message id.

    Parameters
    ----------
    server : MailServer
    sender : str
    to : tuple of str
    subject, text : str

    Raises
    ------
    Refused, Unknown
        When it was certainly not sent, and when it may have been.
    """
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, ", ".join(to), " ".join(subject.split())
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers it
    message.set_content(text)
    try:
        link = _link(server)
    except (OSError, smtplib.SMTPException) as error:
        raise Refused(f"the mail server cannot be used ({type(error).__name__})", again=True) from None
    try:
        link.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise Refused(f"no recipient accepted, {codes[0]}", again=all(code in _LATER for code in codes)) from None
    except smtplib.SMTPResponseException as error:
        raise Refused(f"refused, {error.smtp_code}", again=error.smtp_code in _LATER) from None
    except (OSError, smtplib.SMTPException) as error:
        raise Unknown(f"the mail server broke off ({type(error).__name__})") from None
    finally:
        link.close()
    return str(message["Message-ID"])


def _link(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.encrypted:
        link: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT_S, context=context)
    else:
        link = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_S)
    try:
        link.ehlo()
        if not server.encrypted and link.has_extn("starttls"):
            link.starttls(context=context)
            link.ehlo()
        elif not server.encrypted and server.user:
            raise smtplib.SMTPNotSupportedError("no encryption, so the password is not sent")
        if server.user:
            link.login(server.user, server.password)
    except BaseException:
        link.close()
        raise
    return link


def post_json(url: str, data: dict[str, Any], key: str) -> str:
    """Tell an address something, and return the status of its answer.

    Parameters
    ----------
    url : str
    data : dict
    key : str
        Sent as ``Idempotency-Key``, by which the service recognises a repeated notice.

    Raises
    ------
    Refused, Unknown
        When it was certainly not told, and when it may have been.
    """
    try:
        answer = requests.post(
            url, json=data, headers={"Idempotency-Key": f'"{key}"'}, timeout=_TIMEOUT_S, allow_redirects=False
        )
    except requests.RequestException as error:
        if never_left(error):
            raise Refused(f"not connected ({type(error).__name__})", again=True) from None
        raise Unknown(f"no answer ({type(error).__name__})") from None
    if answer.status_code == 429:
        raise Refused("status 429", again=True, after_s=retry_after_s(answer.headers))
    if answer.status_code >= 500:
        raise Unknown(f"status {answer.status_code}")
    if answer.status_code >= 300:
        raise Refused(f"status {answer.status_code}")
    return f"status {answer.status_code}"
