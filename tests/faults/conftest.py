"""Applications whose mails go to a real SMTP server that may be difficult."""

from tests.jobs.conftest import app, config, mailbox, smtp_port

__all__ = ["app", "config", "mailbox", "smtp_port"]
