"""Matching in the office: runs, figures, weights with a preview, decisions against the matcher."""

import re
from threading import Event as Stop

import pytest
from sqlmodel import select

from lotsen import clock
from lotsen.jobs.match import match_asked
from lotsen.models import Event, MatchRun, Municipality, Override, Pairing
from lotsen.rules.pairing import State
from lotsen.rules.settings import Weighing
from tests import factories as make
from tests.web.offices import Desk


@pytest.fixture
def desk(app, client):
    return Desk(app, client)


def fields(**changes):
    return {name: str(value) for name, value in (Weighing().model_dump() | changes).items()}


def test_a_run_is_asked_for_followed_and_ends_on_its_figures(desk, client, app):
    assert "There has been no run yet" in client.get("/office/matching").text
    answer = client.post("/office/matching")
    waiting = client.get(answer.location)
    assert "Waits for its turn" in waiting.text
    assert waiting.headers["Refresh"] == "3"
    assert "Refresh" not in client.get(answer.location.partition("?")[0]).headers
    assert "A run is under way" in client.get("/office/matching").text
    match_asked(app, clock.now, Stop())
    page = client.get(answer.location)
    assert "1 suggestion is new" in page.text
    assert "Refresh" not in page.headers
    assert "Who finds a guide, by group" in page.text
    assert "no group is passed over more than chance explains" in page.text


def test_other_offices_runs_are_not_there(desk, client):
    with desk.writing() as session:
        other = make.municipality(session, "03403", "Oldenburg")
        session.add_all([MatchRun(municipality_id=number, queued_at=clock.now()) for number in (other.id, None)])
        session.flush()
        numbers = session.exec(select(MatchRun.id)).all()
    assert [client.get(f"/office/matching/runs/{number}").status_code for number in numbers] == [404, 404]
    assert "There has been no run yet" in client.get("/office/matching").text


def test_weights_are_tried_before_they_are_saved_and_who_changed_them_is_kept(desk, client):
    with desk.writing() as session:
        desk.guide = session.merge(desk.guide)
        desk.guide.radius_km = 1.0
        make.request(session, session.get_one(Municipality, desk.office_id), about={"latitude": 52.64})
        session.delete(session.merge(desk.request))
    client.get("/office/matching/settings")
    bad = client.post("/office/matching/settings", data=fields(distance="viel", extra_radius_km=21))
    assert (bad.status_code, 'value="viel"' in bad.text, 'value="21"' in bad.text) == (422, True, True)
    tried = client.post("/office/matching/settings", data=fields(extra_radius_km=5, distance="1,5")).text
    assert "With these settings, 1 more person is placed." in tried
    with desk.writing() as session:
        assert session.get_one(Municipality, desk.office_id).settings.weighing == Weighing()
    assert client.post("/office/matching/settings/save", data=fields(language=3)).status_code == 422
    assert client.post("/office/matching/settings/save", data=fields(extra_radius_km=5, distance=2)).status_code == 302
    with desk.writing() as session:
        assert session.get_one(Municipality, desk.office_id).settings.weighing == Weighing(distance=2)
        event = session.exec(select(Event).where(Event.what == "weighing_changed")).one()
        assert (event.account_id, event.note) == (desk.kim.id, "distance 1 → 2")
    assert "distance 1 → 2" in client.get("/office/matching/settings").text
    assert client.post("/office/matching/settings/save", data=fields(distance="1,5")).status_code == 302
    in_german = client.get("/office/matching/settings?lang=de").text
    boxes = [box for box in re.findall(r"<input[^>]*>", in_german) if 'name="distance"' in box]
    assert len(boxes) == 1
    assert 'type="text"' in boxes[0]
    assert 'value="1,5"' in boxes[0]
    assert 'value="1.0"' not in in_german
    assert 'value="viel"' in client.post("/office/matching/settings", data=fields(distance="viel")).text


def test_a_decision_against_the_matcher_stands_beside_its_opinion(desk, client):
    with desk.writing() as session:
        make.guide(session, session.get_one(Municipality, desk.office_id), completed=10, capacity=3)
    pairing = desk.pair(score=0.42, reasons=[{"criterion": "distance", "code": "distance_far", "contribution": 0.1}])
    assert desk.act(pairing, "dismiss", reason="not_suitable", note="Zerstritten").status_code == 302
    with desk.writing() as session:
        kept = session.exec(select(Override)).one()
        assert (kept.action, kept.reason, kept.because, kept.candidates) == (
            "dismiss",
            "not_suitable",
            "Zerstritten",
            2,
        )
        assert session.get_one(Pairing, pairing).state is State.DISMISSED
    for address in (f"/office/pairings/{pairing}", "/office/matching"):
        page = client.get(address).text
        assert "Chance 42" in page
        assert "of 2 who fit" in page
        assert "Zerstritten" in page
