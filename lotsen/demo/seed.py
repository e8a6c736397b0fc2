"""Fills an empty database with a year in nine offices, lived through by the real services."""

from datetime import datetime, time, timedelta
from functools import partial
from random import Random
from typing import Final

from sqlmodel import Session, SQLModel, col, select, update

from lotsen.demo import casework, contact, followed, night, offices, people, referred, volunteers
from lotsen.demo.logins import password_hash
from lotsen.demo.offices import Staffed
from lotsen.demo.stars import Stars
from lotsen.demo.story import RUNS, Agenda, Fate, Step, fates
from lotsen.models import Account, Mail, MailState, Municipality, Pairing, Person, Request, Task
from lotsen.rules.calendar import BERLIN, local_date
from lotsen.rules.errors import DomainError
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import Action, Side, State, find
from lotsen.rules.vocabulary import RequestState, Role
from lotsen.services import evaluation, followup, handovers, outbox, referrals, requests, suggestion
from lotsen.services import pairing as pairings
from lotsen.services.actor import Actor, actor_of

GUIDES: Final = 150
NEWCOMERS: Final = 250
#: Every so many-th newcomer wants company to one appointment only.
_ONE_OFF: Final = 25
_KNOWN: Final[tuple[type[SQLModel], ...]] = (Person, Account)
_TALKED_ABOUT: Final = (Matter.NOBODY_LEFT, Matter.NEWCOMER_SILENT, Matter.GUIDE_SILENT)
#: The story begins that many days before today.
DAYS: Final = 300


def seed(session: Session, now: datetime) -> bool:
    """Fill an empty database; False where there is data already. The same `now` gives the same story."""
    if session.exec(select(Municipality.id).limit(1)).first() is not None:
        return False
    _Story(session, now).tell()
    _deliver(session, now)
    evaluation.freeze(session, now)
    return True


