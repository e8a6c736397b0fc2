"""What people may ask for besides a copy and erasure: correction, restriction, taking consent back (GDPR 16, 18, 7)."""

from datetime import datetime

from sqlmodel import Session, col, select

from lotsen.models import Consent, Guide, Pairing, Person, Request
from lotsen.models.audit import Did
from lotsen.rules.answers import RequestAnswers
from lotsen.rules.errors import NotFound
from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.vocabulary import RequestState
from lotsen.services import audit, erasure, events, offices, requests
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM, Actor
from lotsen.services.persons import ConsentGiven, give_consent


def restrict(session: Session, person_id: int, actor: Actor, now: datetime) -> None:
    """Stop processing (Art. 18): nothing new is proposed or decided; staff see the mark; what runs goes on or is ended
    by its people. Raises `NotFound`."""
    person = erasure.reachable(session, person_id, actor)
    if person.restricted_at is None:
        _drop_suggestions(session, person, now)
        person.restricted_at = now
        _note(session, person, Did.RESTRICTED, "restricted", actor, now)


def release(session: Session, person_id: int, actor: Actor, now: datetime) -> None:
    """Go on after a restriction, on the person's own word. Raises `NotFound`."""
    person = erasure.reachable(session, person_id, actor)
    if person.restricted_at is not None:
        person.restricted_at = None
        _note(session, person, Did.RELEASED, "released_again", actor, now)


def withdraw_consent(session: Session, person_id: int, actor: Actor, now: datetime) -> None:
    """Take consent back (Art. 7(3)): what runs is ended kindly, nothing is processed any more; the file waits, closed,
    for erasure. Raises `NotFound`, and `NotAllowed` while a report is looked at."""
    person = erasure.reachable(session, person_id, actor)
    erasure.end_all(session, person, actor, now)
    for consent in session.exec(select(Consent).where(Consent.person_id == person_id)).all():
        consent.withdrawn_at = consent.withdrawn_at or now
        session.add(consent)
    person.restricted_at = person.restricted_at or now
    _note(session, person, Did.WITHDREW, "consent_withdrawn", actor, now)


def agreed(session: Session, person_id: int) -> set[tuple[str, str]]:
    """Return to which kinds of text, in which versions, somebody agrees."""
    query = select(Consent.kind, Consent.version)
    return set(session.exec(query.where(Consent.person_id == person_id, col(Consent.withdrawn_at).is_(None))).all())


def consent_again(session: Session, person_id: int, given: list[ConsentGiven], actor: Actor, now: datetime) -> None:
    """Record consent to a new version of the text. Raises `NotFound`."""
    person = erasure.reachable(session, person_id, actor)
    for each in given:
        give_consent(session, person, each, now)


def correct(session: Session, request_id: int, answers: RequestAnswers, actor: Actor, now: datetime) -> Request:
    """Change one's own answers (Art. 16); the next candidate is looked for at once. Raises `NotFound` and
    `offices.UnknownPlace`."""
    request = session.get(Request, request_id, with_for_update=True)
    if request is None or request.person_id != actor.person_id:
        raise NotFound
    person = erasure.reachable(session, request.person_id, actor)
    if answers.postcode != person.postcode:
        place, _office = offices.settle(session, answers.postcode, request.municipality_id)
        person.postcode, person.town = place.postcode, place.town
        person.latitude, person.longitude = place.latitude, place.longitude
    person.first_name, person.gender, person.languages = answers.first_name, answers.gender, answers.languages
    person.email, person.phone = answers.email, answers.phone
    request.topics, request.slots, request.guide_gender = answers.topics, answers.slots, answers.guide_gender
    request.household, request.matched_on = answers.household, None
    request.places = max(answers.household.places, request.live)
    session.add(request)
    if request.state is RequestState.OPEN:
        requests.want(
            session, request_id, actor, now,
            kind=answers.kind, wanted_from=answers.wanted_from, wanted_until=answers.wanted_until,
        )  # fmt: skip
    _note(session, person, Did.CHANGED, "corrected", actor, now)
    return request


def _drop_suggestions(session: Session, person: Person, now: datetime) -> None:
    query = select(Pairing.id).join(Request, col(Request.id) == Pairing.request_id)
    query = query.join(Guide, col(Guide.id) == Pairing.guide_id)
    mine = (Request.person_id == person.id) | (Guide.person_id == person.id)
    for number in session.exec(query.where(mine, col(Pairing.state) == State.SUGGESTED)).all():
        pairings.act(session, number or 0, Action.DISMISS, SYSTEM, now, reason="restricted")


def _note(session: Session, person: Person, did: Did, what: str, actor: Actor, now: datetime) -> None:
    """Write the change into the audit log and, for the office, into the file's history."""
    session.add(person)
    audit.record(session, did, actor, now, person=person)
    about = events.file_of(session, person.id)
    if about is not None:
        side = actor.side if actor.side is not Side.SYSTEM else Side.SYSTEM
        events.record(session, what, about, Actor(side, actor.account_id), now)
    session.flush()
