"""How an office shows itself: contact, logo and own words, entered by its lead, read in mails, letters and pages."""

from io import BytesIO

import pytest
from PIL import Image
from sqlmodel import select

from lotsen import mail_samples, mailer
from lotsen.models import Account, Event, Municipality, OfficeLogo
from lotsen.rules.errors import Conflict
from lotsen.services import appearance
from tests import factories as make
from tests.web.offices import Desk

WORDS = {"opening": "Schön, dass Sie da sind!", "closing": "Mehr: https://www.celle.de/lotsen", "hours": ""}


@pytest.fixture
def desk(app, client):
    desk = Desk(app, client)
    with desk.writing() as session:
        session.get_one(Account, desk.kim.id).is_lead = True
        session.get_one(Municipality, desk.office_id).website = "https://www.celle.de"
    return desk


def seen(page: str) -> str:
    return page.partition('name="seen" type="hidden" value="')[2].partition('"')[0]


def test_contact_is_checked_kept_and_written_down(desk, client):
    address = f"/settings/{desk.office_id}/contact"
    sent = {
        "seen": seen(client.get(address).text), "office_name": "Büro Celle", "office_email": "Neu@Celle.example",
        "office_phone": "05141 12-1234", "office_address": "Am Markt 1", "office_hours": "Mo 9–12 Uhr",
        "website": "www.celle.de",
    }  # fmt: skip
    for name, typed, said in [
        ("office_email", "neu", "not a complete e-mail address"), ("office_phone", "12", "not a complete telephone"),
        ("website", "https://me@celle.de", "not the address of a site"), ("office_name", "", "fill this in"),
    ]:  # fmt: skip
        wrong = client.post(address, data={**sent, name: typed})
        assert (wrong.status_code, said in wrong.text, f'value="{typed}"' in wrong.text) == (422, True, True), name
    assert client.post(address, data=sent).status_code == 302
    with desk.writing() as session:
        office = session.get_one(Municipality, desk.office_id)
        assert (office.office_phone, office.office_email) == ("05141 12-1234", "Neu@celle.example")
        office.texts = {"closing": {"de": "Mehr auf celle.de"}}
    page = client.get(f"/settings/{desk.office_id}/").text
    assert "Opening hours: – → Mo 9–12 Uhr" in page
    late = client.post(address, data={**sent, "office_name": "Zu spät"})
    assert (late.status_code, "Somebody was faster" in late.text, 'value="Zu spät"' in late.text) == (422, True, True)
    moved = client.post(address, data={**sent, "seen": seen(late.text), "website": "https://anders.example"})
    assert (moved.status_code, "lead to the old site" in moved.text) == (422, True)


def test_own_words_are_seen_in_mail_and_letter_before_they_count(app, desk, client):
    address = f"/settings/{desk.office_id}/texts/de"
    assert "nothing of your own" in client.get(f"/settings/{desk.office_id}/texts").text
    sent = {**WORDS, "seen": seen(client.get(address).text)}
    for kind, typed, said in [
        ("opening", "<b>Hallo</b>", "leave out &lt; and &gt;"),
        ("closing", "evil.example", "municipality’s site alone"),
        ("hours", "x" * 201, "This is too long."),
    ]:  # fmt: skip
        wrong = client.post(address, data={**sent, kind: typed})
        assert (wrong.status_code, said in wrong.text) == (422, True), kind
        assert client.post(f"{address}/save", data={**sent, kind: typed}).status_code == 422
    tried = client.post(address, data=sent).text
    assert tried.count(WORDS["opening"]) > 1
    assert "Freundliche Grüße" in tried
    letter = client.post(f"{address}/letter", data=sent).text
    assert WORDS["opening"] in letter
    client.get(address)
    with desk.writing() as session:
        assert session.get_one(Municipality, desk.office_id).texts == {}
    assert client.post(f"{address}/save", data=sent).status_code == 302
    assert client.post(f"{address}/save", data={**sent, "hours": "Immer"}).status_code == 409
    with desk.writing() as session:
        office = session.get_one(Municipality, desk.office_id)
        assert office.texts["opening"] == {"de": WORDS["opening"]}
        office.texts = {**office.texts, "opening": {**office.texts["opening"], "ar": "أهلا بكم"}}
        office.office_hours = "Mo 9–12 Uhr"
        session.flush()
        session.expunge(office)
    assert office.said("opening", "ar") == ("أهلا بكم", "ar")
    assert [office.said("opening", each) for each in ("de-simple", "fr")] == [(WORDS["opening"], "de")] * 2
    mail = mailer.build(app, mail_samples.letter("offer", "ar", office=office), make.SPRING)
    assert '<p lang="ar" dir="auto">أهلا بكم</p>' in mail_samples.part(mail, "html")
    assert '<p lang="de" dir="auto">Mehr: https://www.celle.de/lotsen</p>' in mail_samples.part(mail, "html")
    assert "Mo 9–12 Uhr" in mail_samples.part(mail, "plain")


def test_a_logo_is_kept_shown_and_removed(desk, client):
    address = f"/settings/{desk.office_id}/logo"
    picture = BytesIO()
    Image.new("RGB", (900, 300), "#2044aa").save(picture, "JPEG")
    client.get(f"/settings/{desk.office_id}/contact")
    for content, said in [(b"", "choose a file"), (b"GIF89a", "no PNG or JPEG"), (b"x" * 200_001, "at most 200 kB")]:
        name = "logo.png" if content else ""
        wrong = client.post(address, data={"logo-file": (BytesIO(content), name)}, content_type="multipart/form-data")
        assert (wrong.status_code, said in wrong.text) == (422, True), said
    assert client.get(f"/offices/{desk.office_id}/logo.png").status_code == 404
    picture.seek(0)
    sent = client.post(address, data={"logo-file": (picture, "x.gif")}, content_type="multipart/form-data")
    assert sent.status_code == 302
    shown = client.get(f"/offices/{desk.office_id}/logo.png")
    assert Image.open(BytesIO(shown.data)).size == (600, 200)
    assert shown.mimetype == "image/png"
    assert f"/offices/{desk.office_id}/logo.png?v=" in client.get("/office/").text
    letter = client.post(f"/settings/{desk.office_id}/texts/de/letter", data=WORDS).text
    assert 'class="letterhead__logo"' in letter
    client.get(f"/settings/{desk.office_id}/contact")
    assert client.post(f"{address}/remove").status_code == 302
    assert client.get(f"/offices/{desk.office_id}/logo.png").status_code == 404
    with desk.writing() as session:
        assert session.exec(select(OfficeLogo)).all() == []
        assert len(session.exec(select(Event).where(Event.reason == "logo")).all()) == 2


def test_whoever_was_slower_overwrites_no_contact(desk):
    with desk.writing() as session:
        office = session.get_one(Municipality, desk.office_id)
        lead = session.get_one(Account, desk.kim.id)
        values = {name: getattr(office, name) for name in appearance.CONTACT} | {"office_hours": "Immer"}
        saw = appearance.contact_mark(office)
        appearance.save_contact(session, lead, desk.office_id, values, saw, make.SPRING)
        with pytest.raises(Conflict):
            appearance.save_contact(session, lead, desk.office_id, values, saw, make.SPRING)
