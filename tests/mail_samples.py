"""Every mail as its readers get it, and how it read when somebody last looked at it (tests/mail_snapshots/).

After a change that is meant: `python -m tests.mail_samples en de ar`, then read the difference before committing it.
"""

import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from flask import Flask

from lotsen import i18n, mailer
from lotsen.app import create_app
from lotsen.config import ROOT, Config
from lotsen.models import Municipality

SNAPSHOTS = Path(__file__).parent / "mail_snapshots"
TEMPLATES = sorted(path.parent.name for path in (ROOT / "templates" / "mail").glob("*/mail.txt"))
WRITTEN = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)


def languages(template: str) -> tuple[str, ...]:
    """Return the languages in which a mail exists."""
    return i18n.STAFF if template.startswith(mailer.STAFF_PREFIX) else i18n.OFFERED


def application() -> Flask:
    """Return an application that renders; it needs no database."""
    return create_app(Config(
        secret_key="a-key-for-samples-0123456789-abcdefghijk", data_key=Fernet.generate_key().decode(),
        database_url="sqlite://", mail_url="file:///dev/null", base_url="http://lotsen.example",
        mail_from="Lotsen <lotsen@lotsen.example>", environment="development",
    ))  # fmt: skip


def letter(template: str, locale: str, **changes: Any) -> mailer.Letter:
    """Return a sample with everything a mail may show."""
    staff = template.startswith(mailer.STAFF_PREFIX)
    office = Municipality(
        id=1, code="03351006", name="Celle", office_name="Koordinierungsstelle Celle",
        office_email="office@celle.example", office_phone="05141 12345",
    )  # fmt: skip
    values = {
        "number": 7,
        "written_at": WRITTEN,
        "template": template,
        "to": "reader@example.org",
        "locale": locale,
        "first_name": "" if staff else "Samira",
        "office": None if staff else office,
        "path": "/status",
        "code": "7K2M-PQ4T-9WXY" if template == "request_received" else "",
        "params": {
            "reader": "newcomer",
            "days": 7,
            "waiting": 3,
            "overdue": 1,
            "approve": 2,
            "mine": 0,
            "left": 30,
            "tasks": 2,
        },
    }
    return mailer.Letter(**(values | changes))


def part(mail: EmailMessage, kind: str) -> str:
    """Return the text of a mail's `plain` or `html` part."""
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def snapshot(app: Flask, template: str, locale: str) -> str:
    """Return subject and text, for both readers where they differ."""
    readers = (mailer.build(app, letter(template, locale, params=_for(reader)), WRITTEN) for reader in _READERS)
    texts = dict.fromkeys(f"{mail['Subject']}\n\n{part(mail, 'plain')}" for mail in readers)
    return "\n-----\n\n".join(texts)


_READERS = ("newcomer", "guide")


def _for(reader: str) -> dict[str, Any]:
    return letter("offer", "en").params | {"reader": reader}


def write(wanted: list[str]) -> None:
    """Write the snapshots of these languages."""
    app = application()
    for template in TEMPLATES:
        for locale in set(languages(template)) & set(wanted):
            path = SNAPSHOTS / locale / f"{template}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(snapshot(app, template, locale), encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1:] or list(i18n.OFFERED))
