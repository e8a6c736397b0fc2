"""A run of the matcher: followed on its way, kept with its figures, carried out once, whoever dies."""

from datetime import timedelta
from threading import Event

import pytest
from sqlmodel import select

from lotsen import clock
from lotsen.jobs.match import match, match_asked
from lotsen.models import JobRun, MatchRun, Pairing, Stage
from lotsen.services import match_runs
from tests import factories as make


@pytest.fixture
def database(app):
    return app.extensions["lotsen_db"]


def runs(database):
    with database.reading() as session:
        return session.exec(select(MatchRun).order_by(MatchRun.id)).all()


def test_the_nightly_run_leaves_a_row_for_all_and_one_for_each_office_with_its_own_people_alone(app, database):
    with database.transaction() as session:
        celle, oldenburg = make.municipality(session), make.municipality(session, "03403", "Oldenburg")
        make.guide(session, celle), make.request(session, celle), make.request(session, celle)
        make.request(session, oldenburg, about={"languages": {"ti": "C2"}})
    assert match(app, clock.now, Event()).done == 1
    whole, first, second = runs(database)
    assert (whole.municipality_id, whole.stage, whole.progress, whole.error) == (None, Stage.DONE, 100, None)
    assert (whole.figures["newcomers"], whole.figures["placed"], whole.figures["model"]) == (3, 1, "prior")
    assert [(run.municipality_id, run.part_of_id) for run in (first, second)] == [
        (celle.id, whole.id),
        (oldenburg.id, whole.id),
    ]
    assert (first.figures["newcomers"], first.figures["guides"], first.figures["placed"]) == (2, 1, 1)
    assert (second.figures["newcomers"], second.figures["guides"]) == (1, 0)
    assert first.changes == {"kept": 0, "new": 1, "dropped": 0}
    assert second.shortage[0]["language"] == "ti"
    assert "place" not in first.fairness
    assert match(app, clock.now, Event()).done == 0
    assert runs(database)[-2].changes == {"kept": 1, "new": 0, "dropped": 0}


def test_what_an_office_asked_for_is_carried_out_for_its_own_people_alone(app, database):
    with database.transaction() as session:
        celle, oldenburg = make.municipality(session), make.municipality(session, "03403", "Oldenburg")
        for office in (celle, oldenburg):
            make.guide(session, office), make.request(session, office)
        kim = make.coordinator(session, celle)
        first = match_runs.queue(session, kim, clock.now())
        assert match_runs.queue(session, kim, clock.now()) is first
    assert match_asked(app, clock.now, Event()).done == 1
    [run] = runs(database)
    assert (run.municipality_id, run.asked_by_id, run.stage) == (celle.id, kim.account_id, Stage.DONE)
    with database.reading() as session:
        assert session.exec(select(Pairing.municipality_id)).all() == [celle.id]


def test_a_run_whose_process_died_is_carried_out_by_the_next_one(app, database):
    with database.transaction() as session:
        match_runs.queue(session, make.coordinator(session, make.municipality(session)), clock.now())
        assert match_runs.claim(session, clock.now() - match_runs.LEASE / 2) is not None
        assert match_runs.claim(session, clock.now()) is None
    assert match_asked(app, lambda: clock.now() + match_runs.LEASE, Event()).failed == 0
    assert runs(database)[0].stage is Stage.DONE


def test_a_night_whose_process_died_before_it_asked_for_the_run_is_made_up_for_once(app, database):
    night = clock.now() - timedelta(minutes=5)
    with database.transaction() as session:
        session.add(JobRun(job="match", slot=night, started_at=night))
    for _ in range(2):
        assert match_asked(app, clock.now, Event()).failed == 0
        assert [run.stage for run in runs(database) if run.municipality_id is None] == [Stage.DONE]


def test_the_command_says_on_standard_error_how_far_it_is(app):
    result = app.test_cli_runner().invoke(args=["jobs", "once", "match"])
    assert [line.split()[0] for line in result.stderr.splitlines()] == ["10", "30", "65", "80", "100"]
    assert '"done": 0' in result.stdout
