"""The main job in the browser: from "I need a guide" to a trial, and from silence to a hand-over."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlmodel import select

from lotsen.models import Account, Event, Guide, Municipality, Pairing, Person, Request, Task
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import State
from lotsen.rules.vocabulary import Role
from tests import factories as make
from tests.browser.conftest import PHONE, Live, check_page

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture
def town(live: Live) -> dict[str, Any]:
    """Celle with its office, a coordinator and two guides who speak Arabic; offers go out by themselves."""
    with live.app.app_context(), live.database.transaction() as session:
        office = make.municipality(session, settings_changes={"release": "automatic"})
        coordinator = make.account(session, Role.COORDINATOR, office, name="Kim Office", email="kim@office.example")
        guides = []
        for name in ("Gerda", "Hinnerk"):
            guide = make.guide(session, office, about={"first_name": name, "email": f"{name.lower()}@example.org"})
            person = session.get_one(Person, guide.person_id)
            make.account(session, Role.GUIDE, person=person, email=person.email)
            guides.append(guide)
    return {"office": office, "coordinator": coordinator, "guides": guides}


def run_job(live: Live, name: str) -> dict[str, Any]:
    """Run a job as the administrator does, by the command."""
    result = live.app.test_cli_runner().invoke(args=["jobs", "once", name])
    assert result.exit_code == 0, result.output
    outcome: dict[str, Any] = json.loads(result.stdout)
    return outcome


def press(page: Page) -> None:
    """Press the page's one primary button."""
    page.click("main button.kern-btn--primary, main a.kern-btn--primary")


def ask_in_arabic(visit: Callable[..., Page], contact: str) -> str:
    """Ask for a guide on a phone, in Arabic and without JavaScript; return the status code."""
    page = visit("/request?lang=ar", size=PHONE, javascript=False)
    assert page.locator("html").get_attribute("dir") == "rtl"
    press(page)
    page.check("input[name=common][value=ar]")
    page.check("input[name=common][value=de]")
    press(page)
    page.check("input[name=level_ar][value=C2]")
    page.check("input[name=level_de][value=A2]")
    press(page)
    page.fill("input[name=postcode]", "٢٩٢٢١")
    press(page)
    press(page)  # the suggested office is right
    page.check("input[name=topics][value=authorities]")
    press(page)
    page.check("input[name=slots][value=mon-evening]")
    press(page)
    page.check("input[name=household][value=alone]")
    press(page)
    page.check("input[name=guide_gender] >> nth=0")
    press(page)
    page.fill("input[name=first_name]", "أمل")
    press(page)
    page.check("input[name=gender][value=f]")
    press(page)
    page.fill("input[name=contact]", contact)
    press(page)
    page.check("input[name=agree]")
    press(page)
    found = CODE.search(page.inner_text("main"))
    assert found is not None
    return found.group()


def sign_in(visit: Callable[..., Page], email: str) -> Page:
    """Sign in by address and password, in German."""
    page = visit("/login?lang=de")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", make.PASSWORD)
    press(page)
    return page


def pairing_of(live: Live, state: State) -> tuple[Pairing, str]:
    """Return the one pairing in `state` and its guide's address."""
    with live.database.reading() as session:
        pairing = session.exec(select(Pairing).where(Pairing.state == state)).one()
        guide = session.get_one(Guide, pairing.guide_id)
        address = session.get_one(Person, guide.person_id).email
        assert address is not None
        return pairing, address


def age(live: Live, days: int) -> None:
    """Let time pass for every open pairing: a job acts on what is due in the data."""
    with live.database.transaction() as session:
        for pairing in session.exec(select(Pairing)):
            pairing.state_since -= timedelta(days=days)
            session.add(pairing)


