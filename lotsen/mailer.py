"""One mail: rendered in its reader's language, as plain text and HTML, and handed to a mail server or a folder."""

import os
import smtplib
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

from flask import Flask
from flask_babel import get_locale

from lotsen import i18n
from lotsen.config import Config
from lotsen.models import Municipality

#: Seconds that a server may take for each of its answers.
TIMEOUT: Final = 15.0
STAFF_PREFIX: Final = "office_"
#: What an office may write into its mails itself.
_OWN_WORDS: Final = ("opening", "closing", "hours")


class NotSent(Exception):
    """A mail was not sent. `str()` is the server's code and enhanced status, or the kind of error; never its text."""


class Refused(NotSent):
    """The server will never take this mail for this recipient."""


class Later(NotSent):
    """This mail is not taken now, others may be."""


class Unreachable(NotSent):
    """No mail gets through now: the server is silent, gone, or not content with us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a mail says, and to whom."""

    #: The mail's number and when it was written: the same Message-ID, however often it is sent.
    number: int
    written_at: datetime
    #: The folder under templates/mail.
    template: str
    to: str
    locale: str
    #: Empty where an office is written to.
    first_name: str = ""
    #: Who answers questions; replies go there.
    office: Municipality | None = None
    #: Where the button leads: a path of ours.
    path: str = "/"
    #: Where its reader stops mails of this kind: a path of ours; empty where they are needed.
    stop_path: str = ""
    #: A status code, in groups.
    code: str = ""
    #: Numbers and choices that the mail's text depends on.
    params: dict[str, Any] = field(default_factory=dict)


def build(app: Flask, letter: Letter, now: datetime) -> EmailMessage:
    """Return the mail. Needs no request: the reader's language is forced."""
    config: Config = app.extensions["lotsen_config"]
    message = EmailMessage(policy=POLICY)
    with app.app_context(), i18n.speaking(language(letter)):
        subject, text, html = _render(app, letter, config.base_url.rstrip("/"))
    message["Subject"] = subject
    message["From"] = config.mail_from
    message["To"] = Address(addr_spec=letter.to)
    if letter.office:
        message["Reply-To"] = Address(letter.office.office_name, addr_spec=letter.office.office_email)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{letter.number}.{letter.written_at:%Y%m%d%H%M%S}@{_domain(config)}>"
    message["Auto-Submitted"] = "auto-generated"
    for name, value in _unsubscribe(config, letter):
        message[name] = value
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language(letter)
    return message


def subjects(app: Flask, letters: Iterable[Letter], locale: str) -> list[str]:
    """Return the mails' subjects alone, in one language: a list of mails need not lay each of them out."""
    with app.app_context(), i18n.speaking(locale):
        return [_line(_blocks(app, letter)("subject")) for letter in letters]


def _unsubscribe(config: Config, letter: Letter) -> Iterator[tuple[str, str]]:
    """Yield how mail programs let the reader stop such mails: RFC 2369, and at one click RFC 8058 (https alone)."""
    if letter.stop_path:
        yield "List-Unsubscribe", f"<{config.base_url.rstrip('/')}{letter.stop_path}>"
        if config.secure:
            yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def language(letter: Letter) -> str:
    """Return the reader's language where this mail exists in it, else German."""
    offered = i18n.STAFF if letter.template.startswith(STAFF_PREFIX) else i18n.OFFERED
    return letter.locale if letter.locale in offered else i18n.DEFAULT


def _render(app: Flask, letter: Letter, base_url: str) -> tuple[str, str, str]:
    """Return subject, text and HTML: the mail is written once, as plain paragraphs, and laid out twice."""
    block = _blocks(app, letter)
    paragraphs = [_line(part) for part in block("body").strip().split("\n\n")]
    values = {
        "paragraphs": [paragraph for paragraph in paragraphs if paragraph],
        "subject": _line(block("subject")),
        "button": _line(block("button")),
        "url": base_url + letter.path,
        "stop_url": base_url + letter.stop_path if letter.stop_path else "",
        "code": letter.code,
        "first_name": letter.first_name,
        "office": letter.office,
        **{kind: letter.office.said(kind, language(letter)) if letter.office else ("", "") for kind in _OWN_WORDS},
        "lang": i18n.tag(),
        "dir": get_locale().text_direction,
    }
    text = app.jinja_env.get_template("mail/layout.txt").render(values)
    html = app.jinja_env.get_template("mail/layout.html").render(values)
    return values["subject"], text.strip() + "\n", html.strip() + "\n"


