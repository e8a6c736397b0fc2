"""The pages of those who read the translations, and that what they say holds on the next page."""

import pytest
from flask_babel import ngettext
from sqlmodel import select

from lotsen import i18n, translations
from lotsen.app import create_app
from lotsen.models import Review, Wording
from lotsen.rules.vocabulary import Role
from tests import factories as make
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
    client.get(f"/admin/translations/{locale}/texts/{key}", query_string=args)
    typed = {f"forms-{number}": form for number, form in enumerate(forms)}
    path = f"/admin/translations/{locale}/texts/{key}"
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
    page = admin.get(f"/admin/translations/ar/texts/{COUNTED}?lang=en").text
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
        page = admin.get("/admin/translations/de", query_string=args)
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
    assert last.startswith("/admin/translations/ar?q=")


def test_a_review_is_recorded_shown_and_taken_along(app, admin):
    assert "Entwurf, nicht geprüft" in admin.get("/admin/translations/ar?lang=de").text
    assert admin.post("/admin/translations/ar/review", data={"by": "Integrationsrat Celle"}).status_code == 302
    page = admin.get("/admin/").text
    assert "Integrationsrat Celle" in page
    answer = admin.get("/admin/translations/ar/messages.po")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "by Integrationsrat Celle" in answer.text
    admin.get("/admin/translations/ar")
    admin.post("/admin/translations/ar/review", data={"by": " "})
    assert "wer die Sprache gelesen hat" in admin.get("/admin/translations/ar").text
    with app.extensions["lotsen_db"].reading() as session:
        assert len(session.exec(select(Review)).all()) == 1


@pytest.mark.parametrize("path", ["xx", "en", "en/messages.po", "ar/staff.po", f"xx/texts/{GUIDE}", "ar/texts/0123"])
def test_what_is_no_language_or_no_text_is_not_there(admin, path):
    assert admin.get(f"/admin/translations/{path}").status_code == 404


def test_looking_asks_the_database_no_more_for_many_words(app, admin):
    def asked():
        with counted(app.extensions["lotsen_db"].engine) as statements:
            admin.get("/admin/translations/de")
        return len(statements)

    asked()
    before = asked()
    for text in ("Yes, I would like to", "No, thank you", "Step back"):
        say(admin, "de", translations.key(text, None), f"{text}!")
    asked()
    assert asked() == before
