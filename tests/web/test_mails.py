"""Which mails somebody gets is their own choice; the administrator sees every mail as its reader does."""

from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from lotsen import mail_samples
from lotsen.clock import now
from lotsen.models import Account, Mail, Person
from lotsen.rules.errors import NotFound
from lotsen.rules.mail_kinds import MailKind
from lotsen.rules.vocabulary import Role
from lotsen.services import mail_choices, mails, tokens
from tests import factories as make
from tests.conftest import SECRET_KEY
from tests.queries import counted
from tests.scripts import todays


@pytest.fixture
def database(app):
    return app.extensions["lotsen_db"]


@pytest.fixture
def guide(database):
    """A guide who signs in."""
    with database.transaction() as session:
        office = make.municipality(session)
        guide = make.guide(session, office, about={"email": "guide@example.org"})
        person = session.get_one(Person, guide.person_id)
        make.account(session, Role.GUIDE, office, person=person, email="guide@example.org")
        return person


def link_to(reader, kind=MailKind.REMINDERS):
    about = mail_choices.subscription(reader, {MailKind.REMINDERS: "offer_reminder"}[kind])
    return "/mails/stop?token=" + tokens.stop_mails(SECRET_KEY, about)


def muted(database, model=Person):
    with database.reading() as session:
        return session.exec(select(model.muted).order_by(model.id)).first()


def test_the_link_opens_a_page_with_a_button_that_stops_the_mails_and_another_that_sends_them_again(
    database, guide, client
):
    link = link_to(guide)
    for _scanner in range(3):
        assert client.get(link).status_code == 200
    assert muted(database) == []
    for said in ("no", "no", "yes"):
        answer = client.post(link, data={"send": said})
        assert (answer.status_code, urlsplit(answer.location).path) == (302, "/mails/stop")
        assert client.get(link).status_code == 200
        assert muted(database) == ([] if said == "yes" else ["reminders"])


def test_our_own_button_needs_its_csrf_token(database, guide, client):
    client.get(link_to(guide))
    assert client.post(link_to(guide), data={"send": "no"}, csrf=False).status_code == 400
    assert client.post(link_to(guide), csrf=False).status_code == 400
    assert muted(database) == []


def test_a_mail_program_stops_them_at_one_click_without_a_session_and_can_do_nothing_else(app, database, guide):
    program = FlaskClient(app, app.response_class, use_cookies=False)
    for _twice in range(2):
        answer = program.post(link_to(guide), data={"List-Unsubscribe": "One-Click", "send": "yes"})
        assert answer.status_code == 200
        assert muted(database) == ["reminders"]


@pytest.mark.parametrize("token", ["", "x", "WyJwZXJzb24iLDEsInJlbWluZGVycyJd.wrong"])
def test_a_link_that_we_did_not_sign_leads_nowhere(database, guide, client, token):
    client.get("/login")
    assert client.get(f"/mails/stop?token={token}").status_code == 404
    assert client.post(f"/mails/stop?token={token}", data={"List-Unsubscribe": "One-Click"}).status_code == 404
    assert muted(database) == []


def test_needed_mails_have_no_such_link_and_no_link_can_stop_them(database, guide):
    assert mail_choices.subscription(guide, "offer") is None
    forged = mail_choices.Subscription("person", guide.id, MailKind.NEEDED)
    assert tokens.read_stop(SECRET_KEY, tokens.stop_mails(SECRET_KEY, forged)) is None


def test_a_link_of_somebody_who_has_gone_is_not_there(database, guide):
    gone = mail_choices.Subscription("person", 4711, MailKind.REMINDERS)
    with database.transaction() as session, pytest.raises(NotFound):
        mail_choices.switch(session, gone, on=False)


def test_whoever_stopped_reminders_gets_none_but_everything_that_is_needed(database, guide):
    with database.transaction() as session:
        person = session.get_one(Person, guide.id)
        mail_choices.switch(session, mail_choices.subscription(person, "offer_reminder"), on=False)
        assert mails.enqueue(session, "offer_reminder", person, "1", now(), path="/guide/") is None
        assert mails.enqueue(session, "offer", person, "2", now(), path="/guide/") is not None
    with database.reading() as session:
        assert session.exec(select(Mail.template)).all() == ["offer"]


def test_a_guide_chooses_mails_on_a_page(database, guide, client):
    client.sign_in("guide@example.org", make.PASSWORD)
    assert "/mails" in client.get("/guide/").text
    assert 'value="reminders"' in client.get("/mails").text
    assert client.post("/mails", data={"kinds": ["messages"]}).status_code == 302
    assert muted(database) == ["reminders"]
    assert 'value="messages"' in client.get("/mails").text
    assert client.post("/mails", data={}).status_code == 302
    assert muted(database) == ["reminders", "messages"]
    assert " checked" not in client.get("/mails").text
    assert client.post("/mails", data={"kinds": ["reminders", "messages"]}).status_code == 302
    assert muted(database) == []


def test_a_choice_that_is_not_offered_is_refused(database, guide, client):
    client.sign_in("guide@example.org", make.PASSWORD)
    client.get("/mails")
    for kind in ("needed", "digest", "nonsense"):
        assert client.post("/mails", data={"kinds": [kind]}).status_code == 422
    assert muted(database) == []


def test_staff_choose_for_themselves_alone(database, client):
    with database.transaction() as session:
        office = make.municipality(session)
        for name in ("first", "second"):
            make.account(session, Role.COORDINATOR, office, email=f"{name}@example.org")
    client.sign_in("first@example.org", make.PASSWORD)
    assert "/mails" in client.get("/office/").text
    client.get("/mails")
    assert client.post("/mails", data={}).status_code == 302
    with database.reading() as session:
        assert session.exec(select(Account.muted).order_by(Account.email)).all() == [["digest"], []]


@pytest.fixture
def admin(database, client):
    with database.transaction() as session:
        make.account(session, Role.ADMIN, email="admin@example.org")
    client.sign_in("admin@example.org", make.PASSWORD)
    return client


def test_the_gallery_leads_to_every_mail_in_every_language(admin):
    page = admin.get("/admin/mails/").text
    for template in mail_samples.TEMPLATES:
        for tag in mail_samples.languages(template):
            assert f"mail={template}&amp;language={tag}" in page
    assert "Entwurf" in page
    assert "Wir haben noch keine Begleitung für Sie gefunden" in page  # named in the administrator's language


def test_the_gallery_asks_for_what_is_said_better_once(app, admin):
    with counted(app.extensions["lotsen_db"].engine) as statements:
        assert admin.get("/admin/mails/").status_code == 200
    assert len(statements) <= 6


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_mail_can_be_looked_at_as_text_and_sealed_with_its_layout(app, admin):
    plain = FlaskClient(app, app.response_class)
    plain._cookies = admin._cookies
    for template in mail_samples.TEMPLATES:
        for tag in sorted({*mail_samples.languages(template)} & {*todays()}):
            address = f"?mail={template}&language={tag}&reader=guide"
            page = admin.get(f"/admin/mails/one{address}")
            assert page.status_code == 200
            assert "Samira" in page.text or template.startswith("office_")
            html = plain.get(f"/admin/mails/one.html{address}")
            assert f'<html lang="{tag}"' in html.text
            policy = html.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "sandbox" in policy
            assert html.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("query", ["", "mail=offer", "mail=offer&language=xx", "mail=office_digest&language=ar",
                                   "mail=../layout&language=de", "mail=offer&language=de&reader=admin"])  # fmt: skip
def test_a_mail_that_does_not_exist_is_not_there(admin, query):
    assert admin.get(f"/admin/mails/one?{query}").status_code == 404