def test_from_i_need_a_guide_to_the_trial(live, town, visit):
    code = ask_in_arabic(visit, "amal@example.org")
    run_job(live, "match")
    offer, guides_address = pairing_of(live, State.OFFERED)
    run_job(live, "deliver")
    assert len(live.inbox.to("amal@example.org")) == 1
    assert len(live.inbox.to(guides_address)) == 1
    assert code in live.inbox.to("amal@example.org")[0].get_body(("plain",)).get_content()

    guide = sign_in(visit, guides_address)
    assert "أمل" not in guide.content()  # what is needed to decide, never who
    guide.click(f"form[action*='/{offer.id}/accept'] button")
    assert pairing_of(live, State.ACCEPTED)[0].id == offer.id
    run_job(live, "deliver")

    newcomer = visit("/status?lang=ar", size=PHONE, javascript=False)
    newcomer.fill("input[name=code]", code.lower().replace("-", " "))
    press(newcomer)
    newcomer.click(f"form[action*='/{offer.id}/agree'] button")
    assert pairing_of(live, State.AGREED)[0].id == offer.id

    office = sign_in(visit, "kim@office.example")
    office.click(f"main a[href*='/office/pairings/{offer.id}'] >> nth=0")
    check_page(office)
    office.click("form[action*='/approve'] button")
    assert pairing_of(live, State.APPROVED)[0].id == offer.id
    run_job(live, "deliver")

    guide.goto(live.url + "/guide/")
    assert "أمل" in guide.content()
    guide.click(f"form[action*='/{offer.id}/meet'] button")
    trial, _address = pairing_of(live, State.TRIAL)
    assert trial.trial_until is not None
    run_job(live, "deliver")
    run_job(live, "deliver")
    newcomer.goto(live.url + "/status")
    check_once(live)
    with live.database.reading() as session:
        steps = session.exec(select(Event.what).where(Event.pairing_id == offer.id).order_by(Event.id)).all()
    assert list(steps) == ["suggest", "release", "accept", "agree", "approve", "meet"]


def check_once(live: Live) -> None:
    """Every mail arrived once, and none names somebody else's last name, number or address."""
    ids = [mail["Message-ID"] for mail in live.inbox.mails]
    assert len(ids) == len(set(ids))
    for mail in live.inbox.mails:
        own = str(mail["To"])
        for address in ("gerda@example.org", "hinnerk@example.org", "amal@example.org"):
            assert address in own or address not in mail.as_string()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_answers_and_the_office_receives_the_hand_over(live, town, visit):
    ask_in_arabic(visit, "0151 23456789")
    run_job(live, "match")
    first, first_address = pairing_of(live, State.OFFERED)
    age(live, 4)
    run_job(live, "remind")
    run_job(live, "deliver")
    assert len(live.inbox.to(first_address)) == 2  # the offer and one reminder
    age(live, 4)
    run_job(live, "expire")
    run_job(live, "next")
    second, second_address = pairing_of(live, State.OFFERED)
    assert second_address != first_address
    age(live, 8)
    run_job(live, "expire")
    run_job(live, "next")
    with live.database.reading() as session:
        task = session.exec(select(Task)).one()
        assert task.kind == Matter.NOBODY_LEFT
        assert session.exec(select(Request)).one().live == 0
        assert {session.get_one(Pairing, number).state for number in (first.id, second.id)} == {State.EXPIRED}

    office = sign_in(visit, "kim@office.example")
    check_page(office)
    office.click(f"main a[href*='/office/tasks/{task.id}'] >> nth=0")
    check_page(office)
    assert "أمل" in office.content()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_somebody_without_an_account_answers_through_the_office(live, town, visit):
    ask_in_arabic(visit, "")
    run_job(live, "match")
    offer, guides_address = pairing_of(live, State.OFFERED)
    guide = sign_in(visit, guides_address)
    guide.click(f"form[action*='/{offer.id}/accept'] button")
    with live.database.reading() as session:
        assert session.exec(select(Task)).one().kind == Matter.ASK_NEWCOMER
        assert session.exec(select(Account).where(Account.role == Role.NEWCOMER)).one().email is None
        assert session.exec(select(Municipality)).one().id == town["office"].id
    office = sign_in(visit, "kim@office.example")
    office.goto(f"{live.url}/office/pairings/{offer.id}")
    office.click("form[action*='/agree'] button")
    assert pairing_of(live, State.AGREED)[0].id == offer.id
