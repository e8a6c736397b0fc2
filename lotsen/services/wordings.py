"""Use cases of those who read the translations: look through a language, say a text better, vouch, take it all away.

The catalogues in the code stay as they are: what is said better here holds at once (`lotsen.texts`), and comes into the
code with the exported catalogue.
"""

import gettext
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final

from babel.messages.catalog import Message
from babel.messages.pofile import write_po
from sqlmodel import Session, col, func, select

from lotsen import translations
from lotsen.models import Account, Review, Wording
from lotsen.rules import wording
from lotsen.rules.errors import Conflict, DomainError, NotFound
from lotsen.rules.vocabulary import Role

#: Texts are looked for in these, in this order.
DOMAINS: Final = translations.DOMAINS
#: So many numbers show what a form of a text that counts is for.
_EXAMPLES: Final = 3


class Unfit(DomainError):
    """The text cannot stand as it was typed; `faults` says why."""

    code = "unfit_wording"

    def __init__(self, faults: list[wording.Fault]) -> None:
        super().__init__()
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a language, as pages show it now."""

    key: str
    domain: str
    context: str | None
    #: In English: one form, or singular and plural.
    source: tuple[str, ...]
    #: As it stands in the catalogue, and as it is said.
    printed: tuple[str, ...]
    forms: tuple[str, ...]
    #: The files that say it.
    files: tuple[str, ...]
    #: The newest word about it.
    last: Wording | None

    @property
    def several(self) -> bool:
        """Whether it counts something."""
        return len(self.source) > 1

    @property
    def changed(self) -> bool:
        """Whether it is said otherwise than the catalogue has it."""
        return self.forms != self.printed


@dataclass(frozen=True, slots=True)
class Progress:
    """How far those who read a language have come, in texts."""

    total: int
    #: Looked at, and of these: said otherwise than the catalogue has it.
    read: int
    changed: int

    @property
    def open(self) -> int:
        """How many nobody has looked at."""
        return self.total - self.read


def may_read(account: Account, locale: str) -> bool:
    """Whether the texts of a language are somebody's to correct: an administrator's, or its reviewer's."""
    return account.role is Role.ADMIN or (account.role is Role.REVIEWER and locale in account.reads)


def readers(session: Session) -> dict[str, list[Account]]:
    """Return who reads each language that has reviewers, by name."""
    query = select(Account).where(Account.role == Role.REVIEWER, col(Account.active)).order_by(col(Account.name))
    found: dict[str, list[Account]] = {}
    for account in session.exec(query):
        for locale in account.reads:
            found.setdefault(locale, []).append(account)
    return found


def progress(session: Session, locales: Iterable[str]) -> dict[str, Progress]:
    """Return how far the reading of each language has come."""
    said: dict[str, list[Wording]] = {}
    newest = select(func.max(Wording.id)).group_by(col(Wording.locale), col(Wording.source_key))
    for word in session.exec(select(Wording).where(col(Wording.id).in_(newest))):
        said.setdefault(word.locale, []).append(word)
    return {locale: _progress(locale, said.get(locale, [])) for locale in locales}


def _progress(locale: str, words: list[Wording]) -> Progress:
    everything = _messages(locale)
    known = [_text(*everything[word.source_key], word) for word in words if word.source_key in everything]
    return Progress(len(everything), len(known), sum(each.changed for each in known))


def texts(session: Session, locale: str) -> list[Text]:
    """Return every text of a language in the order of the files that say it."""
    newest = latest(session, locale)
    return [_text(message, domain, newest.get(key)) for key, (message, domain) in _messages(locale).items()]


def text(session: Session, locale: str, key: str) -> Text:
    """Return one text. Raises `NotFound`."""
    found = _messages(locale).get(key)
    if found is None:
        raise NotFound
    query = select(Wording).where(Wording.locale == locale, Wording.source_key == key)
    return _text(*found, session.exec(query.order_by(col(Wording.id).desc()).limit(1)).first())


def history(session: Session, locale: str, key: str) -> list[tuple[Wording, str]]:
    """Return all that was said about a text, the newest first, each with the name of who said it."""
    query = select(Wording, Account.name).join(Account, col(Account.id) == col(Wording.account_id))
    found = session.exec(
        query.where(Wording.locale == locale, Wording.source_key == key).order_by(col(Wording.id).desc())
    )
    return [(row, name or "") for row, name in found]


def latest(session: Session, locale: str) -> dict[str, Wording]:
    """Return the newest word about each text of a language that somebody has looked at."""
    newest = select(func.max(Wording.id)).where(Wording.locale == locale).group_by(col(Wording.source_key))
    return {row.source_key: row for row in session.exec(select(Wording).where(col(Wording.id).in_(newest)))}


def version(session: Session) -> int:
    """Return a number that grows with each word."""
    return session.exec(select(func.max(Wording.id))).one() or 0


