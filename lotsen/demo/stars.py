"""The people behind the demo's logins, all in one municipality: each of them sees something as soon as they sign in."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlmodel import Session, select

from lotsen.demo import contact, people, volunteers
from lotsen.demo.logins import address, unlock
from lotsen.demo.offices import Staffed
from lotsen.demo.story import Agenda
from lotsen.models import Account, Guide, Request
from lotsen.rules.answers import GuideAnswers, RequestAnswers
from lotsen.rules.calendar import local_date
from lotsen.rules.pairing import Action, Side
from lotsen.rules.vocabulary import SLOTS, TOPICS, Household
from lotsen.services import guides, requests, suggestion
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM, actor_of

_EVENINGS: Final = [slot for slot in SLOTS if slot.endswith(("afternoon", "evening"))]
_STORY: Final = (
    (Action.RELEASE, Side.OFFICE), (Action.ACCEPT, Side.GUIDE), (Action.AGREE, Side.NEWCOMER),
    (Action.APPROVE, Side.OFFICE), (Action.MEET, Side.GUIDE),
)  # fmt: skip
#: First name, gender, language, topics, login, language of the pages, days ago, and how far it has come since.
NEWCOMERS: Final = (
    ("Oksana", "f", "uk", ("language", "work"), "newcomer2", "de", 24, 5),
    ("Amal", "f", "ar", ("authorities", "housing"), "newcomer", "ar", 2, 2),
    ("Yusuf", "m", "ar", ("authorities", "digital"), "", "ar", 1, 1),
)


class Stars:
    """A guide with an offer and running pairings, and her newcomers."""

    def __init__(self, session: Session, where: Staffed) -> None:
        self.session, self.where = session, where
        self.pairings: set[int | None] = set()

    def plan(self, agenda: Agenda) -> None:
        """Plan the guide's clearance and each newcomer's story."""
        agenda.at(agenda.until - timedelta(days=NEWCOMERS[0][6], hours=1), partial(self._register, agenda))

    def _register(self, agenda: Agenda, when: datetime) -> None:
        answers = GuideAnswers(
            first_name="Greta", last_name="Lindner", phone="+491713920098", gender="f", postcode="29223",
            languages={"de": "C2", "ar": "B2", "uk": "B1", "en": "C1"}, topics=list(TOPICS), slots=_EVENINGS,
            radius_km=15, capacity=1,
        )  # fmt: skip
        guide, account = guides.enrol(self.session, answers, address("guide"), people.consent("volunteer", "de"), when)
        guides.confirm_address(self.session, account.id or 0, when)
        staff = actor_of(self.where.staff[0])
        guides.interview(self.session, guide.id or 0, staff, when, on=local_date(when), note=None)
        volunteers.clear(self.session, guide, staff, 0, agenda.until, when)
        for number in range(len(NEWCOMERS)):
            at = agenda.until - timedelta(days=NEWCOMERS[number][6])
            agenda.at(at, partial(self._ask, agenda, guide, number))

    def _ask(self, agenda: Agenda, guide: Guide, number: int, when: datetime) -> None:
        """Receive a request and suggest the guide, who has just taken on one more place, as the matcher would."""
        first_name, gender, language, topics, login, locale, _days, steps = NEWCOMERS[number]
        answers = RequestAnswers(
            languages={language: "C2", "de": "A2"}, postcode="29221", topics=list(topics), slots=_EVENINGS[:6],
            household=Household.ALONE, first_name=first_name, gender=gender, email=address(login or "yusuf"),
        )  # fmt: skip
        request, _code = requests.receive(self.session, answers, people.consent("request", locale), when)
        if login:
            unlock(self.session, self._account(request.person_id), when, login)
        guides.set_capacity(self.session, guide, number + 1)
        told = suggestion.check(self.session, request, guide, when)
        pairing = pairings.suggest(
            self.session, request, guide, SYSTEM, when, score=told.score, reasons=told.reasons
        )  # fmt: skip
        self.pairings.add(pairing.id)
        for day, (action, side) in enumerate(_STORY[:steps]):
            deed = partial(self._act, pairing.id or 0, guide, request, action, side)
            agenda.at(when + timedelta(days=day, hours=2), deed)
        if steps == len(_STORY):
            people_ = (actor_of(self._account(person)) for person in (guide.person_id, request.person_id))
            contact.plan(agenda, self.session, pairing.id or 0, *people_)

    def _act(self, pairing_id: int, guide: Guide, request: Request, action: Action, side: Side, when: datetime) -> None:
        person = {Side.GUIDE: guide.person_id, Side.NEWCOMER: request.person_id}.get(side)
        account = self._account(person) if person else self.where.staff[0]
        pairings.act(self.session, pairing_id, action, actor_of(account), when)

    def _account(self, person_id: int) -> Account:
        return self.session.exec(select(Account).where(Account.person_id == person_id)).one()
