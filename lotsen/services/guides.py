"""A guide: registers, confirms the address, changes the offer; the office interviews, checks and clears."""

from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from lotsen.models import Account, Guide, Municipality, Pairing, Person
from lotsen.rules.answers import GuideAnswers
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import ConsentMissing, DomainError, NotEligible, NotFound
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.vocabulary import Role, Takes
from lotsen.services import accounts, conduct, events, insured, mails, offices, tasks
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM, Actor
from lotsen.services.persons import ConsentGiven, enter, give_consent


class CapacityInUse(DomainError):
    """Fewer places than the guide accompanies people now."""

    code = "capacity_in_use"


def register(
    session: Session,
    answers: GuideAnswers,
    email: str,
    password: str,
    consent: ConsentGiven | None,
    now: datetime,
    *,
    confidentiality: ConsentGiven | None = None,
) -> Guide | None:
    """Store a new guide whose address is still to be confirmed, with the consent and the promise to keep secrets.

    Returns None where the address has an account: its owner gets a mail, and the page says the same as always, so that
    nobody learns who is registered. Raises `ConsentMissing`, `WeakPassword` and `offices.UnknownPlace`.
    """
    if consent is None:
        raise ConsentMissing
    known = accounts.by_email(session, email)
    if known is not None:
        accounts.hash_password(password, email)  # the same work, the same refusals, the same time
        _tell_owner(session, known, now)
        return None
    try:
        with session.begin_nested():
            guide, account = enrol(session, answers, email, consent, now, password=password)
    except IntegrityError:
        if accounts.by_email(session, email) is None:
            raise
        return None  # registered twice in the same moment: the first one wrote the mail
    if confidentiality is not None:
        give_consent(session, session.get_one(Person, guide.person_id), confidentiality, now)
        guide.confidentiality_on = local_date(now)
    mails.enqueue(session, "confirm_address", account, f"confirm:{account.id}", now, path="/volunteer/confirm")
    return guide


def _tell_owner(session: Session, known: Account, now: datetime) -> None:
    """Write to the owner of a known address: how to sign in, or once more how to confirm the address."""
    if not confirm_again(session, known.email or "", now):
        mails.enqueue(session, "already_registered", known, f"known:{known.id}:{local_date(now)}", now, path="/login")


def enrol(
    session: Session,
    answers: GuideAnswers,
    email: str,
    consent: ConsentGiven,
    now: datetime,
    *,
    password: str | None = None,
) -> tuple[Guide, Account]:
    """Store a guide with person, consent and account; without a password the account cannot be used yet.

    Raises `WeakPassword` and `offices.UnknownPlace`.
    """
    person = enter(session, answers, email, consent, now)
    guide = file(session, answers, person, now)
    account = accounts.open_account(session, Role.GUIDE, now, person=person, email=email, password=password)
    events.record(session, "guide_registered", guide, Actor(Side.GUIDE, account.id, None, person.id), now)
    return guide, account


def file(session: Session, answers: GuideAnswers, person: Person, now: datetime) -> Guide:
    """Begin the file of a guide who offers what `answers` say."""
    guide = Guide(
        person_id=person.id or 0,
        municipality_id=person.municipality_id,
        topics=answers.topics,
        slots=answers.slots,
        radius_km=answers.radius_km,
        newcomer_gender=answers.newcomer_gender,
        capacity=answers.capacity,
        takes=answers.takes,
        created_at=now,
    )
    session.add(guide)
    session.flush()
    return guide


def confirm_address(session: Session, account_id: int, now: datetime) -> bool:
    """Confirm a guide's address, once; the office gets the task to invite. False where it was confirmed before."""
    if not accounts.confirm_email(session, account_id, now):
        return False
    account = session.get_one(Account, account_id, populate_existing=True)
    guide = of_person(session, account.person_id)
    guide.address_confirmed = True
    session.add(guide)
    events.record(session, "address_confirmed", guide, Actor(Side.GUIDE, account.id, None, account.person_id), now)
    tasks.hand_over(session, Matter.NEW_GUIDE, guide, now)
    return True


