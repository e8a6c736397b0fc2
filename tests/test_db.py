"""The database file forgets what was deleted, nobody waits for it, and sessions know what they changed."""

import time
from pathlib import Path

import pytest
from flask_babel import gettext
from sqlalchemy import text
from sqlmodel import col, func, select, update

from lotsen import i18n
from lotsen.db import reading, transaction
from lotsen.models import Municipality
from tests import factories as make


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_busy_reader_keeps_the_log_and_nobody_else_waiting(database, database_url):
    log = Path(database_url.removeprefix("sqlite:///") + "-wal")
    with database.reading() as reader:
        reader.execute(text("SELECT count(*) FROM municipality"))
        with database.transaction() as session:
            make.municipality(session)
        began = time.monotonic()
        database.scrub()  # a writer waits for fifteen seconds before it gives up: so long nobody may be kept
        assert time.monotonic() - began < 7
        assert log.stat().st_size > 0
    database.scrub()
    assert log.stat().st_size == 0
    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA busy_timeout")).scalar_one() == 15000


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_text_that_is_asked_for_amid_a_change_does_not_hide_the_change(app):
    with app.test_request_context("/"), i18n.speaking("de"):
        with transaction() as session:
            make.municipality(session)
            assert gettext("Language") == "Sprache"
        assert reading().exec(select(func.count()).select_from(Municipality)).one() == 1


def test_a_conditional_change_brings_the_rows_it_met_up_to_date_whatever_the_session_held(database):
    with database.transaction() as session:
        first, second = make.municipality(session, "03241"), make.municipality(session, "03101", "Braunschweig")
        session.flush()
        session.connection().execute(text("UPDATE municipality SET name = 'Hannover' WHERE code = '03241'"))
        renamed = update(Municipality).where(col(Municipality.name) == "Hannover").values(name="Linden")
        assert session.exec(renamed).rowcount == 1
        assert (first.name, second.name) == ("Linden", "Braunschweig")
        assert session.exec(renamed).rowcount == 0
