"""Taking over people from an office's own list: read, tried, confirmed, stored in portions, undone.

Nothing of the file is a person before the office confirms. `advance` does one portion of whatever is under way, in one
short transaction: the page that asks does the first, the job the others, and a portion that was interrupted is done
again from where it stood.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from lotsen.models import Account, Guide, Municipality, Person
from lotsen.models.importing import ImportBatch, ImportKind, ImportStage
from lotsen.rules import sheet_rows
from lotsen.rules.answers import GuideAnswers, RequestAnswers
from lotsen.rules.errors import Conflict, DomainError, NotFound
from lotsen.rules.pairing import Side
from lotsen.services import beside, guides, import_undo, requests
from lotsen.services.actor import Actor
from lotsen.services.import_rows import Parsed, parse, sheet
from lotsen.services.persons import ConsentGiven

KEEP: Final = timedelta(days=7)
#: So many rows are done in one transaction.
PORTION: Final = {ImportStage.CHECKING: 2000, ImportStage.STORING: 50, ImportStage.UNDOING: 50}
#: What is being done, and what it becomes.
WORKING: Final = {
    ImportStage.CHECKING: ImportStage.CHECKED,
    ImportStage.STORING: ImportStage.STORED,
    ImportStage.UNDOING: ImportStage.UNDONE,
}


class ColumnsMissing(DomainError):
    """Columns that every row needs are in none."""

    code = "columns_missing"


def begin(
    session: Session, kind: ImportKind, sheets: dict[str, list[list[str]]], actor: Actor, now: datetime
) -> ImportBatch:
    """Keep a file that was read, encrypted, until the office has decided."""
    batch = ImportBatch(
        municipality_id=actor.municipality_id or 0,
        account_id=actor.account_id or 0,
        kind=kind,
        stage=ImportStage.SHEET,
        created_at=now,
        expires_at=now + KEEP,
        content=json.dumps(sheets),
    )
    session.add(batch)
    session.flush()
    if len(sheets) == 1:
        choose_sheet(session, batch.id or 0, actor, next(iter(sheets)))
    return batch


def of_office(session: Session, batch_id: int, actor: Actor, *, lock: bool = False) -> ImportBatch:
    """Return a file of the actor's own office. Raises `NotFound` for foreign and missing ones."""
    batch = session.get(ImportBatch, batch_id, populate_existing=True, with_for_update=lock)
    if batch is None or actor.side is not Side.OFFICE or batch.municipality_id != actor.municipality_id:
        raise NotFound
    return batch


def listed(session: Session, municipality_id: int) -> Sequence[ImportBatch]:
    """Return an office's files, the newest first."""
    query = select(ImportBatch).where(ImportBatch.municipality_id == municipality_id)
    return session.exec(query.order_by(col(ImportBatch.id).desc()).limit(20)).all()


def _at(session: Session, batch_id: int, actor: Actor, *stages: ImportStage) -> ImportBatch:
    """Return a file that stands where it may, locked. Raises `NotFound` and `Conflict`."""
    batch = of_office(session, batch_id, actor, lock=True)
    if batch.stage not in stages:
        raise Conflict
    session.add(batch)
    return batch


def choose_sheet(session: Session, batch_id: int, actor: Actor, name: str) -> ImportBatch:
    """Keep one sheet of the file and guess what its columns hold. Raises `NotFound` and `Conflict`."""
    batch = _at(session, batch_id, actor, ImportStage.SHEET)
    sheets = json.loads(batch.content or "{}")
    if name not in sheets:
        raise Conflict
    batch.content, batch.stage = json.dumps({name: sheets[name]}), ImportStage.COLUMNS
    batch.columns, batch.total = sheet_rows.guess(sheets[name][0], batch.kind), len(sheets[name]) - 1
    return batch


def map_columns(
    session: Session, batch_id: int, actor: Actor, columns: dict[str, str], *, dates: bool, consent: str | None
) -> ImportBatch:
    """Note what the columns hold, and begin the dry run. Raises `ColumnsMissing`."""
    batch = _at(session, batch_id, actor, ImportStage.COLUMNS, ImportStage.CHECKED)
    known = {column: name for column, name in columns.items() if name in sheet_rows.FIELDS[batch.kind]}
    missing = [name for name in sheet_rows.NEEDED[batch.kind] if name not in known.values()]
    if missing or len(set(known.values())) < len(known):
        raise ColumnsMissing(missing=missing)
    batch.columns, batch.dates, batch.consent = known, dates, consent
    batch.stage, batch.position, batch.findings, batch.skipped = ImportStage.CHECKING, 0, None, []
    return batch


