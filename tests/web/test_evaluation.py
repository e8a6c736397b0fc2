"""The Land's figures: right, suppressed where small, and without anybody's name."""

import csv
import io
from datetime import timedelta

from sqlmodel import Session

from lotsen.rules.pairing import State
from lotsen.rules.vocabulary import RequestState, Role
from lotsen.services import evaluation
from tests import factories as make


def place(session: Session, office, count: int, state: RequestState, days: int | None = None) -> list:
    """So many requests in a state; placed after so many days."""
    placed = None if days is None else make.SPRING + timedelta(days=days)
    about = {"first_name": "Nobodysname"}
    return [make.request(session, office, state=state, placed_at=placed, about=about) for _ in range(count)]


def test_counts_and_waiting_times_are_those_of_the_requests(session):
    celle, oldenburg = make.municipality(session), make.municipality(session, "03403", "Oldenburg")
    for office, waits in ((celle, (10, 20, 30, 40, 50)), (oldenburg, (5,) * 9 + (60,))):
        for days in waits:
            place(session, office, 1, RequestState.PLACED, days)
        place(session, office, 6, RequestState.OPEN)
        place(session, office, 7, RequestState.CLOSED)
    figures = evaluation.evaluate(session)
    assert [row.name for row in figures.requests] == ["Celle", "Oldenburg", ""]
    assert figures.requests[0].figures == {"open": 6, "placed": 5, "closed": 7, "total": 18}
    assert figures.requests[-1].figures == {"open": 12, "placed": 15, "closed": 14, "total": 41}
    assert (figures.waiting["03351006"].median, figures.waiting["03351006"].p90) == (30, 50)
    assert (figures.waiting["03403"].median, figures.waiting["03403"].p90) == (5, 5)


def test_few_people_are_not_published_nor_their_waiting_time(session):
    celle, oldenburg = make.municipality(session), make.municipality(session, "03403", "Oldenburg")
    place(session, celle, 2, RequestState.PLACED, 10)
    place(session, celle, 20, RequestState.OPEN)
    place(session, oldenburg, 9, RequestState.PLACED, 10)
    place(session, oldenburg, 30, RequestState.OPEN)
    figures = evaluation.evaluate(session)
    assert figures.requests[0].figures["placed"] is None
    assert figures.waiting["03351006"].median is None
    assert figures.waiting[""].median == 10


def test_pairings_by_state_hide_with_their_phase(session):
    office = make.municipality(session)
    for state, count in ((State.ACTIVE, 8), (State.PAUSED, 2), (State.TRIAL, 6), (State.COMPLETED, 3)):
        for asked in place(session, office, count, RequestState.OPEN):
            make.pairing(session, asked, make.guide(session, office), state)
    figures = evaluation.evaluate(session)
    assert figures.states[State.PAUSED] is None
    assert figures.states[State.COMPLETED] is None
    assert all(count is None or count >= 5 for count in figures.states.values())


def test_an_empty_installation_has_no_figures(session):
    assert evaluation.evaluate(session).requests == []


def test_the_page_and_the_download_show_the_same_and_nobody(app, client):
    with app.extensions["lotsen_db"].transaction() as session:
        office = make.municipality(session)
        make.municipality(session, "03403", "Oldenburg")
        place(session, office, 12, RequestState.PLACED, 33)
        place(session, office, 15, RequestState.OPEN)
        make.account(session, Role.EVALUATOR, email="land@example.org")
    client.sign_in("land@example.org", make.PASSWORD)
    page = client.get("/evaluation/").text
    answer = client.get("/evaluation/figures.csv")
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    land = {(row["measure"], row["category"]): row["value"] for row in rows if not row["municipality_code"]}
    assert land["requests", "total"] in page
    assert land["waiting_days", "median"] == "33"
    assert "Nobodysname" not in page + answer.text
    assert all(row["value"] == "" or int(row["value"]) >= 5 for row in rows if row["measure"] != "waiting_days")
