"""The office looks for somebody: found by ear, and no name in an address or a log."""

import logging

import pytest

from lotsen.rules.vocabulary import Role
from tests import factories as make
from tests.web.offices import Desk


@pytest.fixture
def desk(app, client):
    return Desk(app, client)


def search(client, typed):
    client.get("/office/search")
    return client.post("/office/search", data={"look-q": typed})


def test_somebody_is_found_by_ear_and_the_list_is_there_again_after_a_visit(desk, client, caplog):
    with caplog.at_level(logging.DEBUG):
        answer = search(client, "Amaal")
        assert (answer.status_code, answer.location) == (302, "/office/search")
        page = client.get("/office/search")
    assert f'href="/office/requests/{desk.request.id}"' in page.text
    assert 'value="Amaal"' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "Amaal" not in caplog.text
    with client.session_transaction() as kept:
        assert "office_look_up" in kept
        assert "Amaal" not in str(dict(kept))
    client.get(f"/office/requests/{desk.request.id}")
    assert f'href="/office/requests/{desk.request.id}"' in client.get("/office/search").text
    search(client, "Lindquist")
    assert f'href="/office/guides/{desk.guide.id}"' in client.get("/office/search").text


def test_too_little_is_refused_and_kept_and_nobody_found_is_said(desk, client):
    client.get("/office/search")
    short = client.post("/office/search", data={"look-q": "A"})
    assert short.status_code == 422
    assert 'value="A"' in short.text
    search(client, "Zacharias")
    assert "Nobody here fits" in client.get("/office/search").text


def test_another_municipality_finds_nobody(desk, client, app):
    with desk.writing() as session:
        emden = make.municipality(session, "03402000", "Emden")
        make.account(session, Role.COORDINATOR, emden, name="Fremd", email="fremd@example.org")
    stranger = app.test_client()
    stranger.get("/login?lang=en")
    stranger.sign_in("fremd@example.org", make.PASSWORD)
    search(stranger, "Amal")
    assert "Nobody here fits" in stranger.get("/office/search").text


def test_names_are_no_filter_of_lists_any_more(desk, client):
    for page in ("requests", "guides"):
        assert 'name="q"' not in client.get(f"/office/{page}").text
