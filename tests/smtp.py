"""A real SMTP server that can be told to be difficult."""

import asyncio
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

#: At which moments a server may go away: with the recipient, amid the content, or after it has kept the mail, unsaid.
VANISHINGS = ("recipient", "content", "accepted")


class Mailbox:
    """Keeps what it accepts; `rcpt` and `data` are answers to give first, one a mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.rcpt: list[str] = []
        self.data: list[str] = []
        #: When to go away without a word, one a mail.
        self.vanish: list[str] = []
        #: What to do with each next mail, last one first: "fine", "stall", a moment to vanish, "rcpt 451", "data 550".
        self.moods: list[str] = []
        #: Seconds to wait before each mail is accepted.
        self.slow = 0.0

    def _come_over(self, mood: str) -> None:
        self.slow = 1.5 if mood == "stall" else 0.0
        if mood in VANISHINGS:
            self.vanish.append(mood)
        elif " " in mood:
            at, _space, code = mood.partition(" ")
            getattr(self, at).append(f"{code} 4.7.1 In a mood")

    def vanishes(self, when: str) -> bool:
        """Whether to go away now."""
        return self.vanish[:1] == [when] and bool(self.vanish.pop(0))

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Accept a recipient, or give the answer that was asked for."""
        if self.moods:
            self._come_over(self.moods.pop())
        if self.vanishes("recipient"):
            server.transport.abort()
        if self.rcpt:
            return self.rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        """Accept a mail, or give the answer that was asked for."""
        await asyncio.sleep(self.slow)
        if self.data:
            return self.data.pop(0)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        if self.vanishes("accepted"):
            server.transport.abort()
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails to one address."""
        return [mail for mail in self.mails if address in str(mail["To"])]

    @property
    def times(self) -> Counter[str]:
        """How often each mail has come, by its Message-ID."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)


class _Server(SMTP):
    """Can go away while it is being told a mail."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 -- aiosmtpd's name
        """Take a mail's content, or its first line and no more."""
        if self.event_handler.vanishes("content"):
            await self.push("354 Go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


def serve(mailbox: Mailbox, port: int) -> Controller:
    """Start a server for `mailbox`; the caller stops it."""
    controller = _Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    return controller