def say(
    session: Session, locale: str, key: str, forms: tuple[str, ...], seen: int, by: Account, now: datetime
) -> Wording:
    """Say a text so, from now on; as it was, means: somebody looked and found it right.

    `seen` is the newest word that whoever says it has seen (0: none). Raises `NotFound`, `Conflict`, `Unfit`.
    """
    _may(by, locale)
    found = text(session, locale, key)
    if (found.last.id if found.last else 0) != seen:
        raise Conflict
    wrong = wording.faults(found.source, forms, len(found.printed))
    if wrong:
        raise Unfit(wrong)
    said = _word(found, locale, forms, by, now)
    session.add(said)
    session.flush()
    return said


def agree(session: Session, locale: str, keys: Iterable[str], by: Account, now: datetime) -> int:
    """Note texts as right that nobody has looked at, several at once; return how many. Raises `NotFound`."""
    _may(by, locale)
    wanted = set(keys)
    right = [each for each in texts(session, locale) if each.key in wanted and each.last is None]
    session.add_all(_word(each, locale, each.forms, by, now) for each in right)
    return len(right)


def vouch(session: Session, locale: str, named: str, by: Account, now: datetime) -> Review:
    """Record that somebody who speaks the language has read it all, who is named so in the catalogue.

    A reviewer vouches in their own name, whatever `named` says. Raises `NotFound`.
    """
    _may(by, locale)
    if not any(translations.path(locale, domain).exists() for domain in DOMAINS):
        raise NotFound
    named = by.name if by.role is Role.REVIEWER else named
    review = Review(locale=locale, by=" ".join(named.split())[:80], account_id=by.id or 0, at=now)
    session.add(review)
    return review


def reviews(session: Session) -> dict[str, Review]:
    """Return the newest review of each language that has one."""
    newest = select(func.max(Review.id)).group_by(col(Review.locale))
    return {row.locale: row for row in session.exec(select(Review).where(col(Review.id).in_(newest)))}


def is_draft(session: Session, locale: str, domain: str) -> bool:
    """Whether nobody who speaks the language vouches for it, here or in the catalogue's header."""
    return translations.is_draft(locale, domain) and locale not in reviews(session)


def exported(session: Session, locale: str, domain: str) -> bytes:
    """Return a catalogue with all that was said better, to be put in its place in the code. Raises `NotFound`."""
    if not translations.path(locale, domain).exists():
        raise NotFound
    catalogue = translations.catalogue(locale, domain)
    newest = latest(session, locale)
    for message in catalogue:
        said = newest.get(translations.key(message.id, message.context)) if message.id else None
        if said and len(said.forms) == len(_forms(message.string)):
            message.string = tuple(said.forms) if said.several else said.forms[0]
    if review := reviews(session).get(locale):
        catalogue.header_comment = _vouched(catalogue.header_comment, review)
    written = BytesIO()
    write_po(written, catalogue, **translations.STYLE)
    return written.getvalue()


def _vouched(header: str, review: Review) -> str:
    """Return a catalogue's header with the review in the place of an older one, or of the word that there was none."""
    before = header.partition("\n# Review:")[0]
    return f"{before}\n# Review: {review.at:%Y-%m-%d} by {review.by}"


def counted(locale: str, domain: str) -> list[str]:
    """Return some numbers that each form of a text that counts is said with, "1, 21, 31"."""
    catalogue = translations.catalogue(locale, domain)
    form_of = gettext.c2py(catalogue.plural_expr)  # what gettext reads plurals with
    numbers: list[list[int]] = [[] for _form in range(catalogue.num_plurals)]
    for number in range(202):
        numbers[form_of(number)].append(number)
    return [", ".join(map(str, each[:_EXAMPLES])) for each in numbers]


def _messages(locale: str) -> dict[str, tuple[Message, str]]:
    """Return a language's texts by their short names, each with its catalogue: the first, where both say it."""
    found: dict[str, tuple[Message, str]] = {}
    for domain in DOMAINS:
        for key, message in translations.messages(locale, domain).items():
            found.setdefault(key, (message, domain))
    return found


def _may(by: Account, locale: str) -> None:
    if not may_read(by, locale):
        raise NotFound


def _word(found: Text, locale: str, forms: tuple[str, ...], by: Account, now: datetime) -> Wording:
    return Wording(
        locale=locale, domain=found.domain, source_key=found.key, source=found.source[0], context=found.context,
        several=found.several, forms=list(forms), account_id=by.id or 0, at=now,
    )  # fmt: skip


def _forms(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    value = value or ""
    return (value,) if isinstance(value, str) else tuple(value)


def _text(message: Message, domain: str, last: Wording | None) -> Text:
    printed = _forms(message.string)
    fits = last is not None and len(last.forms) == len(printed)
    return Text(
        key=translations.key(message.id, message.context),
        domain=domain,
        context=message.context,
        source=_forms(message.id),
        printed=printed,
        forms=tuple(last.forms) if last and fits else printed,
        files=tuple(file for file, _line in message.locations),
        last=last,
    )
