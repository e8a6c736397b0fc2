"""The pages of those who read the translations, and that what they say holds on the next page."""

import re

import pytest
from flask_babel import ngettext
from sqlmodel import select

from lotsen import i18n, translations
from lotsen.app import create_app
from lotsen.models import Review, Wording
from lotsen.rules.vocabulary import Role
from lotsen.services import wordings
from tests import factories as make
from tests.houses import addresses, methods
from tests.queries import counted

GUIDE = translations.key("I would like a guide", None)
COUNTED = translations.key("A question for you", None)


@pytest.fixture
def admin(app, client):
    with app.extensions["lotsen_db"].transaction() as session:
        make.municipality(session)
        make.account(session, Role.ADMIN, email="admin@example.org", name="Kim")
    client.sign_in("admin@example.org", make.PASSWORD)
    return client


def say(client, locale, key, *forms, seen="0", **args):
    client.get(f"/translations/{locale}/texts/{key}", query_string=args)
    typed = {f"forms-{number}": form for number, form in enumerate(forms)}
    path = f"/translations/{locale}/texts/{key}"
    return client.post(path, data={**typed, "seen": seen}, query_string=args)


def test_a_text_said_better_stands_on_the_next_page_of_every_process(app, config, admin):
    other = create_app(config).test_client()
    before = other.get("/request?lang=ar").text
    assert "أريد مرافِقة جديدة" not in before
    assert say(admin, "ar", GUIDE, "أريد مرافِقة جديدة").status_code == 302
    assert "أريد مرافِقة جديدة" in app.test_client().get("/request?lang=ar").text
    assert "أريد مرافِقة جديدة" in other.get("/request?lang=ar").text
    assert "أريد مرافِقة جديدة" not in other.get("/request?lang=uk").text
    other.application.extensions["lotsen_db"].engine.dispose()


def test_forms_of_what_counts_are_said_each(app, admin):
    page = admin.get(f"/translations/ar/texts/{COUNTED}?lang=en").text
    assert "Text for 11, 12, 13" in page
    assert say(admin, "ar", COUNTED, *(f"سؤال {number}" for number in range(6))).status_code == 302
    with app.test_request_context("/"), i18n.speaking("ar"):
        said = [ngettext("A question for you", "Questions for you", number) for number in (2, 12)]
        assert said == ["سؤال 2", "سؤال 5"]


def test_what_would_break_a_page_is_refused_and_stays_typed(app, admin):
    answer = say(admin, "ar", GUIDE, "<script>alert(1)</script>")
    assert answer.status_code == 422
    assert "&lt;script&gt;alert(1)" in answer.text
    assert answer.text.count("spitzen Klammern") == 2  # above and beside the field
    with app.extensions["lotsen_db"].reading() as session:
        assert session.exec(select(Wording)).all() == []


def test_a_form_sent_without_its_texts_is_asked_again(admin):
    answer = say(admin, "ar", COUNTED)
    assert answer.status_code == 422
    assert answer.text.count("<textarea") == 6


def test_whoever_comes_second_is_told(admin):
    assert say(admin, "ar", GUIDE, "أريد مرافقًا").status_code == 302
    answer = say(admin, "ar", GUIDE, "أريد مرافِقة")
    assert answer.status_code == 422
    assert "أريد مرافِقة" in answer.text


def test_texts_are_found_by_word_place_and_state(admin):
    def keys(**args):
        page = admin.get("/translations/de", query_string=args)
        assert page.status_code == 200
        return {link.partition("/texts/")[2].partition("?")[0] for link in admin.page.links if "/texts/" in link}

    assert keys(q="would like a guide", where="newcomer") == {GUIDE}
    assert keys(q="would like a guide", where="mail") == set()
    assert keys(q="would like a guide", state="changed") == set()
    say(admin, "de", GUIDE, "Ich suche eine Lotsin")
    assert keys(q="suche eine lotsin", state="changed") == {GUIDE}
    assert GUIDE not in keys(q="guide", state="open")
    assert len(keys(where="office")) == 50


def test_saving_leads_to_the_next_text_that_nobody_has_looked_at(admin):
    first = say(admin, "ar", GUIDE, "أريد مرافقًا", where="newcomer").location
    assert "where=newcomer" in first
    assert GUIDE not in first
    assert admin.get(first).status_code == 200
    last = say(admin, "ar", GUIDE, "أريد مرافقًا", seen="1", q="would like a guide").location
    assert last.startswith("/translations/ar?q=")


