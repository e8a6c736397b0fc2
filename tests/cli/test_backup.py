"""Backup and restore between real databases, while people work, and refusals that say what to do."""

import json
import shutil
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlmodel import SQLModel, func, select

from lotsen import crypto
from lotsen.cli.backup import CannotRestore, dump, load
from lotsen.db import Database
from lotsen.models import Consent, Municipality, Pairing, Person, Request
from lotsen.rules.pairing import State
from lotsen.rules.vocabulary import Role
from lotsen.services import accounts
from tests import factories as make
from tests.conftest import DATA_KEY, SECRET_KEY


@pytest.fixture
def empty(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """Another, empty SQLite database to restore into."""
    shutil.copy(sqlite_template, tmp_path / "empty.sqlite3")
    other = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    yield other
    other.engine.dispose()


def fill(database: Database) -> None:
    """One office, a pairing with secrets, an account with a status code."""
    with database.transaction() as session:
        office = make.municipality(session, settings_changes={"release": "automatic"})
        asked = make.request(session, office, note="leise Stimme 🌿", about={"first_name": "Amal أمل"})
        guide = make.guide(session, office)
        make.pairing(session, asked, guide, State.ACCEPTED, reasons=[{"code": "language", "value": "ar"}])
        person = session.get_one(Person, asked.person_id)
        accounts.open_account(session, Role.NEWCOMER, make.SPRING, person=person, code="7K2M-PQ4T-9WXY")


def content(database: Database) -> dict[str, list[Any]]:
    """Every row of every table."""
    with database.reading() as session:
        tables = SQLModel.metadata.sorted_tables
        return {table.name: [tuple(row) for row in session.execute(select(table))] for table in tables}


def write(database: Database, file: Path) -> Path:
    with file.open("wb") as target:
        dump(database.engine, target)
    return file


def rewrite(file: Path, **changes: Any) -> Path:
    """The same backup with another manifest."""
    other = file.with_name(f"other-{'-'.join(changes)}.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            told = json.loads(old.read(name)) | changes if name == "manifest.json" else None
            new.writestr(name, json.dumps(told) if told else old.read(name))
    return other


def test_a_backup_of_either_database_restores_every_row(database, empty, tmp_path):
    fill(database)
    load(empty.engine, write(database, tmp_path / "backup.zip"))
    assert content(empty) == content(database)
    with empty.reading() as session:
        assert session.exec(select(Request)).one().note == "leise Stimme 🌿"
        assert accounts.by_code(session, "7K2M-PQ4T-9WXY") is not None


def test_a_backup_of_sqlite_restores_into_postgresql_which_counts_on(database, sqlite_template, tmp_path):
    shutil.copy(sqlite_template, tmp_path / "source.sqlite3")
    source = Database(f"sqlite:///{tmp_path / 'source.sqlite3'}")
    fill(source)
    load(database.engine, write(source, tmp_path / "backup.zip"))
    assert content(database) == content(source)
    with database.transaction() as session:
        office = session.exec(select(Municipality)).one()
        make.pairing(session, make.request(session, office), make.guide(session, office))
        assert session.exec(select(func.count()).select_from(Pairing)).one() == 2
    source.engine.dispose()


def test_free_text_stays_encrypted_in_the_backup(database, tmp_path):
    fill(database)
    with zipfile.ZipFile(write(database, tmp_path / "backup.zip")) as archive:
        assert b"leise Stimme" not in b"".join(archive.read(name) for name in archive.namelist())


def test_a_backup_sees_one_moment_while_people_go_on_working(database, empty, tmp_path):
    fill(database)
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            with database.transaction() as session:
                office = session.exec(select(Municipality)).one()
                person = make.person(session, office)
                session.add(
                    Consent(
                        person_id=person.id, kind="request", version="1", text="", locale="de", given_at=make.SPRING
                    )
                )

    with database.transaction() as session:
        before = session.exec(select(func.count()).select_from(Person)).one()
    worker = threading.Thread(target=work)
    worker.start()
    try:
        files = [write(database, tmp_path / f"{number}.zip") for number in range(5)]
    finally:
        stop.set()
        worker.join()
    for file in files:
        rows = json.loads(zipfile.ZipFile(file).read("manifest.json"))["rows"]
        assert rows["person"] - before == rows["consent"]
    load(empty.engine, files[-1])


def test_what_does_not_fit_is_refused_and_nothing_is_restored(database, empty, tmp_path):
    fill(database)
    file = write(database, tmp_path / "backup.zip")
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(file.read_bytes()[:-300])
    rows = json.loads(zipfile.ZipFile(file).read("manifest.json"))["rows"]
    for wrong, says in (
        (damaged, "damaged"),
        (rewrite(file, revision="0815"), "schema 0815"),
        (rewrite(file, format="other"), "format"),
        (rewrite(file, rows=rows | {"person": 99}), "incomplete"),
    ):
        with pytest.raises(CannotRestore, match=says):
            load(empty.engine, wrong)
    assert not any(content(empty).values())
    with pytest.raises(CannotRestore, match="not empty"):
        load(database.engine, file)


def test_a_backup_under_another_data_key_is_refused(database, empty, tmp_path):
    fill(database)
    file = write(database, tmp_path / "backup.zip")
    crypto.configure((Fernet.generate_key().decode(),), SECRET_KEY)
    with pytest.raises(CannotRestore, match="LOTSEN_DATA_KEY"):
        load(empty.engine, file)
    crypto.configure((DATA_KEY,), SECRET_KEY)


def test_the_commands_say_what_they_did_and_never_overwrite(app, tmp_path):
    run = app.test_cli_runner().invoke
    file = str(tmp_path / "today.zip")
    assert run(args=["backup", file]).exit_code == 0
    again = run(args=["backup", file])
    assert again.exit_code == 1
    assert "exists already" in again.output
    assert run(args=["restore", file]).output.startswith("0 rows restored")
    (tmp_path / "note.txt").write_text("no backup", encoding="utf-8")
    wrong = run(args=["restore", str(tmp_path / "note.txt")])
    assert wrong.exit_code == 1
    assert "not a backup" in wrong.output
    assert oct((tmp_path / "today.zip").stat().st_mode)[-3:] == "600"


def test_a_database_without_tables_is_told_to_upgrade_first(database, tmp_path):
    file = write(database, tmp_path / "backup.zip")
    bare = Database(f"sqlite:///{tmp_path / 'bare.sqlite3'}")
    with pytest.raises(CannotRestore, match="db upgrade"):
        load(bare.engine, file)
    bare.engine.dispose()