class _Story:
    """Everybody's arrival, the matcher's nights, and what comes of each proposal."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.random = Random(2014)  # noqa: S311 -- a story, no secret
        self.agenda = Agenda(now)
        self.staffed = offices.found(session, now - timedelta(days=DAYS + 60))
        self.by_municipality = {each.municipality.id: each for each in self.staffed}
        self.stars = Stars(session, self.staffed[0])
        self.turn: dict[int, int] = {}
        self.told: set[int | None] = set()
        #: Held so that the session keeps them: it forgets, and reads again, what nobody else refers to.
        self.known: list[SQLModel] = [each.municipality for each in self.staffed]

    def tell(self) -> None:
        weights = [each.office.weight for each in self.staffed]
        for number in range(GUIDES):
            where = self.random.choices(self.staffed, weights)[0]
            volunteers.plan(self.session, self.agenda, self.random, where, number, self.now)
        for number in range(NEWCOMERS):
            where = self.random.choices(self.staffed, weights)[0]
            self.agenda.at(self._arrival(), partial(self._arrive, where, number))
        for days in RUNS:
            self.agenda.at(self.now - timedelta(days=days), partial(self._match, days))
        for days in followed.RUNS:
            self.agenda.at(self.now - timedelta(days=days), partial(followed.follow_up, self.session))
        self.agenda.at(self.now - timedelta(days=followed.RUNS[0] - 0.5), partial(followed.answer, self.session))
        self.stars.plan(self.agenda)
        self.agenda.play()
        self._talk()
        self._leave()
        offices.introduce(self.session, self.staffed[0], self.now)
        referred.tell(self.session, self.staffed, self.now)
        offices.leave(self.session, self.staffed[0], self.now)
        casework.tell(self.session, self.staffed, self.now)
        casework.register_beside(self.session, self.staffed, self.now)
        accounts = update(Account).where(col(Account.role) == Role.GUIDE)
        self.session.exec(accounts.values(password_hash=password_hash()))

    def _arrival(self) -> datetime:
        """Return when somebody asks: more people lately than long ago."""
        return self.now - timedelta(days=0.1 + (DAYS - 20) * self.random.random() ** 2.2)

    def _arrive(self, where: Staffed, number: int, when: datetime) -> None:
        answers, locale = people.newcomer(self.random, where.office, number)
        if number % _ONE_OFF == 4:
            answers = people.once(answers, local_date(when))
        if number % 6 == 0:
            account = where.referrers[(0, 1, 0, 2, 0, 3)[number // 6 % 6] % len(where.referrers)]
            reference = f"{self.random.randint(30, 39)}.{number:03d}/{when:%y}"
            referrals.refer(
                self.session, answers, people.consent("referral", locale), account, when, reference=reference
            )
        else:
            requests.receive(self.session, answers, people.consent("request", locale), when)

    def _match(self, days_ago: float, when: datetime) -> None:
        """Let the matcher run, and give each new proposal its fate."""
        if days_ago == RUNS[-1]:
            night.run(self.session, when)
        else:
            suggestion.run(self.session, when)
        query = select(Pairing.id).where(col(Pairing.state).in_((State.SUGGESTED, State.OFFERED)))
        start, possible = fates(days_ago)
        for pairing_id in self.session.exec(query.order_by(col(Pairing.id))).all():
            if pairing_id in self.told or pairing_id in self.stars.pairings:
                continue
            self.told.add(pairing_id)
            turn = self.turn[start] = self.turn.get(start, -1) + 1
            self._plan(pairing_id or 0, possible[turn % len(possible)], when)
        self.known += [row for table in _KNOWN for row in self.session.exec(select(table))]

    def _plan(self, pairing_id: int, fate: Fate, before: datetime) -> None:
        if fate:
            when = fate[0].when(before, self.now)
            self.agenda.at(when, partial(self._step, pairing_id, fate))

    def _step(self, pairing_id: int, fate: Fate, when: datetime) -> None:
        """Take one step; where it is not possible (any more), fate has changed its mind."""
        step, rest = fate[0], fate[1:]
        pairing = self.session.get_one(Pairing, pairing_id)
        if step.action is Action.RELEASE and pairing.state is State.OFFERED:
            self._plan(pairing_id, rest, when)  # released automatically
        elif find(pairing.state, step.action) is not None:
            try:
                with self.session.begin_nested():
                    self._act(pairing, step, when)
            except DomainError:
                return
            if step.action is Action.MEET:
                guide = self._actor(pairing, Side.GUIDE)
                contact.meet_now_and_then(self.agenda, self.session, pairing_id, guide, when)
            self._plan(pairing_id, rest, when)

    def _act(self, pairing: Pairing, step: Step, when: datetime) -> None:
        if step.action is Action.EXPIRE:
            followup.expire(self.session, pairing, when)
        else:
            actor = self._actor(pairing, step.side)
            pairings.act(self.session, pairing.id or 0, step.action, actor, when, reason=step.reason)

    def _actor(self, pairing: Pairing, side: Side) -> Actor:
        if side is Side.OFFICE:
            return actor_of(self.by_municipality[pairing.municipality_id].staff[pairing.id % 2 if pairing.id else 0])
        person = pairings.person_of(self.session, pairing, side)
        account = self.session.exec(select(Account).where(Account.person_id == person.id)).one()
        return actor_of(account)

    def _talk(self) -> None:
        """The offices have dealt with what was due long ago, but for one matter in five."""
        query = select(Task).where(col(Task.kind).in_(_TALKED_ABOUT), col(Task.closed_at).is_(None))
        today = local_date(self.now)
        for number, task in enumerate(self.session.exec(query.order_by(col(Task.id))).all()):
            if task.due_on < today - timedelta(days=4) and number % 5:
                staff = actor_of(self.by_municipality[task.municipality_id].staff[number % 2])
                outcome = ("talked", "talked", "referred_on")[number % 3]
                when = datetime.combine(task.due_on, time(10, tzinfo=BERLIN))
                consent = people.consent("counselling", "de") if outcome == "referred_on" and task.request_id else None
                outcome = outcome if consent or outcome != "referred_on" else "talked"
                handovers.close(self.session, task.id or 0, staff, when, outcome=outcome, consent=consent)

    def _leave(self) -> None:
        """Some who waited long need no guide any more."""
        query = select(Request).where(Request.state == RequestState.OPEN, Request.live == 0)
        long_ago = self.now - timedelta(days=40)
        query = query.where(col(Request.waiting_since) < long_ago).order_by(col(Request.id))
        for number, request in enumerate(self.session.exec(query).all()):
            if number % 3:
                staff = self.by_municipality[request.municipality_id].staff[1]
                when = self.now - timedelta(days=1 + number % 20)
                requests.close(self.session, request.id or 0, actor_of(staff), when, reason="moved")


def _deliver(session: Session, now: datetime) -> None:
    """Count yesterday's mails as sent, but for one whose address does not exist; today's are still to go out."""
    midnight = now.astimezone(BERLIN).replace(hour=0, minute=0, second=0, microsecond=0)
    dead = select(Mail).where(col(Mail.created_at) < midnight, Mail.template == "offer")
    for mail in session.exec(dead.order_by(col(Mail.id).desc()).limit(1)):
        mail.state, mail.holder = MailState.SENDING, "demo"
        session.add(mail)
        session.flush()
        outbox.bury(session, mail, "demo", "550 5.1.1", mail.created_at + timedelta(minutes=1))
    old = update(Mail).where(col(Mail.created_at) < midnight, col(Mail.state) == MailState.QUEUED)
    session.exec(old.values(state=MailState.SENT, sent_at=col(Mail.created_at), attempts=1, secret=None))
