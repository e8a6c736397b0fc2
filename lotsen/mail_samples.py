"""Every mail with made-up data: for the administrator's gallery, and for the tests that compare what readers get."""

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any, Final

from lotsen import i18n, mailer
from lotsen.config import ROOT
from lotsen.models import Municipality
from lotsen.rules.mail_kinds import OPTIONAL, kind_of

TEMPLATES: Final = tuple(sorted(path.parent.name for path in (ROOT / "templates" / "mail").glob("*/mail.txt")))
WRITTEN: Final = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
#: The two people read some mails in different words; newcomers also, when it is about one appointment.
READERS: Final[dict[str, dict[str, Any]]] = {
    "newcomer": {"reader": "newcomer"},
    "guide": {"reader": "guide"},
    "appointment": {"reader": "newcomer", "appointment": True},
}
#: What the templates' texts depend on.
_PARAMS: Final = {"days": 7, "waiting": 3, "overdue": 1, "approve": 2, "mine": 0, "left": 30, "tasks": 2}


def languages(template: str) -> tuple[str, ...]:
    """Return the languages in which a mail exists."""
    return i18n.STAFF if template.startswith(mailer.STAFF_PREFIX) else i18n.OFFERED


def letter(template: str, locale: str, reader: str = "newcomer", **changes: Any) -> mailer.Letter:
    """Return a sample with everything that the mail may show."""
    staff = template.startswith(mailer.STAFF_PREFIX)
    office = Municipality(
        id=1, code="03351006", name="Celle", office_name="Koordinierungsstelle Celle",
        office_email="office@celle.example", office_phone="05141 12345",
    )  # fmt: skip
    values: dict[str, Any] = {
        "number": 7,
        "written_at": WRITTEN,
        "template": template,
        "to": "reader@example.org",
        "locale": locale,
        "first_name": "" if staff else "Samira",
        "office": None if staff else office,
        "path": "/status",
        "stop_path": "/mails/stop?token=signed" if kind_of(template) in OPTIONAL else "",
        "code": "7K2M-PQ4T-9WXY" if template == "request_received" else "",
        "params": {**_PARAMS, **READERS[reader]},
    }
    return mailer.Letter(**(values | changes))


def part(mail: EmailMessage, kind: str) -> str:
    """Return the text of a mail's `plain` or `html` part."""
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())
