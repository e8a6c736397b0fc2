"""How every mail read when somebody last looked at it (tests/mail_snapshots/), in every language that it exists in.

After a change that is meant: `python -m tests.mail_samples`, then read the difference before committing it.
"""

import sys
from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask

from lotsen import i18n, mailer
from lotsen.app import create_app
from lotsen.config import Config
from lotsen.mail_samples import READERS, TEMPLATES, WRITTEN, languages, letter, part

SNAPSHOTS = Path(__file__).parent / "mail_snapshots"


def application(base_url: str = "http://lotsen.example") -> Flask:
    """Return an application that renders; it needs no database."""
    return create_app(Config(
        secret_key="a-key-for-samples-0123456789-abcdefghijk", data_key=Fernet.generate_key().decode(),
        database_url="sqlite://", mail_url="file:///dev/null", base_url=base_url,
        mail_from="Lotsen <lotsen@lotsen.example>", environment="development",
    ))  # fmt: skip


def snapshot(app: Flask, template: str, locale: str) -> str:
    """Return subject and text, for each kind of reader where they differ."""
    readers = (mailer.build(app, letter(template, locale, reader), WRITTEN) for reader in READERS)
    texts = dict.fromkeys(f"{mail['Subject']}\n\n{part(mail, 'plain')}" for mail in readers)
    return "\n-----\n\n".join(texts)


def path(template: str, locale: str) -> Path:
    """Return where a snapshot stands."""
    return SNAPSHOTS / locale / f"{template}.txt"


def write(wanted: list[str]) -> None:
    """Write the snapshots of these languages."""
    app = application()
    for template in TEMPLATES:
        for locale in set(languages(template)) & set(wanted):
            path(template, locale).parent.mkdir(parents=True, exist_ok=True)
            path(template, locale).write_text(snapshot(app, template, locale), encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1:] or list(i18n.OFFERED))
