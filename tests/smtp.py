"""A real SMTP server that can be told to be difficult."""

import asyncio
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """Keeps what it accepts; `rcpt` and `data` are answers to give first, one a mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.rcpt: list[str] = []
        self.data: list[str] = []
        #: Seconds to wait before each mail is accepted.
        self.slow = 0.0

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Accept a recipient, or give the answer that was asked for."""
        if self.rcpt:
            return self.rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        """Accept a mail, or give the answer that was asked for."""
        await asyncio.sleep(self.slow)
        if self.data:
            return self.data.pop(0)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails to one address."""
        return [mail for mail in self.mails if address in str(mail["To"])]

    @property
    def times(self) -> Counter[str]:
        """How often each mail has come, by its Message-ID."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)


def serve(mailbox: Mailbox, port: int) -> Controller:
    """Start a server for `mailbox`; the caller stops it."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    return controller
