"""Somebody enters Lotsen: name, place and languages, with the consent that allows to store them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from lotsen.models import Consent, Person
from lotsen.rules.answers import GuideAnswers, RequestAnswers
from lotsen.services import offices


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """What somebody agreed to: the text as shown, its version and language."""

    kind: str
    version: str
    text: str
    locale: str
    #: Given by a parent or guardian.
    guardian: bool = False
    #: In which language the person reads letters and pages, where that is not the text's.
    reads: str = ""


def enter(
    session: Session, answers: RequestAnswers | GuideAnswers, email: str | None, consent: ConsentGiven, now: datetime
) -> Person:
    """Store a person in the office that serves their place, and the proof of consent. Raises `offices.UnknownPlace`."""
    place, office = offices.settle(session, answers.postcode, answers.municipality_id)
    person = Person(
        municipality_id=office.id or 0,
        first_name=answers.first_name,
        last_name=answers.last_name if isinstance(answers, GuideAnswers) else "",
        email=email,
        phone=answers.phone,
        gender=answers.gender,
        locale=consent.reads or consent.locale,
        postcode=place.postcode,
        town=place.town,
        latitude=place.latitude,
        longitude=place.longitude,
        languages=answers.languages,
        created_at=now,
    )
    session.add(person)
    session.flush()
    give_consent(session, person, consent, now)
    return person


def give_consent(session: Session, person: Person, consent: ConsentGiven, now: datetime) -> Consent:
    """Record a consent: the proof of what was agreed to, in which words."""
    assert person.id is not None
    proof = Consent(
        person_id=person.id,
        kind=consent.kind,
        version=consent.version,
        text=consent.text,
        locale=consent.locale,
        given_at=now,
        guardian=consent.guardian,
    )
    session.add(proof)
    session.flush()
    return proof