def _blocks(app: Flask, letter: Letter) -> Callable[[str], str]:
    """Return how each block of the mail is written, by its name."""
    mail = app.jinja_env.get_template(f"mail/{letter.template}/mail.txt")
    context = mail.new_context({**letter.params, "office": letter.office, "first_name": letter.first_name})
    return lambda name: "".join(mail.blocks[name](context))


def _line(text: str) -> str:
    return " ".join(text.split())


def _domain(config: Config) -> str:
    address = parseaddr(config.mail_from)[1]
    return address.rpartition("@")[2] or "localhost"


Send = Callable[[EmailMessage], None]


@contextmanager
def transport(url: str) -> Iterator[Send]:
    """Yield what sends one mail after the other. Sending raises `Refused`, `Later` or `Unreachable`.

    `url` is smtp://user:password@host:25 (with STARTTLS where the server offers it; a password never without),
    smtps://…, or file:///folder for one .eml file a mail.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        yield lambda message: _store(message, Path(unquote(parts.path)))
        return
    server = _Server(parts)
    try:
        yield server.send
    finally:
        server.close()


def probe(url: str) -> None:
    """Go as far as for a mail (connection, TLS, password; or the folder) and send none. Raises `Unreachable`."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        folder = Path(unquote(parts.path))
        if not os.access(folder if folder.exists() else folder.parent, os.W_OK):
            raise Unreachable("PermissionError")
        return
    server = _Server(parts)
    try:
        server.reach()
    finally:
        server.close()


def _store(message: EmailMessage, folder: Path) -> None:
    """Write a mail as a file, whole or not at all; sent again, it replaces itself."""
    name = message["Message-ID"].strip("<>").partition("@")[0]
    half = folder / f".{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        half.write_bytes(message.as_bytes())
        half.replace(folder / f"{name}.eml")
    except OSError as error:
        raise Unreachable(type(error).__name__) from None


class _Server:
    """One mail server, connected when the first mail is sent and kept for the next ones."""

    def __init__(self, parts: SplitResult) -> None:
        self._parts = parts
        self._smtp: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Send one mail."""
        try:
            self.reach().send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            [(code, text)] = error.recipients.values()
            raise _verdict(code, text) from None
        except smtplib.SMTPDataError as error:
            raise _verdict(error.smtp_code, error.smtp_error) from None
        except (smtplib.SMTPException, OSError) as error:
            raise self._unreachable(error) from None

    def reach(self) -> smtplib.SMTP:
        """Return the server, ready for a mail. Raises `Unreachable`."""
        try:
            return self._connected()
        except (smtplib.SMTPException, OSError) as error:
            raise self._unreachable(error) from None

    def _unreachable(self, error: smtplib.SMTPException | OSError) -> Unreachable:
        self.close()
        if isinstance(error, smtplib.SMTPResponseException):
            return Unreachable(_status(error.smtp_code, error.smtp_error))
        return Unreachable(type(error).__name__)

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is not None:
            return self._smtp
        host, tls = self._parts.hostname or "localhost", ssl.create_default_context()
        if self._parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, self._parts.port or 465, timeout=TIMEOUT, context=tls)
        else:
            server = smtplib.SMTP(host, self._parts.port or 25, timeout=TIMEOUT)
        self._smtp = server  # from here on, close() closes it
        server.ehlo()
        if self._parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=tls)
        elif self._parts.scheme == "smtp" and self._parts.username:
            raise smtplib.SMTPNotSupportedError("STARTTLS")
        if self._parts.username:
            server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
        return server

    def close(self) -> None:
        """Say goodbye, if the server still listens."""
        server, self._smtp = self._smtp, None
        if server is None:
            return
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def _verdict(code: int, text: bytes | str) -> Refused | Later:
    """5xx is for good, 4xx is for now (RFC 5321, 4.2.1)."""
    return (Refused if 500 <= code < 600 else Later)(_status(code, text))


def _status(code: int, text: bytes | str) -> str:
    """Return the code and, the enhanced status (RFC 3463), if there is one; never the text: it may be personal."""
    words = (text.decode("ascii", "replace") if isinstance(text, bytes) else text).split()
    enhanced = words[0] if words and words[0].replace(".", "").isdigit() and words[0].count(".") == 2 else ""
    return f"{code} {enhanced}".strip()
