"""How an office shows itself: its contact, its logo, its own words in mails and letters; each change written down."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, delete

from lotsen.models import Account, Municipality, OfficeLogo
from lotsen.rules.errors import Conflict, DomainError
from lotsen.rules.office_texts import LONGEST, faults
from lotsen.services import settings

#: What stands in letters and mails, and on pages.
CONTACT: Final = ("office_name", "office_email", "office_phone", "office_address", "office_hours", "website")


class LinksElsewhere(DomainError):
    """The office's own words lead to another site than the municipality's."""

    code = "links_elsewhere"


def contact_mark(office: Municipality) -> str:
    """Return a mark of an office's contact as it is."""
    return settings.mark([getattr(office, name) for name in CONTACT])


def texts_mark(office: Municipality, locale: str) -> str:
    """Return a mark of an office's texts in one language as they are."""
    return settings.mark([office.texts.get(kind, {}).get(locale, "") for kind in LONGEST])


def save_contact(
    session: Session, by: Account, municipality_id: int, values: Mapping[str, str], saw: str, now: datetime
) -> bool:
    """Change how people reach an office. Raises `NotFound`, `Conflict`, `LinksElsewhere` (another site)."""
    office = settings.held(session, by, municipality_id)
    if contact_mark(office) != saw:
        raise Conflict
    for name in CONTACT:
        settings.note(session, office, by, now, f"contact.{name}", getattr(office, name), values[name])
        setattr(office, name, values[name])
    for kind, written in office.texts.items():
        if any("link" in faults(text, kind, office.website) for text in written.values()):
            raise LinksElsewhere
    session.add(office)
    return True


def with_texts(office: Municipality, locale: str, values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return an office's texts with those of one language replaced; an empty one is none."""
    return {
        kind: {tag: text for tag, text in (office.texts.get(kind, {}) | {locale: values[kind]}).items() if text}
        for kind in LONGEST
    }


def save_texts(
    session: Session, by: Account, municipality_id: int, locale: str, values: Mapping[str, str], saw: str, now: datetime
) -> bool:
    """Change an office's own words in one language. Raises `NotFound`, `Conflict`, `DomainError`."""
    office = settings.held(session, by, municipality_id)
    if texts_mark(office, locale) != saw:
        raise Conflict
    if any(faults(values[kind], kind, office.website) for kind in LONGEST):
        raise DomainError
    for kind in LONGEST:
        before = office.texts.get(kind, {}).get(locale, "")
        settings.note(session, office, by, now, f"text.{kind}.{locale}", before, values[kind])
    office.texts = with_texts(office, locale, values)
    session.add(office)
    return True


def save_logo(session: Session, by: Account, municipality_id: int, picture: bytes | None, now: datetime) -> bool:
    """Show another logo, or none; `picture` is what `lotsen.logo.read` returned. Raises `NotFound`."""
    office = settings.held(session, by, municipality_id)
    settings.note(session, office, by, now, "logo", bool(office.logo), picture is not None)
    session.exec(delete(OfficeLogo).where(col(OfficeLogo.municipality_id) == municipality_id))
    office.logo = settings.mark(picture.hex()) if picture else ""
    if picture:
        session.add(OfficeLogo(municipality_id=municipality_id, picture=picture))
    session.add(office)
    return True


def picture(session: Session, municipality_id: int) -> bytes | None:
    """Return an office's logo as a PNG."""
    found = session.get(OfficeLogo, municipality_id)
    return found.picture if found else None
