"""The nine municipalities of Lower Saxony's pilot of 2014, with made-up offices, staff and referrers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, select

from lotsen.demo.logins import account, address
from lotsen.models import Account, Municipality, Neighbour, Referrer, Task, Territory
from lotsen.rules.calendar import local_date
from lotsen.rules.vocabulary import ReferrerKind, Role
from lotsen.services import absences, appearance, settings
from lotsen.services.actor import actor_of


@dataclass(frozen=True, slots=True)
class Office:
    """One municipality: official code, name, territory (AGS prefixes), how much of the demo's people it gets."""

    code: str
    name: str
    prefixes: tuple[str, ...]
    street: str
    weight: int
    settings: dict[str, Any]


AUTOMATIC: Final = {"release": "automatic"}
#: Göttingen's postal codes still carry the codes of the two districts that merged (`data/SOURCES.md`).
OFFICES: Final = (
    Office("03351006", "Celle", ("03351006",), "Am Markt 1, 29221 Celle", 8, {}),
    Office("03403", "Oldenburg", ("03403",), "Schlossplatz 2, 26122 Oldenburg", 4, AUTOMATIC),
    Office("03103", "Wolfsburg", ("03103",), "Porschestraße 3, 38440 Wolfsburg", 4, {}),
    Office("03454", "Emsland", ("03454",), "Ordeniederung 4, 49716 Meppen", 3, {"default_radius_km": 25}),
    Office("03252", "Hameln-Pyrmont", ("03252",), "Süntelstraße 5, 31785 Hameln", 3, {}),
    Office("03353", "Harburg", ("03353",), "Schlossplatz 6, 21423 Winsen (Luhe)", 3, {"default_radius_km": 20}),
    Office("03459", "Osnabrück", ("03459",), "Am Schölerberg 7, 49082 Osnabrück", 3, AUTOMATIC | {"trial_days": 42}),
    Office("03356", "Osterholz", ("03356",), "Osterholzer Straße 8, 27711 Osterholz-Scharmbeck", 2, {}),
    Office("03159", "Göttingen", ("03159", "03152", "03156"), "Reinhäuser Landstraße 9, 37083 Göttingen", 4, {}),
)
#: Both offices agreed to pair across the border; Harburg's offer to Osterholz is still unanswered.
AGREED: Final = (("03351006", "03103"), ("03454", "03459"))
OFFERED: Final = (("03353", "03356"),)

OWN_WORDS: Final = {
    "de": {"opening": "", "closing": "Kommen Sie gern vorbei: donnerstags ist bei uns offenes Café.", "hours": ""},
    "ar": {
        "opening": "",
        "closing": "أهلا بكم عندنا: المقهى مفتوح كل يوم خميس.",
        "hours": "الاثنين–الخميس 9–12 و14–16، الجمعة 9–12",
    },
}
STAFF: Final = ("Sabine Reuter", "Jan Petersen", "Meryem Aydın", "Henrike Wolters", "Thomas Brandes", "Olga Schmidt")
REFERRERS: Final = (
    (ReferrerKind.IMMIGRATION_OFFICE, "Ausländerbehörde"),
    (ReferrerKind.JOB_CENTRE, "Jobcenter"),
    (ReferrerKind.COURSE, "Volkshochschule"),
    (ReferrerKind.SCHOOL, "Berufsbildende Schulen"),
)
#: So many offices have a referrer of every kind; the others an immigration office and a job centre.
MANY: Final = 4


@dataclass(frozen=True, slots=True)
class Staffed:
    """An office with its staff (the lead first) and the accounts of those who refer people to it."""

    office: Office
    municipality: Municipality
    staff: tuple[Account, Account]
    referrers: tuple[Account, ...]


def found(session: Session, now: datetime) -> list[Staffed]:
    """Add offices, territories, neighbours, staff and referrers."""
    staffed = [_open(session, office, number, now) for number, office in enumerate(OFFICES)]
    ids = {each.office.code: each.municipality.id or 0 for each in staffed}
    borders = {*AGREED, *((there, here) for here, there in AGREED), *OFFERED}
    session.add_all(Neighbour(municipality_id=ids[a], neighbour_id=ids[b]) for a, b in sorted(borders))
    account(session, Role.EVALUATOR, now, address("evaluator"), name="Land Niedersachsen")
    account(session, Role.REVIEWER, now, address("reviewer"), name="Layla Haddad", reads=["ar"])
    account(session, Role.ADMIN, now, address("admin"), name="IT")
    return staffed


def _open(session: Session, office: Office, number: int, now: datetime) -> Staffed:
    first = number == 0
    suffix = "" if first else f".{office.code}"
    municipality = Municipality(
        code=office.code,
        name=office.name,
        office_name=f"Koordinierungsstelle Migration und Teilhabe {office.name}",
        office_email=address(f"office.{office.code}"),
        office_phone=f"030 23125 10{number}",  # numbers kept free for stories by the Federal Network Agency
        office_address=office.street,
        office_hours="Mo–Do 9–12, 14–16 Uhr, Fr 9–12 Uhr",
        demo=True,
        settings_changes=office.settings,
    )
    session.add(municipality)
    session.flush()
    session.add_all(Territory(prefix=prefix, municipality_id=municipality.id or 0) for prefix in office.prefixes)
    lead, colleague = (STAFF[(2 * number + which) % len(STAFF)] for which in (0, 1))
    place = {"municipality_id": municipality.id}
    staff = (
        account(session, Role.COORDINATOR, now, address(f"lead{suffix}"), name=lead, is_lead=True, **place),
        account(session, Role.COORDINATOR, now, address(f"coordinator{suffix}"), name=colleague, **place),
    )
    if first:
        account(session, Role.COORDINATOR, now, address("coordinator2"), name=STAFF[2], **place)
    referrers = []
    for which, (kind, name) in enumerate(REFERRERS[: 4 if number < MANY else 2]):
        organisation = Referrer(municipality_id=municipality.id or 0, kind=kind, name=f"{name} {office.name}")
        session.add(organisation)
        session.flush()
        login = address(f"referrer{which + 1 if which else ''}{suffix}")
        referrers.append(
            account(session, Role.REFERRER, now, login, name=organisation.name, referrer_id=organisation.id, **place)
        )
    return Staffed(office, municipality, staff, tuple(referrers))


def introduce(session: Session, first: Staffed, now: datetime) -> None:
    """The first office's lead has written a few words for mails and letters, and asks for answers sooner."""
    lead, office = first.staff[0], first.municipality
    for locale, words in OWN_WORDS.items():
        saw = appearance.texts_mark(office, locale)
        appearance.save_texts(session, lead, office.id or 0, locale, words, saw, now - timedelta(days=20))
    days = {"answer_days": 5}
    saw = settings.state(office.settings, days)
    settings.save(session, lead, office.id or 0, days, saw, now - timedelta(days=6))


def leave(session: Session, first: Staffed, now: datetime) -> None:
    """Somebody of the first office is away this week, and the second colleague stands in."""
    today = local_date(now)
    away = session.exec(select(Account).where(Account.email == address("coordinator2"))).one()
    days = today - timedelta(days=2), today + timedelta(days=9)
    absences.announce(session, actor_of(away), away.id or 0, first.staff[1].id or 0, *days, today)
    query = select(Task).where(
        Task.municipality_id == first.municipality.id, col(Task.closed_at).is_(None), col(Task.assignee_id).is_(None)
    )
    for number, task in enumerate(session.exec(query.order_by(col(Task.id))).all()):
        if number % 3 < 2:
            task.assignee_id = away.id if number % 3 else first.staff[1].id
            session.add(task)
