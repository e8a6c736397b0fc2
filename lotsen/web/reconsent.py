"""Consent to a text that has changed: asked at the next visit, recorded anew with words, language and version."""

from typing import Any, Final

from sqlmodel import Session

from lotsen import i18n
from lotsen.models import Account, Municipality
from lotsen.rules.vocabulary import Role
from lotsen.services import rights
from lotsen.services.persons import ConsentGiven
from lotsen.web import newcomer_words
from lotsen.web.guide import say

#: What each role agreed to: kinds under which the consent may stand, with the version of today's text.
_TEXTS: Final[dict[Role, tuple[tuple[tuple[str, ...], str], ...]]] = {
    Role.NEWCOMER: ((("request", "referral"), newcomer_words.CONSENT_VERSION),),
    Role.GUIDE: ((("volunteer",), say.CONSENT_VERSION), (("confidentiality",), say.CONFIDENTIALITY_VERSION)),
}


def outdated(session: Session, account: Account) -> list[str]:
    """Return the kinds of consent whose text has changed since an account's person agreed."""
    agreed = rights.agreed(session, account.person_id or 0)
    return [
        kinds[0]
        for kinds, version in _TEXTS.get(account.role, ())
        if any(kind in kinds for kind, _version in agreed) and not any((kind, version) in agreed for kind in kinds)
    ]


def texts(session: Session, kinds: list[str], account: Account) -> list[list[str]]:
    """Return the paragraphs of each kind in the page's language."""
    office = session.get_one(Municipality, account.municipality_id).office_name
    written: dict[str, Any] = {
        "request": lambda: newcomer_words.consent_text(office),
        "volunteer": lambda: say.consent_text(office),
        "confidentiality": say.confidentiality_text,
    }
    return [written[kind]() for kind in kinds]


def given(session: Session, kinds: list[str], form: Any, account: Account) -> list[ConsentGiven]:
    """Return the proofs: the words as they were shown, in their language."""
    locale = form.shown_in.data if form.shown_in.data in i18n.OFFERED else i18n.tag()
    versions = {kinds[0]: version for texts in _TEXTS.values() for kinds, version in texts}
    with i18n.speaking(locale):
        shown = ["\n".join(text) for text in texts(session, kinds, account)]
    return [
        ConsentGiven(kind, versions[kind], text, locale, guardian=form.guardian.data)
        for kind, text in zip(kinds, shown, strict=True)
    ]
