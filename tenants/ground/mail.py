"""Mail: through the server that the operator has named, or none."""

from __future__ import annotations

import asyncio
import os
import re
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from tenants.ground.traces import span

SECONDS = 20.0
SERVER, SENDER, HOME = "DANGWU_SMTP", "DANGWU_MAIL_FROM", "DANGWU_HOME"
PORTS = {"smtp": 587, "smtps": 465}
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?=.{4,190}$)([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")


class Server(NamedTuple):
    """Where mail is handed in; `tls` from the first byte, else by STARTTLS where it is offered."""

    host: str
    port: int
    tls: bool
    user: str
    password: str


class MailRefused(Exception):
    """It was not handed in."""


def server(url: str | None = None) -> Server | None:
    """The operator's, None where he has named none. Raises ValueError for an address that is none."""
    text = os.environ.get(SERVER, "") if url is None else url
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(SERVER)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.hostname, parts.port or PORTS[parts.scheme], parts.scheme == "smtps", user, password)


def can_mail() -> bool:
    """Whether the operator has named a server, whom mail comes from, and where its links lead."""
    return server() is not None and bool(os.environ.get(SENDER)) and bool(home())


def home() -> str:
    """The platform's address as people open it, without a slash at the end; "" where the operator has not said it."""
    return os.environ.get(HOME, "").rstrip("/")


def is_address(text: str) -> bool:
    """Whether this looks like one mailbox, with nothing in it that a header could be broken with."""
    return _ADDRESS.fullmatch(text) is not None


async def send(to: str, subject: str, text: str, mark: str) -> None:
    """Hand in a plain mail. Sent again with the same `mark` it is the same mail. Raises MailRefused, OSError, SMTPException."""
    found = server()
    if found is None or not can_mail() or not is_address(to):
        raise MailRefused
    sender = os.environ[SENDER]
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = formatdate(), f"<{mark}@{sender.rpartition('@')[2] or 'dangwu'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    with span("mail", "CLIENT", server__address=found.host):
        await asyncio.to_thread(_hand_in, found, message)


def _hand_in(found: Server, message: EmailMessage) -> None:
    context = ssl.create_default_context()
    if found.tls:
        with smtplib.SMTP_SSL(found.host, found.port, timeout=SECONDS, context=context) as over:
            _send(over, found, message)
        return
    with smtplib.SMTP(found.host, found.port, timeout=SECONDS) as plain:
        plain.ehlo()
        if plain.has_extn("starttls"):
            plain.starttls(context=context)
        elif not _here(found.host):
            raise MailRefused
        _send(plain, found, message)


def _send(connection: smtplib.SMTP, found: Server, message: EmailMessage) -> None:
    if found.user:
        connection.login(found.user, found.password)
    connection.send_message(message)


def _here(host: str) -> bool:
    """Only to this very machine mail goes without TLS."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