def confirm(session: Session, batch_id: int, actor: Actor, leave_out: set[int]) -> ImportBatch:
    """Take over every row without a problem but those of `leave_out`."""
    batch = _at(session, batch_id, actor, ImportStage.CHECKED)
    batch.skipped, batch.stage, batch.position = sorted(leave_out), ImportStage.STORING, 0
    batch.account_id = actor.account_id or batch.account_id
    return batch


def undo(session: Session, batch_id: int, actor: Actor) -> ImportBatch:
    """Begin to take everything back that nothing was built on."""
    batch = _at(session, batch_id, actor, ImportStage.STORED)
    batch.stage, batch.position, batch.total, batch.remaining = ImportStage.UNDOING, 0, len(batch.stored), []
    return batch


def give_up(session: Session, batch_id: int, actor: Actor) -> ImportBatch:
    """Delete a file of which nothing was stored, or that is undone. Return what it was."""
    waiting = (ImportStage.SHEET, ImportStage.COLUMNS, ImportStage.CHECKED, ImportStage.UNDONE)
    batch = _at(session, batch_id, actor, *waiting)
    session.delete(batch)
    return batch


def under_way(session: Session) -> list[int]:
    """Return the files of which something is being done."""
    query = select(ImportBatch.id).where(col(ImportBatch.stage).in_(list(WORKING)))
    return [number or 0 for number in session.exec(query.order_by(col(ImportBatch.id)))]


def advance(session: Session, batch_id: int, now: datetime) -> int:
    """Do one portion of what is under way; return how many rows are left."""
    batch = session.get(ImportBatch, batch_id, populate_existing=True, with_for_update=True)
    if batch is None or batch.stage not in WORKING:
        return 0
    session.add(batch)
    until = min(batch.position + PORTION[batch.stage], batch.total)
    {ImportStage.CHECKING: _check, ImportStage.STORING: _store, ImportStage.UNDOING: _undo}[batch.stage](
        session, batch, until, now
    )
    batch.position = until
    if until >= batch.total:
        if batch.stage is not ImportStage.CHECKING:
            batch.content = batch.findings = None
        batch.stage = WORKING[batch.stage]
    return batch.total - until if batch.stage in WORKING else 0


def findings(batch: ImportBatch) -> dict[int, dict[str, Any]]:
    """Return what the dry run found: row -> {"problems": [[field, code, value], …], "same": [[where, what], …]}."""
    return {int(number): found for number, found in _noted(batch, "rows").items()}


