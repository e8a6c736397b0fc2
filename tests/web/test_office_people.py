"""The coordination office's pages: newcomers, registering beside the desk, and that other offices see nothing."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select
from werkzeug.routing.converters import IntegerConverter

from lotsen import clock
from lotsen.models import Consent, Guide, Municipality, Pairing, Person, Request
from lotsen.rules.calendar import local_date
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import Side, State
from lotsen.rules.vocabulary import RequestKind, RequestState, Role, Takes
from lotsen.services import match_runs, tasks
from lotsen.services.actor import Actor
from tests import factories as make
from tests.web.offices import Desk

NEWCOMER = {
    "first_name": "ليلى",
    "postcode": "٢٩٢٢١",
    "languages-0-language": "ar",
    "languages-0-level": "C2",
    "topics": ["housing"],
    "slots": ["mon-evening"],
    "household": "alone",
    "guide_gender": "any",
    "phone": "0171 3920099",
    "locale": "ar",
    "consent": "y",
}


@pytest.fixture
def desk(app, client):
    return Desk(app, client)


def test_a_newcomers_page_shows_who_fits_why_and_why_others_do_not(desk, client):
    with desk.writing() as session:
        office = session.get_one(Municipality, desk.office_id)
        make.guide(session, office, about={"first_name": "Ferne", "latitude": 53.5}, radius_km=1.0)
    page = client.get(f"/office/requests/{desk.request.id}").text
    assert re.search(r"<strong>\d+%</strong>", page)
    assert "Both speak Arabic, at least at B2" in page
    assert "too far away" in page
    assert "Ferne" in page


def test_pairing_by_hand_needs_a_reason_and_asks_the_guide_at_once(desk, client):
    home = f"/office/requests/{desk.request.id}"
    client.get(home)
    wrong = client.post(f"{home}/choose", data={"choose-guide": str(desk.guide.id), "choose-because": " "})
    assert wrong.status_code == 422
    assert f'<option selected value="{desk.guide.id}"' in wrong.text
    right = {"choose-guide": str(desk.guide.id), "choose-because": "Nachbarn", "choose-release": "y"}
    assert client.post(f"{home}/choose", data=right).status_code == 302
    with desk.writing() as session:
        pairing = session.exec(select(Pairing)).one()
        assert (pairing.state, pairing.chosen_because) == (State.OFFERED, "Nachbarn")
    assert "Nachbarn" in client.get(f"/office/pairings/{pairing.id}").text


def test_a_lost_code_is_replaced_and_the_new_one_shown_until_it_is_handed_over(desk, client, app):
    with desk.writing() as session:
        make.account(session, Role.NEWCOMER, person=session.get_one(Person, desk.request.person_id))
    home = f"/office/requests/{desk.request.id}"
    client.get(home)
    answer = client.post(f"{home}/code")
    shown = client.get(answer.location)
    code = re.search(r'<strong class="leaflet__code" dir="ltr">([0-9A-Z-]+)</strong>', shown.text)[1]
    client.post(f"{home}/code/done")
    assert client.get(answer.location).status_code == 302
    stranger = app.test_client()
    stranger.get("/status")
    assert stranger.post("/status", data={"code": code}).status_code == 302


def test_a_request_is_closed_with_a_reason(desk, client):
    home = f"/office/requests/{desk.request.id}"
    client.get(home)
    assert client.post(f"{home}/close", data={"close-reason": "boredom"}).status_code == 422
    assert client.post(f"{home}/close", data={"close-reason": "moved"}).status_code == 302
    with desk.writing() as session:
        assert session.get_one(Request, desk.request.id).state is RequestState.CLOSED


def test_somebody_beside_the_desk_is_registered_with_consent_and_a_code(desk, client):
    client.get("/office/requests/new")
    answer = client.post("/office/requests/new", data=NEWCOMER)
    assert answer.status_code == 302, answer.text
    page = client.get(answer.location).text
    assert "ليلى" in page
    with desk.writing() as session:
        person = session.exec(select(Person).where(Person.first_name == "ليلى")).one()
        consent = session.exec(select(Consent)).one()
        assert (person.postcode, person.phone, person.email, person.locale) == ("29221", "+491713920099", None, "ar")
        assert (consent.person_id, consent.locale) == (person.id, "ar")
        assert consent.text


def test_without_consent_nothing_is_stored_and_what_was_typed_stays(desk, client):
    client.get("/office/requests/new")
    answer = client.post("/office/requests/new", data={**NEWCOMER, "consent": "", "postcode": "1"})
    assert answer.status_code == 422
    assert "ليلى" in answer.text
    assert "five digits" in answer.text
    assert re.search(r'value="housing"[^>]*checked|checked[^>]*value="housing"', answer.text)
    with desk.writing() as session:
        assert session.exec(select(Person).where(Person.first_name == "ليلى")).first() is None


def test_another_offices_staff_find_none_of_it_at_any_address(desk, client, app, now):
    pairing = desk.pair(State.AGREED)
    with desk.writing() as session:
        task = tasks.hand_over(session, Matter.APPROVE, session.get_one(Pairing, pairing), now).id
        oldenburg = make.municipality(session, "03403000", "Oldenburg")
        make.account(session, Role.COORDINATOR, oldenburg, email="eva@example.org", name="Eva")
        office = session.get_one(Pairing, pairing).municipality_id
        run = match_runs.queue(session, Actor(Side.OFFICE, municipality_id=office), now).id
    client.sign_in("eva@example.org", make.PASSWORD)
    numbers = {
        "request_id": desk.request.id,
        "guide_id": desk.guide.id,
        "pairing_id": pairing,
        "task_id": task,
        "run_id": run,
        "certificate_id": 1,
        "note_id": 1,
        "absence_id": 1,
        "batch_id": 1,
        "move_id": 1,
        "municipality_id": desk.office_id,
        "kind": "html",
        "person_id": desk.request.person_id,
        "what": "erase",
    }
    walked = 0
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("office."):
            continue
        whole = {name for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)}
        values = {name: numbers.get(name, 1 if name in whole else "approve") for name in rule.arguments}
        address = rule.build(values)[1]
        for method in sorted(rule.methods & {"GET", "POST"}):
            client.get("/office/help")
            answer = client.open(address, method=method)
            walked += 1
            if values and rule.endpoint != "office.proof_of_use_paper":  # one's own, as a page or as PDF
                assert answer.status_code == 404, (method, address)
            for secret in ("Amal", "Jürgen", "Lindqvist"):
                assert secret not in answer.text, address
    assert walked > 20
    assert desk.state(pairing) is State.AGREED


def test_a_number_that_no_row_has_is_not_found(desk, client):
    for number in (0, 2**31, 10**30):
        assert client.get(f"/office/requests/{number}").status_code == 404


def test_signed_out_and_other_roles_do_not_get_in(desk, app, client):
    assert app.test_client().get("/office/").status_code == 302
    with desk.writing() as session:
        person = session.get_one(Person, desk.guide.person_id)
        make.account(session, Role.GUIDE, person=person, email="juergen@example.org")
    client.sign_in("juergen@example.org", make.PASSWORD)
    assert client.get("/office/").status_code == 404


def test_new_days_for_an_appointment_are_noted_and_wrong_ones_kept(desk, client):
    home, today = f"/office/requests/{desk.request.id}", local_date(clock.now())
    client.get(home)
    once = {"length-kind": "one_off", "length-wanted_from": "", "length-wanted_until": "2020-01-01"}
    wrong = client.post(f"{home}/length", data=once)
    assert wrong.status_code == 422
    assert "This day is over" in wrong.text
    assert 'value="2020-01-01"' in wrong.text
    later = today + timedelta(days=8)
    client.post(f"{home}/length", data=once | {"length-wanted_until": later.isoformat()})
    with desk.writing() as session:
        stored = session.get_one(Request, desk.request.id)
        assert (stored.kind, stored.wanted_until) == (RequestKind.ONE_OFF, later)
    assert "For one appointment, until" in client.get(home).text
    assert "New length or days" in client.get(home).text


def test_which_requests_a_guide_takes_is_shown_and_changed(desk, client):
    home = f"/office/guides/{desk.guide.id}"
    client.get(home)
    assert client.post(f"{home}/takes", data={"takes-takes": "one_off"}).location == home
    with desk.writing() as session:
        assert session.get_one(Guide, desk.guide.id).takes is Takes.ONE_OFF
    assert "<dd>Only single appointments</dd>" in client.get(home).text
    assert client.post(f"{home}/takes", data={"takes-takes": "anything"}).status_code == 422
