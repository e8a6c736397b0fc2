"""A file of people: tried, confirmed, stored in portions, undone; on both databases."""

import json
from datetime import timedelta

import pytest
from sqlmodel import select, text

from lotsen.models import Account, Consent, Guide, ImportBatch, Mail, Person, Request
from lotsen.models.audit import Did
from lotsen.models.importing import ImportKind, ImportStage
from lotsen.rules.errors import Conflict, NotFound
from lotsen.services import audit, beside, import_undo, imports, retention
from lotsen.services.imports import ColumnsMissing
from tests import factories as make

GUIDES = [
    ["Vorname", "Name", "PLZ", "E-Mail", "Telefon", "Sprachen", "Themen", "Zeiten", "Einwilligung", "Gespräch am",
     "Führungszeugnis", "Führungszeugnis bis", "Freigabe"],
    ["Anna", "Berg", "29221", "anna@example.net", "0171 3920099", "Deutsch, Arabisch B2", "Wohnen", "Mo abends", "ja",
     "2026-01-10", "2026-01-12", "2029-01-12", "2026-01-13"],
    ["Bodo", "", "123", "bodo", "12", "Klingonisch", "Quatsch", "nie", "nein", "gestern", "", "", ""],
    ["anna", "BERG", "29221", "anna2@example.net", "", "Deutsch", "Arbeit", "", "x", "", "", "", ""],
]  # fmt: skip
NEWCOMERS = [
    ["Vorname", "PLZ", "Sprachen", "Themen", "Haushalt", "Einwilligung"],
    ["Amal", "29221", "Arabisch", "Behörden, Wohnen", "alleinstehend", "01.02.2026"],
    ["Leyla", "29221", "Türkisch", "Schule", "Familie", ""],
]


@pytest.fixture
def office(session):
    return make.municipality(session)


@pytest.fixture
def kim(session, office):
    return make.coordinator(session, office)


def tried(session, kim, now, kind, rows, **choices):
    batch = imports.begin(session, kind, {"Liste": rows}, kim, now)
    options = {"dates": False, "consent": None} | choices
    imports.map_columns(session, batch.id, kim, batch.columns, **options)
    finish(session, batch, now)
    return batch


def finish(session, batch, now):
    while imports.advance(session, batch.id, now):
        pass
    session.flush()


def stored(session, kim, now, batch, leave_out=frozenset()):
    imports.confirm(session, batch.id, kim, set(leave_out))
    finish(session, batch, now)
    return batch


def test_every_fault_of_a_row_is_found_and_nothing_is_stored_by_trying(session, kim, now):
    batch = tried(session, kim, now, ImportKind.GUIDES, GUIDES)
    assert batch.stage is ImportStage.CHECKED
    found = imports.findings(batch)
    codes = {(name, code) for name, code, _value in found[2]["problems"]}
    assert codes == {
        ("last_name", "missing"), ("postcode", "bad_postcode"), ("email", "bad_email"), ("phone", "bad_phone"),
        ("languages", "bad_languages"), ("topics", "bad_topics"), ("slots", "bad_slots"), ("consent", "no_consent"),
        ("interview_on", "bad_day"),
    }  # fmt: skip
    assert found[3] == {"problems": [], "same": [["1", "name"]]}
    assert session.exec(select(Person)).all() == []


def test_a_guide_is_stored_uncleared_with_the_proof_of_consent_and_seen_in_the_worklist(session, kim, now):
    batch = stored(session, kim, now, tried(session, kim, now, ImportKind.GUIDES, GUIDES), {3})
    guide = session.exec(select(Guide)).one()
    assert (guide.interview_on, guide.cleared_on, guide.conduct_valid_until) == (None, None, None)
    assert guide.address_confirmed
    assert session.exec(select(Consent)).one().text == "ja"
    assert (batch.stage, batch.content, batch.findings) == (ImportStage.STORED, None, None)


