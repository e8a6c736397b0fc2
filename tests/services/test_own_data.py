"""The copy is complete and erasure leaves nothing: unique words in every column, looked for in copy, dump and file."""

import json
from pathlib import Path

import pytest
from sqlmodel import col, select

from lotsen.models import Account, AuditEntry, Event, Guide, Pairing, Person, Request, purpose
from lotsen.models.audit import Did
from lotsen.rules.errors import NotAllowed, NotFound
from lotsen.rules.pairing import Side, State
from lotsen.rules.vocabulary import RequestState, Role
from lotsen.services import erasure, own_data, traces
from lotsen.services.actor import Actor
from tests import factories as make
from tests import planted

SIDES = [Side.NEWCOMER, Side.GUIDE]


def stored_people(database) -> tuple[int, int]:
    with database.transaction() as session:
        return tuple(person.id for person in planted.world(session))


@pytest.mark.parametrize("side", SIDES)
def test_the_copy_has_every_word_and_nothing_of_the_way_in(database, now, side):
    own, _other = stored_people(database) if side is Side.NEWCOMER else stored_people(database)[::-1]
    with database.transaction() as session:
        words = planted.plant(session, session.get_one(Person, own))
    with database.reading() as session:
        text = json.dumps(own_data.copy(session, own, now), ensure_ascii=False)
    models = purpose.models()
    secret = {word for word, (name, column) in words.items() if purpose.by_column(models[name])[column].secret}
    lost = {where for word, where in words.items() if word not in text and word not in secret} - withheld(side)
    assert lost == set()
    assert [words[word] for word in secret if word in text] == []
    assert {"password_hash", "code_digest", "digest"} <= {words[word][1] for word in secret}


def withheld(side: Side) -> set[tuple[str, str]]:
    """What the made-up rows say in the other's name: theirs (Art. 15(4) GDPR)."""
    return {("meeting", "note"), ("event", "note")} if side is Side.GUIDE else set()


@pytest.mark.parametrize("side", SIDES)
def test_erasure_leaves_no_trace_in_a_dump_nor_in_the_file(database, database_url, now, side):
    people = stored_people(database)
    own, other = people if side is Side.NEWCOMER else people[::-1]
    with database.transaction() as session:
        person = session.get_one(Person, own)
        words = [*planted.plant(session, person), "52.98765"]
        person.latitude = 52.98765
        session.add(person)
    with database.reading() as session:
        sealed = planted.ciphertexts(session, session.get_one(Person, own))
        before = planted.everything(session)
    assert sealed
    assert all(word in before for word in sealed)
    with database.transaction() as session:
        erasure.erase(session, own, Actor(side, None, None, own), now)
    database.scrub()
    with database.reading() as session:
        after = planted.everything(session)
        assert session.get_one(Person, other).first_name.startswith("Person")
    assert [word for word in [*words, *sealed] if word in after] == []
    if database_url.startswith("sqlite"):
        path = Path(database_url.removeprefix("sqlite:///"))
        raw = b"".join(each.read_bytes() for each in path.parent.glob(path.name + "*") if each.name[-4:] != "-shm")
        assert [word for word in [*words, *sealed] if word.encode() in raw] == []


def test_every_table_that_can_lead_to_a_person_was_looked_at(database):
    people = stored_people(database)
    with database.reading() as session:
        reached = {name for person in people for name in traces.of_people(session, {person})}
    leading = {"person"}
    for table in purpose.SQLModel.metadata.sorted_tables:
        if {key.column.table.name for key in table.foreign_keys} & leading - {"municipality", "referrer"}:
            leading.add(table.name)
    assert leading - reached == {"matchrun", "absence"}  # of staff alone


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("state", [State.SUGGESTED, State.OFFERED, State.ACCEPTED, State.AGREED, State.APPROVED,
                                   State.TRIAL, State.ACTIVE, State.PAUSED, State.ENDED])  # fmt: skip
def test_what_runs_is_ended_kindly_and_counts_stay(session, now, side, state):
    office = make.municipality(session)
    asked, guide = make.request(session, office), make.guide(session, office)
    pairing = make.pairing(session, asked, guide, state)
    own, other = (asked, guide) if side is Side.NEWCOMER else (guide, asked)
    erasure.erase(session, own.person_id, Actor(side, None, None, own.person_id), now)
    session.flush()
    session.expire_all()
    gone = {State.SUGGESTED: State.DISMISSED, State.TRIAL: State.ENDED, State.ACTIVE: State.ENDED,
            State.PAUSED: State.ENDED, State.ENDED: State.ENDED}  # fmt: skip
    declined = side is Side.GUIDE and state is State.OFFERED
    assert session.get_one(Pairing, pairing.id).state is (
        State.DECLINED if declined else gone.get(state, State.WITHDRAWN)
    )
    left = session.get_one(Guide, guide.id)
    assert (left.offered, left.taken) == (0, 0)
    expected = RequestState.CLOSED if side is Side.NEWCOMER else RequestState.OPEN
    assert session.get_one(Request, asked.id).state is expected
    assert session.get_one(Person, other.person_id).erased_at is None
    assert session.get_one(Person, own.person_id).erased_at == now
    assert session.exec(select(Event.note).where(col(Event.note).is_not(None))).all() == []


def test_the_account_is_closed_and_the_audit_log_knows_it(session, now):
    office = make.municipality(session)
    person = session.get_one(Person, make.request(session, office).person_id)
    account = make.account(session, Role.NEWCOMER, office, person=person, email="lea@example.org")
    erasure.erase(session, person.id, Actor(Side.NEWCOMER, account.id, None, person.id), now)
    session.flush()
    session.expire_all()
    shell = session.get_one(Account, account.id)
    assert (shell.active, shell.email, shell.password_hash, shell.code_digest) == (False, None, None, None)
    entry = session.exec(select(AuditEntry).where(AuditEntry.person_id == person.id)).one()
    assert (entry.did, entry.account_id) == (Did.ERASED, account.id)


def test_while_a_report_is_looked_at_nothing_is_erased(session, now):
    office = make.municipality(session)
    asked, guide = make.request(session, office), make.guide(session, office)
    make.pairing(session, asked, guide, State.SUSPENDED)
    with pytest.raises(NotAllowed, match="report_open"):
        erasure.erase(session, guide.person_id, Actor(Side.GUIDE, None, None, guide.person_id), now)


def test_nobody_erases_somebody_else(session, now):
    office, far = make.municipality(session), make.municipality(session, "03403000", "Oldenburg")
    asked, guide = make.request(session, office), make.guide(session, office)
    strangers = [Actor(Side.GUIDE, None, None, guide.person_id), Actor(Side.OFFICE, None, far.id, None)]
    for stranger in strangers:
        with pytest.raises(NotFound):
            erasure.erase(session, asked.person_id, stranger, now)


def test_each_column_that_goes_can_be_emptied():
    for model in purpose.models().values():
        if not purpose.vanishes(model):
            for column in purpose.goes(model):
                erasure.empty(model, column)