def confirm_again(session: Session, email: str, now: datetime) -> bool:
    """Write the confirmation mail once more, at most once an hour; False where no guide waits under this address."""
    account = accounts.by_email(session, email)
    if account is None or account.role is not Role.GUIDE or account.email_confirmed_at is not None:
        return False
    mails.enqueue(
        session, "confirm_address", account, f"confirm:{account.id}:{now:%Y-%m-%dT%H}", now, path="/volunteer/confirm"
    )
    return True


def confirmable(session: Session, account_id: int, signed_at: datetime, now: datetime) -> bool:
    """Whether a confirmation link of that age still counts for this guide's account: the office sets for how long."""
    account = session.get(Account, account_id)
    if account is None or account.role is not Role.GUIDE or account.municipality_id is None:
        return False
    hours = session.get_one(Municipality, account.municipality_id).settings.confirm_link_hours
    return now - signed_at <= timedelta(hours=hours)


def change(session: Session, guide_id: int, answers: GuideAnswers, actor: Actor, now: datetime) -> Guide:
    """Change a guide's offer. Raises `NotFound`, `CapacityInUse` and `offices.UnknownPlace`."""
    guide = visible(session, guide_id, actor)
    place, _office = offices.settle(session, answers.postcode, answers.municipality_id or guide.municipality_id)
    person = session.get_one(Person, guide.person_id)
    person.first_name, person.last_name, person.phone = answers.first_name, answers.last_name, answers.phone
    person.gender, person.languages = answers.gender, answers.languages
    person.postcode, person.town = place.postcode, place.town
    person.latitude, person.longitude = place.latitude, place.longitude
    guide.topics, guide.slots, guide.radius_km = answers.topics, answers.slots, answers.radius_km
    guide.newcomer_gender, guide.takes = answers.newcomer_gender, answers.takes
    session.add_all([person, guide])
    set_capacity(session, guide, answers.capacity)
    _withdraw_surplus(session, guide, now)
    events.record(session, "guide_changed", guide, actor, now)
    return guide


def take(session: Session, guide_id: int, actor: Actor, now: datetime, takes: Takes) -> Guide:
    """Note which requests a guide takes, as the office heard. Raises `NotFound` for foreign guides."""
    guide = visible(session, guide_id, actor)
    guide.takes = takes
    session.add(guide)
    events.record(session, "guide_changed", guide, actor, now)
    return guide


def set_capacity(session: Session, guide: Guide, capacity: int) -> None:
    """Set how many people a guide accompanies at most.

    Raises `CapacityInUse` where more people are accompanied now.
    """
    session.flush()
    fits = update(Guide).where(col(Guide.id) == guide.id, col(Guide.taken) <= capacity)
    if session.exec(fits.values(capacity=capacity).execution_options(synchronize_session=False)).rowcount != 1:
        raise CapacityInUse(taken=guide.taken)
    session.refresh(guide)


def _withdraw_surplus(session: Session, guide: Guide, now: datetime) -> None:
    """Withdraw the newest offers that no longer fit into the guide's places; the guide and the queue are told."""
    newest_first = (
        select(Pairing.id)
        .where(Pairing.guide_id == guide.id, Pairing.state == State.OFFERED)
        .order_by(col(Pairing.state_since).desc(), col(Pairing.id).desc())
        .limit(max(0, guide.offered + guide.taken - guide.capacity))
    )
    for offer in session.exec(newest_first).all():
        pairings.act(session, offer or 0, Action.WITHDRAW, SYSTEM, now, reason="capacity")
    session.refresh(guide)


def pause(session: Session, guide_id: int, actor: Actor, now: datetime, *, until: date | None = None) -> Guide:
    """Stop proposals to a guide, until a day or until she says otherwise; what runs goes on."""
    guide = visible(session, guide_id, actor)
    guide.paused, guide.paused_until = True, until
    session.add(guide)
    events.record(session, "guide_paused", guide, actor, now)
    return guide


def resume(session: Session, guide_id: int, actor: Actor, now: datetime) -> Guide:
    """Let proposals reach a guide again."""
    guide = visible(session, guide_id, actor)
    guide.paused, guide.paused_until, guide.expiries = False, None, 0
    session.add(guide)
    events.record(session, "guide_resumed", guide, actor, now)
    return guide