def test_a_guide_without_email_is_stored_found_again_by_name_or_number_let_in_by_a_letter_and_undone(session, kim, now):
    without = [[cell for number, cell in enumerate(row) if number != 3] for row in GUIDES[:2]]
    batch = stored(session, kim, now, tried(session, kim, now, ImportKind.GUIDES, without))
    [[_row, person_id]] = batch.stored
    [(number, name)] = beside.coming_by_code(session, [person_id])
    assert name == "Anna Berg"
    other = [*without[1]]
    other[0] = "Änne"
    again = tried(session, kim, now, ImportKind.GUIDES, [without[0], without[1], other])
    assert imports.findings(again) == {
        1: {"problems": [], "same": [["0", "name"], ["0", "phone"]]}, 2: {"problems": [], "same": [["0", "phone"]]},
    }  # fmt: skip
    imports.undo(session, batch.id, kim)
    finish(session, batch, now)
    assert (
        session.exec(select(Person)).all()
        == session.exec(select(Account).where(Account.person_id == person_id)).all()
        == []
    )
    batch = stored(session, kim, now, tried(session, kim, now, ImportKind.GUIDES, without))
    [(number, _name)] = beside.coming_by_code(session, [person for _row, person in batch.stored])
    assert beside.new_code(session, number, kim, now)


def test_days_count_only_where_the_office_vouches_for_them(session, kim, now):
    stored(session, kim, now, tried(session, kim, now, ImportKind.GUIDES, GUIDES, dates=True), {3})
    guide = session.exec(select(Guide)).one()
    assert str(guide.interview_on) == "2026-01-10"
    assert str(guide.conduct_valid_until) == "2029-01-12"
    assert guide.cleared_on is not None


def test_letters_go_out_in_the_language_that_the_list_names_and_the_radius_is_the_offices_own(
    session, kim, now, office
):
    office.settings_changes = {**office.settings_changes, "default_radius_km": 23}
    rows = [[*GUIDES[0][:9], "Sprache für Briefe"], [*GUIDES[1][:9], "Farsi"], [*GUIDES[3][:9], "Sorani"]]
    batch = tried(session, kim, now, ImportKind.GUIDES, rows)
    assert imports.findings(batch)[2]["problems"] == [["locale", "bad_locale", "Sorani"]], "offered to nobody yet"
    stored(session, kim, now, batch)
    person = session.exec(select(Person)).one()
    assert (person.locale, session.exec(select(Account).where(Account.person_id == person.id)).one().locale) == (
        "fa-AF", "fa-AF",
    )  # fmt: skip
    assert session.exec(select(Consent)).one().locale == "de", "the proof's own words"
    assert session.exec(select(Guide)).one().radius_km == 23


def test_newcomers_without_recorded_consent_are_refused_unless_the_office_vouches(session, kim, now):
    batch = stored(session, kim, now, tried(session, kim, now, ImportKind.NEWCOMERS, NEWCOMERS))
    assert [person.first_name for person in session.exec(select(Person))] == ["Amal"]
    assert batch.remaining == [[2, 0, "no_consent"]]
    again = tried(session, kim, now, ImportKind.NEWCOMERS, NEWCOMERS, consent="All agreed.")
    assert imports.findings(again) == {1: {"problems": [], "same": [["0", "name"]]}}
    stored(session, kim, now, again, {1})
    texts = {proof.text for proof in session.exec(select(Consent))}
    assert texts == {"01.02.2026", "All agreed."}
    assert len(session.exec(select(Request)).all()) == 2


def test_doubles_are_found_by_address_and_number_but_never_in_other_offices(session, kim, now):
    far = make.municipality(session, "03403000", "Oldenburg")
    make.person(session, far, first_name="Amal", phone="+491713920099")
    rows = [[*NEWCOMERS[0], "Telefon", "E-Mail"], [*NEWCOMERS[1], "0171 3920099", "a@example.net"]]
    assert imports.findings(tried(session, kim, now, ImportKind.NEWCOMERS, rows)) == {}
    office = session.exec(select(Person)).first()
    office.municipality_id, office.first_name, office.email = kim.municipality_id, "Mona", "A@example.net"
    session.add(office)
    session.flush()
    found = imports.findings(tried(session, kim, now, ImportKind.NEWCOMERS, rows))
    assert found[1]["same"] == [["0", "email"], ["0", "phone"]]