def test_a_review_is_recorded_shown_and_taken_along(app, admin):
    assert "Entwurf, nicht geprüft" in admin.get("/translations/ar?lang=de").text
    assert admin.post("/translations/ar/review", data={"by": "Integrationsrat Celle"}).status_code == 302
    page = admin.get("/translations/?lang=de").text
    assert '<bdi lang="de">Deutsch</bdi></summary>' in page  # the switch, beside the languages that the page is about
    assert "Integrationsrat Celle" in page
    answer = admin.get("/translations/ar/messages.po")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "by Integrationsrat Celle" in answer.text
    admin.get("/translations/ar")
    admin.post("/translations/ar/review", data={"by": " "})
    assert "wer die Sprache gelesen hat" in admin.get("/translations/ar").text
    with app.extensions["lotsen_db"].reading() as session:
        assert len(session.exec(select(Review)).all()) == 1


@pytest.mark.parametrize("path", ["xx", "en", "en/messages.po", "ar/staff.po", f"xx/texts/{GUIDE}", "ar/texts/0123"])
def test_what_is_no_language_or_no_text_is_not_there(admin, path):
    assert admin.get(f"/translations/{path}").status_code == 404


def test_looking_asks_the_database_no_more_for_many_words(app, admin):
    def asked():
        with counted(app.extensions["lotsen_db"].engine) as statements:
            admin.get("/translations/de")
        return len(statements)

    asked()
    before = asked()
    for text in ("Yes, I would like to", "No, thank you", "Step back"):
        say(admin, "de", translations.key(text, None), f"{text}!")
    asked()
    assert asked() == before


@pytest.fixture
def layla(app, client):
    """Somebody who reads Arabic, and is nothing else, signed in."""
    with app.extensions["lotsen_db"].transaction() as session:
        make.municipality(session)
        make.account(session, Role.REVIEWER, email="layla@example.org", name="Layla Haddad", reads=["ar"])
    client.sign_in("layla@example.org", make.PASSWORD)
    return client


def test_a_reviewer_does_the_whole_job_in_their_language_and_their_name(app, layla):
    front = layla.get("/translations/?lang=de")
    assert set(re.findall(r'href="/translations/(\w*)"', front.text)) == {"", "ar"}
    assert "Entwurf, nicht geprüft" in front.text
    assert say(layla, "ar", GUIDE, "أريد مرافِقة").status_code == 302
    assert "Layla Haddad" in layla.get(f"/translations/ar/texts/{GUIDE}").text
    assert 'name="by"' not in layla.get("/translations/ar").text
    layla.post("/translations/ar/review", data={"by": "Somebody else"})
    assert "by Layla Haddad" in layla.get("/translations/ar/messages.po").text
    assert "Entwurf, nicht geprüft" not in layla.get("/translations/").text


def test_no_other_language_is_there_for_a_reviewer(app, layla):
    layla.get("/translations/")
    closed = [rule for rule in addresses(app) if rule.endpoint.startswith("wording.") and rule.arguments]
    adapter = app.url_map.bind("127.0.0.1")
    for rule in closed:
        values = {"locale": "uk", "key": GUIDE, "domain": "messages"}
        path = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for method in methods(rule):
            assert layla.open(path, method=method, data={"keys": GUIDE}).status_code == 404, path
    assert len(closed) > 3


def test_what_is_open_on_a_page_is_noted_as_right_and_nothing_else(app, layla):
    [keys] = re.findall(r'name="keys" value="([^"]+)"', layla.get("/translations/ar?state=open").text)
    assert say(layla, "ar", keys.split()[0], "مرحبا").status_code == 302
    assert layla.post("/translations/ar/right?state=open", data={"keys": f"{keys} unknown"}).status_code == 302
    with app.extensions["lotsen_db"].reading() as session:
        standing = wordings.progress(session, ["ar", "uk"])
    assert (standing["ar"].read, standing["ar"].changed, standing["uk"].read) == (50, 1, 0)
    assert not set(keys.split()) & set(re.findall(r"/texts/(\w+)", layla.get("/translations/ar?state=open").text))


def test_the_administrator_sees_who_reads_which_language(app, admin):
    with app.extensions["lotsen_db"].transaction() as session:
        make.account(session, Role.REVIEWER, name="Layla Haddad", reads=["ar"])
        make.account(session, Role.REVIEWER, name="Gone", reads=["ar"]).active = False
    page = admin.get("/translations/").text
    assert page.count("Layla Haddad") == 1
    assert "Gone" not in page
