"""Who is found: by spelling, telephone, e-mail, code and file sign, in one's own municipality alone."""

import pytest
from sqlmodel import select

from lotsen.models import Account, NameKey, Person, Referral
from lotsen.rules.vocabulary import Role
from lotsen.services import erasure, lookup, persons
from lotsen.services.actor import SYSTEM
from tests import factories as make
from tests.queries import counted


def found(session, office, typed: str) -> list[str]:
    return [each.first_name for each in lookup.look_up(session, office.id, typed)]


@pytest.fixture
def office(session):
    office = make.municipality(session)
    for name, values in {
        "Mohammed": {"phone": "+4915123456789"}, "محمد": {}, "Amal": {"email": "a.hadid@example.org"}, "Олена": {},
        "Emil": {},
    }.items():  # fmt: skip
        make.request(session, office, about={"first_name": name} | values)
    make.guide(session, office, about={"first_name": "Jürgen", "last_name": "Müller"})
    return office


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Muhamad", ["محمد", "Mohammed"]), ("amal", ["Amal", "Emil"]), ("Ama", ["Amal"]), ("Olena", ["Олена"]),
        ("Mueller", ["Jürgen"]), ("Jurgen Muler", ["Jürgen"]), ("Mohmammed", ["Mohammed", "محمد"]),
        ("0151 2345 6789", ["Mohammed"]), ("+49 151 23456789", ["Mohammed"]), ("٠١٥١٢٣٤٥٦", ["Mohammed"]),
        ("A.Hadid@example.org", ["Amal"]), ("a.hadid@", ["Amal"]), ("%", []), ("_____", []), ("Zzyx", []),
        ("98765", []),
    ],
)  # fmt: skip
def test_people_are_found_the_best_first(session, office, typed, names):
    assert sorted(found(session, office, typed)) == sorted(names)
    assert found(session, office, typed)[:1] == names[:1]


def test_a_status_code_and_a_referrers_file_sign_lead_to_their_person(session, office, now):
    request = make.request(session, office, about={"first_name": "Lea"})
    person = session.get_one(Person, request.person_id)
    make.account(session, Role.NEWCOMER, person=person, code="7K2M-PQ4T-9WXY", email=None)
    consent = persons.give_consent(session, person, persons.ConsentGiven("referral", "1", "x", "de"), now)
    session.add(Referral(
        referrer_id=make.referrer(session, office).id, request_id=request.id, consent_id=consent.id, referred_at=now,
        reference="33.104/26",
    ))  # fmt: skip
    session.flush()
    assert session.exec(select(Account.code_digest)).one()
    assert found(session, office, "7k2m pq4t 9wxy") == ["Lea"]
    assert found(session, office, "33.104/26") == ["Lea"]


def test_nobody_of_another_municipality_is_found_by_anything(session, office):
    emden = make.municipality(session, "03402000", "Emden")
    make.request(session, emden, about={"first_name": "Amal", "phone": "+4915199999999", "email": "x@example.net"})
    for typed in ("0151 99999999", "x@example.net"):
        assert found(session, office, typed) == []
    assert len(lookup.look_up(session, emden.id, "Amal")) == 1


def test_a_new_name_is_found_and_the_old_one_is_not(session, office):
    person = session.exec(select(Person).where(Person.first_name == "Amal")).one()
    person.first_name = "Svitlana"
    session.add(person)
    session.flush()
    assert found(session, office, "Svetlana") == ["Svitlana"]
    assert "Svitlana" not in found(session, office, "Amal")


def test_an_erased_person_leaves_no_key(session, office, now):
    person = session.exec(select(Person).where(Person.first_name == "Mohammed")).one()
    erasure.erase(session, person.id, SYSTEM, now)
    session.flush()
    assert session.exec(select(NameKey).where(NameKey.person_id == person.id)).all() == []
    assert found(session, office, "Mohammed") == ["محمد"]


def test_it_takes_as_many_queries_for_one_as_for_hundreds(session, office):
    with counted(session.get_bind()) as one:
        found(session, office, "Olena")
    for number in range(60):
        make.request(session, office, about={"first_name": f"Olena{number}"})
    with counted(session.get_bind()) as many:
        assert len(found(session, office, "Olena")) == lookup.SHOWN
    assert len(many) <= len(one)