def _noted(batch: ImportBatch, what: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(batch.findings or "{}").get(what, {})
    return found


def _note(batch: ImportBatch, rows: dict[int, dict[str, Any]], keys: dict[str, int] | None = None) -> None:
    """Keep what was found, and, until the last portion is read, the keys under which the rows so far are known."""
    batch.findings = json.dumps({"rows": rows, "keys": keys or {}})


def _radius(session: Session, batch: ImportBatch) -> int:
    return session.get_one(Municipality, batch.municipality_id).settings.default_radius_km


def _check(session: Session, batch: ImportBatch, until: int, now: datetime) -> None:
    rows, found, radius = sheet(batch), findings(batch), _radius(session, batch)
    # what earlier portions read counts as a double, too
    known = _noted(batch, "keys") | dict.fromkeys(_known(session, batch), 0)
    new = {number: parse(rows[number], batch, radius) for number in range(batch.position + 1, until + 1)}
    taken = _taken(session, batch, {each.email for each in new.values() if each.email})
    for number, parsed in new.items():
        problems = [[each.field, each.code, each.value] for each in parsed.problems]
        problems += [["email", "email_taken", parsed.email]] if parsed.email in taken else []
        keys = {what: what + key for what, key in _keys(parsed)}
        same = [[str(known[key]), what] for what, key in keys.items() if key in known]
        if problems or same:
            found[number] = {"problems": problems, "same": same}
        for key in keys.values():
            known.setdefault(key, number)
    _note(batch, found, {key: number for key, number in known.items() if number and until < batch.total})


def _taken(session: Session, batch: ImportBatch, addresses: set[str]) -> set[str]:
    """Return the addresses with which somebody signs in already: a guide's can belong to one account only."""
    if batch.kind is ImportKind.NEWCOMERS or not addresses:
        return set()
    return {email or "" for email in session.exec(select(Account.email).where(col(Account.email).in_(addresses)))}


def _keys(parsed: Parsed) -> list[tuple[str, str]]:
    """Return under what somebody may be known already."""
    answers = parsed.answers
    if answers is None:
        return []
    last = answers.last_name if isinstance(answers, GuideAnswers) else ""
    keys = [("name", sheet_rows.fold(answers.first_name + last) + answers.postcode)]
    keys += [("email", parsed.email)] if parsed.email else []
    return keys + ([("phone", answers.phone)] if answers.phone else [])


def _known(session: Session, batch: ImportBatch) -> set[str]:
    """Return under which keys the office's own people are known: by name and place, address and number."""
    query = select(Person.first_name, Person.last_name, Person.postcode, Person.email, Person.phone)  # type: ignore[call-overload]  # SQLModel's types end at four columns
    query = query.where(Person.municipality_id == batch.municipality_id, col(Person.erased_at).is_(None))
    known: set[str] = set()
    for first, last, postcode, email, phone in session.exec(query):
        names = {"name" + sheet_rows.fold(first + last) + postcode, "name" + sheet_rows.fold(first) + postcode}
        if batch.kind is ImportKind.GUIDES and last:
            names = {"name" + sheet_rows.fold(first + last) + postcode}
        known |= names | ({"email" + email.lower()} if email else set()) | ({"phone" + phone} if phone else set())
    return known


def _store(session: Session, batch: ImportBatch, until: int, now: datetime) -> None:
    rows, found, radius = sheet(batch), findings(batch), _radius(session, batch)
    actor = Actor(Side.OFFICE, batch.account_id, batch.municipality_id)
    stored = list(batch.stored)
    for number in range(batch.position + 1, until + 1):
        if number in batch.skipped or found.get(number, {}).get("problems"):
            continue
        parsed = parse(rows[number], batch, radius)
        try:
            with session.begin_nested():
                stored.append([number, _enter(session, batch, parsed, actor, now)])
        except (DomainError, IntegrityError):  # an address that was taken since the dry run
            found[number] = {"problems": [["email", "email_taken", ""]], "same": []}
    batch.stored = stored
    batch.remaining = [[number, 0, _first(each)] for number, each in found.items() if each["problems"]]
    _note(batch, found)


def _first(found: dict[str, Any]) -> str:
    """Return why a row was not stored: the code, or the field that needs a correction."""
    field, code, _value = found["problems"][0]
    return str(code if code in {"email_taken", "no_consent"} else field)


def _enter(session: Session, batch: ImportBatch, parsed: Parsed, actor: Actor, now: datetime) -> int:
    kind = "request" if batch.kind is ImportKind.NEWCOMERS else "volunteer"
    text = " · ".join(part for part in (batch.consent, parsed.consent) if part)
    # not today's text: whoever signs in is asked to agree to that one
    own = session.get_one(Account, batch.account_id).locale
    consent = ConsentGiven(kind, "list", text, own, reads=parsed.locale)
    if isinstance(parsed.answers, RequestAnswers):
        request, _code = requests.receive(session, parsed.answers, consent, now, actor=actor)
        return request.person_id
    if parsed.answers is None:
        raise NotFound
    if parsed.email:
        guide, _account = guides.enrol(session, parsed.answers, parsed.email, consent, now)
    else:  # the code is nobody's yet: the letter that brings one makes it anew
        guide, _code = beside.enrol(session, parsed.answers, consent, actor, now)
    guide.address_confirmed, guide.training_lessons = True, parsed.lessons
    session.flush()
    if batch.dates:
        _date(session, guide, parsed, actor, now)
    return guide.person_id


def _date(session: Session, guide: Guide, parsed: Parsed, actor: Actor, now: datetime) -> None:
    """Take over the days for which the office vouches."""
    number, dates = guide.id or 0, parsed.dates
    if "interview_on" in dates:
        guides.interview(session, number, actor, now, on=dates["interview_on"], note=None)
    if "conduct_seen_on" in dates:
        guides.see_conduct_check(
            session, number, actor, now, seen_on=dates["conduct_seen_on"], valid_until=dates["conduct_valid_until"]
        )
    if "cleared_on" in dates:
        guides.clear(session, number, actor, now)


def _undo(session: Session, batch: ImportBatch, until: int, now: datetime) -> None:
    remaining = list(batch.remaining)
    for number, person_id in batch.stored[batch.position : until]:
        why = import_undo.built_on(session, person_id)
        if why:
            remaining.append([number, person_id, why])
        else:
            import_undo.take_back(session, person_id, now)
    batch.remaining = remaining