def interview(
    session: Session, guide_id: int, actor: Actor, now: datetime, *, on: date, note: str | None,
    children: bool | None = None,
) -> Guide:  # fmt: skip
    """Record the interview, by the member of staff who held it; `children`: whether the guide suits such households."""
    guide = visible(session, guide_id, actor, only=Side.OFFICE)
    guide.interview_on, guide.interview_by_id, guide.interview_note = on, actor.account_id, note
    guide.interview_children = children
    session.add(guide)
    events.record(session, "guide_interviewed", guide, actor, now)
    return guide


def promise(session: Session, guide_id: int, actor: Actor, now: datetime, *, on: date, text: ConsentGiven) -> Guide:
    """Record that a guide promised confidentiality on paper: the day, and the words with their version."""
    guide = visible(session, guide_id, actor, only=Side.OFFICE)
    give_consent(session, session.get_one(Person, guide.person_id), text, now)
    guide.confidentiality_on = on
    session.add(guide)
    events.record(session, "guide_promised", guide, actor, now)
    return guide


def see_conduct_check(
    session: Session, guide_id: int, actor: Actor, now: datetime, *, seen_on: date, valid_until: date
) -> Guide:
    """Record that a certificate of conduct was seen: dates and by whom, never the certificate."""
    guide = visible(session, guide_id, actor, only=Side.OFFICE)
    guide.conduct_seen_on, guide.conduct_seen_by_id, guide.conduct_valid_until = seen_on, actor.account_id, valid_until
    session.add(guide)
    events.record(session, "conduct_check_seen", guide, actor, now)
    conduct.renewed(session, guide, actor, now)
    return guide


def train(session: Session, guide_id: int, actor: Actor, now: datetime, *, lessons: int) -> Guide:
    """Set how many lessons of training a guide has had."""
    guide = visible(session, guide_id, actor, only=Side.OFFICE)
    guide.training_lessons = lessons
    session.add(guide)
    events.record(session, "guide_trained", guide, actor, now)
    return guide


def clear(session: Session, guide_id: int, actor: Actor, now: datetime) -> Guide:
    """Clear a guide for proposals, after the interview. Raises `NotEligible` without one."""
    guide = visible(session, guide_id, actor, only=Side.OFFICE)
    if guide.interview_on is None:
        raise NotEligible("interview_first", rules=["not_cleared"])
    guide.cleared_on, guide.cleared_by_id = local_date(now), actor.account_id
    session.add(guide)
    insured.begin(session, guide, guide.cleared_on)
    events.record(session, "guide_cleared", guide, actor, now)
    mails.enqueue(
        session, "guide_cleared", session.get_one(Person, guide.person_id), f"cleared:{guide.id}:{guide.cleared_on}",
        now, path="/guide/",
    )  # fmt: skip
    tasks.settle(session, guide, {Matter.NEW_GUIDE}, "talked", actor, now)
    return guide


def revoke(session: Session, guide_id: int, actor: Actor, now: datetime, *, note: str | None = None) -> Guide:
    """Take a clearance back: nothing new is proposed; what runs stays for the office to decide."""
    guide = visible(session, guide_id, actor, only=Side.OFFICE)
    guide.cleared_on, guide.cleared_by_id = None, None
    insured.end(session, guide.id, local_date(now))
    session.add(guide)
    events.record(session, "guide_revoked", guide, actor, now, note=note)
    return guide


def visible(session: Session, guide_id: int, actor: Actor, only: Side | None = None) -> Guide:
    """Return a guide that `actor` may change: their own file, or their office's. Raises `NotFound`."""
    guide = session.get(Guide, guide_id, populate_existing=True)
    own = guide is not None and (
        (actor.side is Side.GUIDE and guide.person_id == actor.person_id)
        or (actor.side is Side.OFFICE and guide.municipality_id == actor.municipality_id)
    )
    if guide is None or not own or (only and actor.side is not only):
        raise NotFound
    return guide


def of_person(session: Session, person_id: int | None) -> Guide:
    """Return the guide's file of a person. Raises `NotFound`."""
    guide = session.exec(select(Guide).where(Guide.person_id == person_id)).first()
    if guide is None:
        raise NotFound
    return guide


def office_of(session: Session, guide: Guide) -> Municipality:
    """Return the office that looks after a guide."""
    return session.get_one(Municipality, guide.municipality_id)
