"""Keys of free text change while people go on working; the old one can be taken away afterwards."""

import secrets

from cryptography.fernet import Fernet
from sqlmodel import select

from lotsen import crypto
from lotsen.models import Event, Request
from lotsen.services import keys
from tests import factories as make
from tests.conftest import DATA_KEY

SECRET = secrets.token_urlsafe(48)


def test_after_a_rotation_the_old_key_is_not_needed(database):
    with database.transaction() as session:
        office = make.municipality(session)
        for number in range(5):
            make.request(session, office, note=f"Notiz {number}")
        make.request(session, office)
    new = Fernet.generate_key().decode()
    crypto.configure((new, DATA_KEY), SECRET)
    assert keys.rotate(database, batch=2) == {"rotated": 5}
    crypto.configure((new,), SECRET)
    with database.reading() as session:
        notes = session.exec(select(Request.note).order_by(Request.id)).all()
    assert notes == [*(f"Notiz {number}" for number in range(5)), None]


def test_what_fits_no_key_is_counted_and_left_as_it_is(database):
    lost = Fernet.generate_key().decode()
    crypto.configure((lost,), SECRET)
    with database.transaction() as session:
        make.request(session, make.municipality(session), note="verschlossen")
    crypto.configure((DATA_KEY,), SECRET)
    assert keys.rotate(database) == {"unreadable": 1}
    crypto.configure((lost,), SECRET)
    with database.reading() as session:
        assert session.exec(select(Request.note)).one() == "verschlossen"
        assert session.exec(select(Event)).all() == []


def test_the_command_says_what_it_did(app):
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        make.request(session, make.municipality(session), note="Notiz")
    answer = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert answer.exit_code == 0
    assert answer.output.startswith("1 texts are under the newest key")