def test_an_undoing_leaves_no_row_and_keeps_whom_something_was_built_on(session, kim, now):
    batch = stored(session, kim, now, tried(session, kim, now, ImportKind.GUIDES, GUIDES))
    first, second = (person_id for _number, person_id in batch.stored)
    guide = session.exec(select(Guide).where(Guide.person_id == first)).one()
    make.pairing(
        session,
        make.request(session, session.get(type(make.municipality(session, "1", "X")), kim.municipality_id)),
        guide,
    )
    imports.undo(session, batch.id, kim)
    finish(session, batch, now)
    assert batch.stage is ImportStage.UNDONE
    assert batch.remaining == [[1, first, "pairing"]]
    assert session.get(Person, second) is None
    assert session.exec(select(Account).where(Account.person_id == second)).all() == []
    assert import_undo.built_on(session, first) == "pairing"


def test_undoing_newcomers_takes_their_unsent_mails_along(session, kim, now):
    rows = [[*NEWCOMERS[0], "E-Mail"], [*NEWCOMERS[1], "a@example.net"]]
    batch = stored(session, kim, now, tried(session, kim, now, ImportKind.NEWCOMERS, rows))
    assert session.exec(select(Mail)).all()
    imports.undo(session, batch.id, kim)
    finish(session, batch, now)
    for model in (Mail, Request, Person, Consent):
        assert session.exec(select(model)).all() == []


def test_whose_file_was_looked_at_is_erased_because_the_log_forgets_nothing(session, kim, now):
    batch = stored(session, kim, now, tried(session, kim, now, ImportKind.NEWCOMERS, NEWCOMERS))
    person = session.get(Person, batch.stored[0][1])
    audit.record(session, Did.SAW, kim, now, person=person)
    imports.undo(session, batch.id, kim)
    finish(session, batch, now)
    left = session.exec(select(Person)).one()
    assert (left.first_name, left.phone, left.postcode) == ("–", None, "")
    assert left.erased_at is not None


def test_the_file_waits_encrypted_and_goes_after_a_week(session, kim, now):
    batch = tried(session, kim, now, ImportKind.NEWCOMERS, NEWCOMERS)
    session.flush()
    raw = session.execute(text("SELECT content, findings FROM importbatch")).one()
    assert "Amal" not in str(raw)
    assert "Amal" in batch.content
    retention.run(session, now + timedelta(days=6))
    assert session.exec(select(ImportBatch)).all()
    retention.run(session, now + timedelta(days=8))
    assert session.exec(select(ImportBatch)).all() == []


def test_other_offices_and_wrong_steps_are_refused(session, kim, now):
    batch = imports.begin(session, ImportKind.GUIDES, {"A": GUIDES, "B": GUIDES}, kim, now)
    stranger = make.coordinator(session, make.municipality(session, "03403000", "Oldenburg"))
    with pytest.raises(NotFound):
        imports.choose_sheet(session, batch.id, stranger, "A")
    with pytest.raises(Conflict):
        imports.choose_sheet(session, batch.id, kim, "C")
    with pytest.raises(Conflict):
        imports.confirm(session, batch.id, kim, set())
    imports.choose_sheet(session, batch.id, kim, "B")
    assert list(json.loads(batch.content)) == ["B"]
    with pytest.raises(ColumnsMissing):
        imports.map_columns(session, batch.id, kim, {"0": "first_name"}, dates=False, consent=None)
    imports.give_up(session, batch.id, kim)
    session.flush()
    assert session.get(ImportBatch, batch.id) is None


@pytest.mark.parametrize("session", ["sqlite"], indirect=True)
def test_ten_thousand_rows_are_checked_in_five_portions_and_the_last_still_doubles_the_first(session, kim, now):
    good, bad = NEWCOMERS[1], ["", "1", "?", "?", "?", ""]
    batch = imports.begin(session, ImportKind.NEWCOMERS, {"A": [NEWCOMERS[0], good, *[bad] * 9_998, good]}, kim, now)
    imports.map_columns(session, batch.id, kim, batch.columns, dates=False, consent=None)
    left = [imports.advance(session, batch.id, now) for _portion in range(5)]
    assert left == [8000, 6000, 4000, 2000, 0]
    found = imports.findings(batch)
    assert set(found) == set(range(2, 10_001))
    assert found[10_000] == {"problems": [], "same": [["1", "name"]]}
    assert json.loads(batch.findings)["keys"] == {}, "by what rows are known is kept no longer than it is needed"
