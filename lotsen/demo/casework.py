"""What the offices note down about people, a guide without e-mail, and two who move to another municipality."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from lotsen.demo import people
from lotsen.demo.logins import address
from lotsen.demo.offices import Staffed
from lotsen.models import Account, Guide, Person, Request
from lotsen.rules.answers import GuideAnswers
from lotsen.rules.vocabulary import RequestState
from lotsen.services import beside, moves, notes
from lotsen.services.actor import actor_of
from lotsen.web import consents

#: About whom of those behind the demo's logins, by which colleague, how many days ago, what.
_NOTES: Final = (
    ("newcomer2", 1, 12, "Ruft am liebsten vormittags an. Kommt mit dem Bus, bitte Treffen in der Innenstadt."),
    ("newcomer", 0, 1, "War heute mit ihrer Schwester hier; sie übersetzt gern."),
    ("guide", 0, 20, "Sehr angenehmes Gespräch. Möchte im Sommer eine Pause machen."),
)


def tell(session: Session, staffed: list[Staffed], now: datetime) -> None:
    """Note something down about those who are looked at first; let somebody move here, and somebody away."""
    here, there = staffed[0], staffed[1]
    for login, colleague, days, text in _NOTES:
        person = session.exec(select(Account.person_id).where(Account.email == address(login))).first()
        if person is not None:
            notes.write(session, person, actor_of(here.staff[colleague]), now - timedelta(days=days), text)
    for days, leaves, takes, word in (
        (2, there, here, "Die Wohnung ist ab dem Ersten gemietet. Bitte vor dem Umzug anrufen."),
        (1, here, there, "Zieht zur Familie; die Kinder wechseln die Schule."),
    ):
        person, postcode = _waiting(session, leaves), _postcode(session, takes)
        if person is not None and postcode is not None:
            moves.propose(
                session, person, actor_of(leaves.staff[0]), now - timedelta(days=days),
                to_id=takes.municipality.id or 0, postcode=postcode, keeps_pairings=True,
                consent=people.consent(moves.CONSENT, "de"), word=word,
            )  # fmt: skip


def register_beside(session: Session, staffed: list[Staffed], now: datetime) -> None:
    """Let a guide without e-mail register at the desk of the office that is looked at first."""
    here = staffed[0]
    answers = GuideAnswers(
        first_name="Hinrich", last_name="Ahlers", phone="+4951417395", postcode=_postcode(session, here) or "29221",
        municipality_id=here.municipality.id, languages={"de": "C2", "en": "B1"}, topics=["authorities", "mobility"],
        slots=["tue-morning", "thu-morning"], radius_km=10, capacity=1,
    )  # fmt: skip
    beside.register(
        session, answers, people.consent("volunteer", "de"), actor_of(here.staff[0]), now - timedelta(days=1),
        confidentiality=consents.confidentiality("de"),
    )  # fmt: skip


def _waiting(session: Session, where: Staffed) -> int | None:
    """Somebody who has asked lately, and for whom nobody is asked yet."""
    query = select(Request.person_id).where(Request.municipality_id == where.municipality.id, Request.live == 0)
    query = query.where(Request.state == RequestState.OPEN).order_by(col(Request.waiting_since).desc(), col(Request.id))
    return session.exec(query.limit(1)).first()


def _postcode(session: Session, where: Staffed) -> str | None:
    query = select(Person.postcode).join(Guide).where(Person.municipality_id == where.municipality.id)
    return session.exec(query.order_by(col(Person.id)).limit(1)).first()
