"""The guide's own pages: what is missing, offers without names, answers, pairings, the offer, breaks."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlmodel import Session, select

from lotsen import clock
from lotsen.models import Event, Guide, Mail, Pairing, Person, Request
from lotsen.rules.following import Question
from lotsen.rules.pairing import IN_CONTACT, Side, State, allowed_actions
from lotsen.rules.vocabulary import Household, Role
from lotsen.services import checkins
from tests import factories as make
from tests.queries import counted

#: Planted in a newcomer; none of it may reach the guide before the office has approved.
SECRETS = {
    "first_name": "Shirinabanu",
    "last_name": "Mohammadzadeh",
    "email": "planted.newcomer@example.net",
    "phone": "+4915799999991",
    "postcode": "29229",
}
HIDDEN = ("Shirinabanu", "Mohammadzadeh", "planted.newcomer", "15799999991", "29229", "Planted note")


@pytest.fixture
def scene(app):
    """A guide with an account and a request of a newcomer with planted data."""
    with app.extensions["lotsen_db"].transaction() as session:
        office = make.municipality(session, office_phone="05141 123")
        guide = make.guide(session, office, capacity=2, about={"first_name": "Renate"})
        make.account(session, Role.GUIDE, office, email="renate@example.org", person=person_of(session, guide))
        request = make.request(session, office, about=SECRETS, note="Planted note", slots=["mon-evening"])
        return SimpleNamespace(office=office, guide=guide, request=request)


@pytest.fixture
def guide_client(client, scene):
    client.get("/login?lang=en")
    client.sign_in("renate@example.org", make.PASSWORD)
    return client


def person_of(session: Session, file: Guide | Request) -> Person:
    return session.get_one(Person, file.person_id)


def add(app, request, guide, state, **values):
    with app.extensions["lotsen_db"].transaction() as session:
        request, guide = session.get_one(Request, request.id), session.get_one(Guide, guide.id)
        return make.pairing(session, request, guide, state, **values).id


def state_of(app, pairing_id):
    with app.extensions["lotsen_db"].reading() as session:
        return session.get_one(Pairing, pairing_id).state


def change(app, file, **values):
    with app.extensions["lotsen_db"].transaction() as session:
        row = session.get_one(Guide, file.id)
        row.sqlmodel_update(values)
        session.add(row)


def press(client, pairing_id, action, **data):
    client.get("/guide/")
    return client.post(f"/guide/pairings/{pairing_id}/{action}", data=data)


def test_a_new_guide_sees_what_is_done_next_and_later_and_whom_to_ask(app, guide_client, scene):
    change(app, scene.guide, interview_on=None, cleared_on=None, conduct_valid_until=None, training_lessons=12)
    page = guide_client.get("/guide/").text
    kinds = re.findall(r"timeline__item--(\w+)", page)
    assert kinds == ["done", "current", "upcoming", "upcoming", "upcoming"]
    assert "12 of 30" in page
    assert scene.office.office_name in page
    assert "05141 123" in page


def test_a_complete_file_shows_no_checklist(guide_client):
    assert "timeline__item" not in guide_client.get("/guide/").text


def test_an_offer_tells_what_is_needed_to_decide(app, guide_client, scene):
    add(app, scene.request, scene.guide, State.OFFERED)
    page = guide_client.get("/guide/").text
    for said in ("Somebody from Celle", "Arabic", "Offices and forms", "Monday", "One person", "11 March 2026"):
        assert said in page


def add_each(app, scene, states):
    """One pairing in each state, all with planted newcomers."""
    change(app, scene.guide, capacity=10)
    found = {}
    for state in states:
        with app.extensions["lotsen_db"].transaction() as session:
            request = make.request(session, session.merge(scene.office), about=SECRETS, note="Planted note")
        found[state] = add(app, request, scene.guide, state)
    return found


def test_no_page_names_a_newcomer_before_approval_or_after_the_end(app, guide_client, scene):
    numbers = add_each(app, scene, sorted(set(State) - IN_CONTACT))
    pages = ["/guide/", "/guide/profile", "/guide/pause"]
    for number in numbers.values():
        pages += [f"/guide/pairings/{number}/{name}" for name in ("decline", "withdraw", "end", "complete", "suspend")]
    for path in pages:
        response = guide_client.get(path)
        told = response.data + str(response.headers).encode()
        assert not [secret for secret in HIDDEN if secret.encode() in told], path
    assert guide_client.get("/guide/").text.count("kern-card__header") == 5  # four pairings and the office


def test_after_approval_the_first_name_shows_and_nothing_else(app, guide_client, scene):
    add_each(app, scene, sorted(IN_CONTACT))
    page = guide_client.get("/guide/").text
    assert page.count("Shirinabanu") == len(IN_CONTACT)
    assert not [secret for secret in HIDDEN[1:] if secret in page]


def test_the_buttons_are_those_of_the_table(app, guide_client, scene):
    numbers = add_each(app, scene, sorted(set(State) - {State.SUGGESTED}))
    page = guide_client.get("/guide/").text
    for state, number in numbers.items():
        shown = re.findall(rf"/guide/pairings/{number}/(\w+)\"", page)
        assert sorted(shown) == sorted(allowed_actions(state, Side.GUIDE)), state


def test_accepting_takes_one_tap_and_a_second_tap_changes_nothing(app, guide_client, scene):
    pairing_id = add(app, scene.request, scene.guide, State.OFFERED)
    assert press(guide_client, pairing_id, "accept").location == "/guide/"
    assert press(guide_client, pairing_id, "accept").location == "/guide/"
    assert "kern-alert--danger" in guide_client.get("/guide/").text
    assert state_of(app, pairing_id) is State.ACCEPTED
    with app.extensions["lotsen_db"].reading() as session:
        assert [event.what for event in session.exec(select(Event))] == ["accept"]
        assert [mail.template for mail in session.exec(select(Mail))] == ["question"]


def test_declining_asks_for_a_reason(app, guide_client, scene):
    pairing_id = add(app, scene.request, scene.guide, State.OFFERED)
    for wrong in ({}, {"reason": "ugly"}):
        assert press(guide_client, pairing_id, "decline", **wrong).status_code == 422
    assert press(guide_client, pairing_id, "decline", reason="too_far").location == "/guide/"
    with app.extensions["lotsen_db"].reading() as session:
        assert session.get_one(Pairing, pairing_id).end_reason == "too_far"


def test_with_one_place_left_only_one_of_two_offers_can_be_accepted(app, guide_client, scene):
    with app.extensions["lotsen_db"].transaction() as session:
        other = make.request(session, session.merge(scene.office))
    first, second = (add(app, each, scene.guide, State.OFFERED) for each in (scene.request, other))
    change(app, scene.guide, capacity=1)
    press(guide_client, first, "accept")
    page = press(guide_client, second, "accept")
    assert page.location == "/guide/"
    assert "There is no free place any more" in guide_client.get("/guide/").text
    assert (state_of(app, first), state_of(app, second)) == (State.ACCEPTED, State.OFFERED)


def test_an_offer_that_is_gone_leads_back_with_a_kind_word(app, guide_client, scene):
    pairing_id = add(app, scene.request, scene.guide, State.EXPIRED)
    assert guide_client.get(f"/guide/pairings/{pairing_id}/decline").location == "/guide/"
    assert press(guide_client, pairing_id, "accept").location == "/guide/"
    assert state_of(app, pairing_id) is State.EXPIRED


def test_a_second_guide_sees_and_touches_nothing_of_the_first(app, guide_client, scene):
    with app.extensions["lotsen_db"].transaction() as session:
        other = make.guide(session, session.merge(scene.office))
    theirs = add(app, scene.request, other, State.OFFERED)
    assert f"/guide/pairings/{theirs}" not in guide_client.get("/guide/").text
    for action in ("accept", "decline", "suspend"):
        assert press(guide_client, theirs, action, reason="other").status_code == 404
    assert guide_client.get(f"/guide/pairings/{theirs}/decline").status_code == 404
    assert state_of(app, theirs) is State.OFFERED


def test_a_suggestion_that_the_guide_has_not_heard_of_does_not_exist(app, guide_client, scene):
    pairing_id = add(app, scene.request, scene.guide, State.SUGGESTED)
    assert press(guide_client, pairing_id, "accept").status_code == 404
    assert guide_client.get(f"/guide/pairings/{pairing_id}/decline").status_code == 404


def test_a_pairing_goes_its_way_from_the_first_meeting_to_its_end(app, guide_client, scene):
    pairing_id = add(app, scene.request, scene.guide, State.APPROVED)
    press(guide_client, pairing_id, "meet")
    assert state_of(app, pairing_id) is State.TRIAL
    press(guide_client, pairing_id, "confirm")
    page = guide_client.get("/guide/").text
    assert "You said yes to going on" in page
    assert f"/guide/pairings/{pairing_id}/confirm" not in page
    with app.extensions["lotsen_db"].transaction() as session:
        row = session.get_one(Pairing, pairing_id)
        row.state = State.ACTIVE
        session.add(row)
    for action, after in (("pause", State.PAUSED), ("resume", State.ACTIVE), ("complete", State.COMPLETED)):
        assert press(guide_client, pairing_id, action).location == "/guide/"
        assert state_of(app, pairing_id) is after


def test_ending_needs_a_reason_and_reporting_a_problem_stops_contact(app, guide_client, scene):
    ending = add(app, scene.request, scene.guide, State.ACTIVE)
    assert press(guide_client, ending, "end").status_code == 422
    press(guide_client, ending, "end", reason="moved")
    assert state_of(app, ending) is State.ENDED
    with app.extensions["lotsen_db"].transaction() as session:
        another = make.request(session, session.merge(scene.office), household=Household.CHILDREN)
    reported = add(app, another, scene.guide, State.TRIAL)
    assert guide_client.get(f"/guide/pairings/{reported}/suspend").status_code == 200
    assert state_of(app, reported) is State.TRIAL
    press(guide_client, reported, "suspend")
    assert state_of(app, reported) is State.SUSPENDED


def test_a_no_after_the_trial_needs_no_reason(app, guide_client, scene):
    trial = add(app, scene.request, scene.guide, State.TRIAL)
    assert "(optional)" in guide_client.get(f"/guide/pairings/{trial}/end").text
    assert press(guide_client, trial, "end").location == "/guide/"
    with app.extensions["lotsen_db"].transaction() as session:
        row = session.get_one(Pairing, trial)
        assert (row.state, row.end_reason) == (State.ENDED, None)


@pytest.mark.parametrize(
    ("state", "said"), [(State.ENDED, "Your time together has ended"), (State.WITHDRAWN, "does not come to a meeting")]
)
@pytest.mark.parametrize(
    ("by", "days", "shown"),
    [(Side.NEWCOMER, 13, True), (Side.OFFICE, 0, True), (Side.NEWCOMER, 15, False), (Side.GUIDE, 0, False)],
)
def test_a_guide_reads_for_two_weeks_that_others_ended_a_pairing(
    app, guide_client, scene, state, said, by, days, shown
):
    since = clock.now() - timedelta(days=days)
    add(app, scene.request, scene.guide, state, state_since=since, ended_by=by)
    page = guide_client.get("/guide/").text
    assert (said in page) is shown
    assert ("Somebody from Celle" in page) is shown
    assert not any(secret in page for secret in HIDDEN)


def test_nothing_changes_by_opening_a_link(app, guide_client, scene):
    pairing_id = add(app, scene.request, scene.guide, State.OFFERED)
    answer = guide_client.get(f"/guide/pairings/{pairing_id}/accept")
    assert (answer.status_code, answer.location) == (302, "/guide/")
    guide_client.get(f"/guide/pairings/{pairing_id}/decline")
    assert state_of(app, pairing_id) is State.OFFERED


OFFER = {
    "first_name": "Renate", "last_name": "Brandt", "postcode": "29221", "phone": "", "gender": "any",
    "languages-0-language": "de", "languages-0-level": "C2", "topics": ["money"], "slots": ["sun-evening"],
    "capacity": "3", "radius_km": "20", "newcomer_gender": "f",
}  # fmt: skip


def save(client, **changes):
    client.get("/guide/profile")
    return client.post("/guide/profile", data={**OFFER, **changes})


def test_the_offer_changes_in_one_page(app, guide_client, scene):
    assert save(guide_client).location == "/guide/profile"
    page = guide_client.get("/guide/profile").text
    assert 'value="Brandt"' in page
    assert 'value="20"' in page
    with app.extensions["lotsen_db"].reading() as session:
        guide = session.get_one(Guide, scene.guide.id)
        assert (guide.topics, guide.slots, guide.newcomer_gender) == (["money"], ["sun-evening"], "f")
        assert person_of(session, guide).languages == {"de": "C2"}
        assert guide.municipality_id == scene.office.id


def test_capacity_below_what_runs_is_refused_beside_the_field(app, guide_client, scene):
    with app.extensions["lotsen_db"].transaction() as session:
        other = make.request(session, session.merge(scene.office))
    for each in (scene.request, other):
        add(app, each, scene.guide, State.ACTIVE)
    response = save(guide_client, capacity="1", radius_km="77")
    assert response.status_code == 422
    assert 'id="capacity-error"' in response.text
    assert 'value="77"' in response.text
    with app.extensions["lotsen_db"].reading() as session:
        assert session.get_one(Guide, scene.guide.id).radius_km == 15


def test_a_bad_offer_is_refused_and_kept(guide_client):
    response = save(guide_client, postcode="abc", last_name="Kept", slots=[])
    assert response.status_code == 422
    assert 'value="Kept"' in response.text
    assert 'id="postcode-error"' in response.text
    assert 'id="slots-error"' in response.text


def test_a_break_begins_and_ends(app, guide_client, scene):
    guide_client.get("/guide/pause")
    assert guide_client.post("/guide/pause", data={"until": "2020-01-01"}).status_code == 422
    assert guide_client.post("/guide/pause", data={"until": "2099-05-01"}).location == "/guide/"
    with app.extensions["lotsen_db"].reading() as session:
        assert session.get_one(Guide, scene.guide.id).paused_until == date(2099, 5, 1)
    assert "1 May 2099" in guide_client.get("/guide/").text
    assert guide_client.post("/guide/resume").location == "/guide/"
    with app.extensions["lotsen_db"].reading() as session:
        assert not session.get_one(Guide, scene.guide.id).paused


def test_the_number_of_queries_is_small_and_does_not_grow_with_the_pairings(app, guide_client, scene):
    def queries():
        with counted(app.extensions["lotsen_db"].engine) as statements:
            guide_client.get("/guide/")
        assert len(set(statements)) == len(statements), "the same is asked twice"
        return len(statements)

    assert queries() <= 6
    add(app, scene.request, scene.guide, State.OFFERED)
    assert queries() <= 6
    change(app, scene.guide, capacity=10)
    grown = set()
    for _number in range(6):
        with app.extensions["lotsen_db"].transaction() as session:
            other = make.request(session, session.merge(scene.office))
        add(app, other, scene.guide, State.ACTIVE)
        grown.add(queries())
    assert grown == {11}


def test_others_do_not_come_in(client, app, scene):
    assert client.get("/guide/").location.startswith("/login")
    with app.extensions["lotsen_db"].transaction() as session:
        make.account(session, Role.COORDINATOR, session.merge(scene.office), email="office@example.org")
    client.sign_in("office@example.org", make.PASSWORD)
    for path in ("/guide/", "/guide/profile", "/guide/pause", "/guide/pairings/1/decline"):
        assert client.get(path).status_code == 404


def test_a_guides_questions_stand_first_and_are_answered_by_one_tap(app, guide_client, scene):
    running = add(app, scene.request, scene.guide, State.ACTIVE)
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        number = checkins.ask(session, session.get_one(Pairing, running), Question.CHECK_IN, clock.now()).id
    page = guide_client.get("/guide/").text
    assert page.index("A question for you") < page.index("How is it going?") < page.index("Your pairing")
    assert "Next step: you, by" in page
    guide_client.post(f"/guide/questions/{number}/good")
    page = guide_client.get("/guide/").text
    assert "How is it going?" not in page
    assert "We are glad." in page
    assert guide_client.post("/guide/questions/4711/good").status_code == 404


def test_the_day_after_the_first_meeting_the_guide_says_whether_it_took_place(app, guide_client, scene):
    approved = add(app, scene.request, scene.guide, State.APPROVED, first_meeting_at=clock.now())
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        checkins.ask(session, session.get_one(Pairing, approved), Question.FIRST_MEETING, clock.now())
    page = guide_client.get("/guide/").text
    assert page.count(f"/guide/pairings/{approved}/meet") == 1
    guide_client.post(f"/guide/pairings/{approved}/meet")
    assert state_of(app, approved) is State.TRIAL
    assert "Did your first meeting" not in guide_client.get("/guide/").text
