"""Asking for a guide: ten fields, nothing stored before consent, nothing stored twice, nobody turned away."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pytest
from flask import Flask
from sqlmodel import func, select

from lotsen import crypto
from lotsen.db import Database
from lotsen.models import Account, Consent, Mail, Person, Request
from lotsen.rules.answers import RequestAnswers
from lotsen.rules.vocabulary import COMMON_LANGUAGES, LANGUAGES, SLOTS, TOPICS, Household
from lotsen.services import requests
from lotsen.services.persons import ConsentGiven
from lotsen.web.newcomer import COUNT, STEPS
from tests import factories as make
from tests.web.newcomers import ANSWERS, agree, answer, answer_all, offices


@pytest.fixture
def client(app: Flask) -> Any:
    """A browser where two offices take part."""
    offices(app, "Oldenburg")
    return app.test_client()


def stored(app: Flask, table: Any) -> list[Any]:
    """All rows of a table."""
    with app.extensions["lotsen_db"].reading() as session:
        return list(session.exec(select(table)).all())


def rows(app: Flask) -> int:
    """How many rows there are about people."""
    with app.extensions["lotsen_db"].reading() as session:
        return sum(session.exec(select(func.count()).select_from(table)).one() for table in (Person, Request, Account))


def test_a_request_passes_through_all_questions_and_is_stored_with_its_consent(app: Flask, client: Any) -> None:
    client.get("/request?lang=en")
    answer_all(client)
    assert rows(app) == 0
    response = agree(client)
    assert response.location == "/request/done"
    done = client.get("/request/done").text
    code = re.search(r'<strong dir="ltr">([0-9A-Z-]{14})</strong>', done)
    assert code
    person, request, consent = (stored(app, table)[0] for table in (Person, Request, Consent))
    assert (person.first_name, person.email, person.phone, person.gender) == ("ليلى", "leyla@example.org", None, None)
    assert person.languages == {"ar": "C2", "de": "A2", "am": "B1"}
    assert (person.postcode, person.town, person.locale) == ("29221", "Celle", "en")
    assert (request.topics, request.slots) == (["authorities", "housing"], ["mon-evening", "sat-morning"])
    assert (request.household, request.guide_gender, request.municipality_id) == ("children", "f", 1)
    assert "stores my answers" in consent.text
    assert "I am 16 or older" in consent.text
    assert (consent.kind, consent.locale) == ("request", "en")
    assert [(mail.template, mail.secret) for mail in stored(app, Mail)] == [("request_received", code.group(1))]


def test_the_code_is_shown_until_it_is_kept(client: Any) -> None:
    answer_all(client)
    agree(client)
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", client.get("/request/done").text)
    assert code
    assert code.group() not in client.get("/status").text
    assert code.group() in client.get("/request/done").text
    assert client.post("/request/done").location == "/status"
    assert client.get("/request/done").location == "/status"


def test_a_form_that_is_sent_twice_makes_one_request_and_shows_the_same_code(app: Flask, client: Any) -> None:
    answer_all(client)
    client.get("/request/check")
    draft, token = client.get_cookie("lotsen").value, client.page.csrf
    shown = []
    for _again in range(2):
        client.set_cookie("lotsen", draft)
        response = client.post("/request/check", data={"agree": "y", "csrf_token": token})
        assert response.location == "/request/done"
        shown.append(re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", client.get("/request/done").text))
    assert shown[0]
    assert shown[0] == shown[1]
    assert rows(app) == 3
    assert len(stored(app, Mail)) == 1


def test_the_same_form_from_eight_fingers_at_once_is_one_request(database: Database) -> None:
    with database.transaction() as session:
        office = make.municipality(session)
    answers = RequestAnswers(
        languages={"ar": "C2"}, postcode="29221", municipality_id=office.id, topics=["housing"], slots=["mon-evening"],
        household=Household.ALONE, first_name="Leyla",
    )  # fmt: skip
    given = ConsentGiven("request", "1", "I agree.", "en")
    code = crypto.new_status_code()

    def send(_finger: int) -> bool:
        try:
            database.run(lambda session: requests.receive(session, answers, given, make.SPRING, code=code))
        except requests.AlreadyReceived:
            return False
        return True

    with ThreadPoolExecutor(8) as fingers:
        assert sum(fingers.map(send, range(8))) == 1
    with database.reading() as session:
        assert session.exec(select(func.count()).select_from(Person)).one() == 1


def test_going_back_after_sending_leads_to_the_status_page(app: Flask, client: Any) -> None:
    answer_all(client)
    agree(client)
    assert client.get("/request/check").location == "/status"
    assert client.get("/request").location == "/status"
    client.get("/status")
    assert client.post("/request/check", data={"agree": "y"}).location == "/status"
    assert rows(app) == 3


def test_nothing_is_stored_without_consent_and_nothing_is_lost(app: Flask, client: Any) -> None:
    client.get("/request?lang=en")
    answer_all(client)
    client.get("/request/check")
    response = client.post("/request/check", data={}, follow_redirects=True)
    assert response.status_code == 422
    assert response.text.count("Without your consent we cannot store anything") == 2  # above and beside the box
    assert "ليلى" in response.text
    assert rows(app) == 0
    assert stored(app, Consent) == []


def test_an_unknown_postal_code_ends_with_a_chosen_office_and_a_place_in_its_middle(app: Flask, client: Any) -> None:
    client.get("/request?lang=en")
    for step in ("languages", "levels"):
        answer(client, step)
    assert answer(client, "place", {"postcode": "99999"}).location == "/request/office"
    page = client.get("/request/office").text
    assert "We do not know this postal code" in page
    assert answer(client, "office", {"municipality_id": ""}).status_code == 422
    for step in list(ANSWERS)[3:]:
        answer(client, step)
    assert agree(client).location == "/request/done"
    person = stored(app, Person)[0]
    assert (person.postcode, person.town, person.municipality_id) == ("99999", "Celle", 1)
    assert 52.4 < person.latitude < 52.8


def test_the_postal_code_suggests_the_office_and_the_person_may_choose_another(app: Flask, client: Any) -> None:
    answer(client, "languages")
    answer(client, "levels")
    answer(client, "place")
    assert "Koordinierungsstelle Celle" in client.get("/request/office").text
    for step, given in (ANSWERS | {"office": {"municipality_id": "2"}}).items():
        answer(client, step, given)
    agree(client)
    assert stored(app, Person)[0].municipality_id == 2


def test_a_new_postal_code_asks_for_the_office_again(client: Any) -> None:
    answer_all(client)
    assert answer(client, "place", {"postcode": "26121"}, to="check").location == "/request/office?to=check"
    assert client.get("/request/check").location == "/request/office"
    assert answer(client, "office", {"municipality_id": "2"}, to="check").location == "/request/check"


def test_later_questions_wait_for_the_earlier_ones(client: Any) -> None:
    for step in [*list(STEPS)[1:], "check"]:
        assert client.get(f"/request/{step}").location == "/request/languages"
    answer(client, "languages")
    assert client.get("/request/topics").location == "/request/levels"
    assert client.get("/request/nonsense").status_code == 404


def test_answers_stay_when_going_back_and_when_the_language_changes(client: Any) -> None:
    answer_all(client)
    client.get("/request/name?lang=ar")
    assert 'value="ليلى"' in client.get("/request/name").text
    ticked = {field["value"] for field in fields(client, "/request/topics") if "checked" in field}
    assert ticked == {"housing", "authorities", "lasting"}
    ticked = {field["value"] for field in fields(client, "/request/languages") if "checked" in field}
    assert ticked == {"ar", "de"}
    assert [field["value"] for field in fields(client, "/request/levels") if "checked" in field] == ["A2", "C2", "B1"]
    assert [field["value"] for field in fields(client, "/request/guide") if "checked" in field] == ["f"]
    assert [field["value"] for field in fields(client, "/request/contact")] == ["leyla@example.org"]


def fields(client: Any, path: str) -> list[dict[str, str]]:
    """The fields of a page."""
    client.get(path)
    found: list[dict[str, str]] = client.page.fields
    return found


def test_a_change_from_the_summary_leads_back_to_it(client: Any) -> None:
    answer_all(client)
    assert "/request/name?to=check" in client.get("/request/check").text
    assert answer(client, "name", {"first_name": "Olena"}, to="check").location == "/request/check"
    assert "Olena" in client.get("/request/check").text


def test_a_refused_answer_can_be_gone_back_to_reloaded_and_read_in_another_language(client: Any) -> None:
    client.get("/request?lang=en")
    for step in ("languages", "levels"):
        answer(client, step)
    client.get("/request/place")
    sent = client.post("/request/place?to=check", data={"postcode": "2922"})
    assert (sent.status_code, sent.location) == (303, "/request/place?to=check")
    for language, message in (("en", "A German postal code has five digits"), ("de", "Postleitzahl hat fünf Ziffern")):
        page = client.get(f"/request/place?lang={language}")
        assert page.status_code == 422
        assert 'value="2922"' in page.text
        assert page.text.count(message) == 2
    assert client.get("/request/levels").status_code == 200  # what was typed belongs to one page
    answer(client, "place")
    again = client.get("/request/place")
    assert again.status_code == 200
    assert 'value="29221"' in again.text


def test_a_text_that_no_cookie_holds_is_answered_at_once(client: Any) -> None:
    client.get("/request?lang=en")
    for step in list(ANSWERS)[: list(ANSWERS).index("name")]:
        answer(client, step)
    client.get("/request/name")
    response = client.post("/request/name", data={"first_name": "x" * 5000})
    assert response.status_code == 422
    assert "Please write at most 80 characters." in response.text
    assert 'value="29221"' in client.get("/request/place").text


BAD: Final[list[tuple[str, dict[str, Any], str]]] = [
    ("languages", {}, "Please choose at least one language."),
    ("languages", {"common": list(COMMON_LANGUAGES)}, "Please choose at most 10 languages."),
    ("levels", {"level_ar": "C2"}, "Please choose how well you speak German."),
    ("place", {"postcode": "2922"}, "A German postal code has five digits, for example 29221."),
    ("place", {"postcode": "   "}, "Please enter your postal code."),
    ("topics", {}, "Please choose at least one topic."),
    ("times", {}, "Please choose at least one time."),
    ("household", {}, "Please choose an answer."),
    ("guide", {}, "Please choose an answer."),
    ("name", {"first_name": "  \u202e "}, "Please enter your first name."),
    ("name", {"first_name": "x" * 81}, "Please write at most 80 characters."),
    ("contact", {"contact": "leyla@"}, "This is not a complete e-mail address."),
    ("contact", {"contact": "0151"}, "This is not complete."),
]


def test_bad_answers_are_explained_above_and_beside_the_field_and_kept(client: Any) -> None:
    client.get("/request?lang=en")
    for step in ANSWERS:
        for given, message in [(given, message) for name, given, message in BAD if name == step]:
            response = answer(client, step, given)
            assert (response.status_code, response.text.count(message)) == (422, 2), (step, given)
            for typed in given.values():
                if isinstance(typed, str) and typed.isascii() and typed.strip():
                    assert f'value="{typed}"' in response.text
        answer(client, step)


def test_a_telephone_number_is_as_good_as_an_address(app: Flask, client: Any) -> None:
    answer_all(client, contact={"contact": "٠١٥١ ٢٣٤٥٦٧٨٩"})
    agree(client)
    person = stored(app, Person)[0]
    assert (person.email, person.phone) == (None, "+4915123456789")
    assert stored(app, Mail) == []


def test_the_longest_answers_fit_into_the_cookie(client: Any) -> None:
    common = list(COMMON_LANGUAGES)[:8]
    others = LANGUAGES[len(COMMON_LANGUAGES) :]
    answer_all(
        client,
        languages={"common": common, "other": others[0], "another": others[1]},
        levels={f"level_{code}": "C2" for code in [*common, *others[:2]]},
        topics={"topics": list(TOPICS)},
        times={"slots": list(SLOTS)},
        name={"first_name": "".join(chr(0x1F600 + number % 80) for number in range(80))},
        contact={"contact": "a" * 64 + "@" + ".".join(["b" * 59] * 3) + ".org"},
    )
    assert len(client.get_cookie("lotsen").value) < 3000


def test_answers_wait_a_day_on_the_device_and_can_be_deleted(client: Any) -> None:
    answer(client, "languages")
    assert client.get_cookie("lotsen").expires is not None
    assert "/request/levels" in client.get("/request").text
    client.post("/request/discard")
    assert client.get("/request/levels").location == "/request/languages"


def test_consent_keeps_the_language_in_which_it_was_shown(app: Flask, client: Any) -> None:
    client.get("/request?lang=de")
    answer_all(client)
    client.get("/request/check?lang=ar")
    client.get("/?lang=en")
    client.get("/request")
    client.post("/request/check", data={"agree": "y", "shown_in": "ar"})
    assert stored(app, Consent)[0].locale == "ar"


def test_there_are_ten_fields_the_consent_being_the_last() -> None:
    assert {step.number for step in STEPS.values()} == set(range(1, COUNT))
    assert COUNT == 10
