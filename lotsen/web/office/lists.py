"""The office's lists as sheets: what stands on the page, row by row, narrowed as the address says. No notes."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user

from lotsen import db, places, words
from lotsen.clock import now
from lotsen.rules.calendar import local_date
from lotsen.services import absences, audit, casefile, caseload, hours, insured, match_runs, people
from lotsen.services import worklist as matters
from lotsen.services.narrowing import Wanted
from lotsen.services.overview import overview
from lotsen.services.paging import WHOLE
from lotsen.sheets import Cell
from lotsen.web.forms.office import Search
from lotsen.web.forms.tasks import NarrowForm
from lotsen.web.office import audit_words, guides, overview_pictures, pairings, requests, worklist
from lotsen.web.office import insured as insured_page
from lotsen.web.office.present import today
from lotsen.web.office.tasks import colleagues
from lotsen.web.take_away import Filters, Table
from lotsen.web.use_case import actor


def _many(codes: Any, kind: str) -> str:
    return ", ".join(words.word(code, kind) for code in codes)


def _languages(spoken: dict[str, str]) -> str:
    return ", ".join(f"{words.language_name(code)} {level}" for code, level in spoken.items())


def _searched(wanted: Wanted) -> Filters:
    found: Filters = {("town", places.town(wanted.town) or "*"): wanted.town} if wanted.town else {}
    if wanted.language:
        found["language", wanted.language] = words.language_name(wanted.language)
    if wanted.topic:
        found["topic", wanted.topic] = words.word(wanted.topic, "topic")
    return found


def of_requests() -> Table:
    """Newcomers in one state."""
    state, wanted = requests.narrowed(Search(formdata=request.args))
    found = people.requests(db.reading(), actor().municipality_id or 0, state, wanted, size=WHOLE).items
    columns = [_("First name"), _("Place"), _("Waiting since"), _("Languages"), _("Needs"), _("Household"), _("State")]
    rows: list[list[Cell]] = [
        [
            line.first_name, line.town, local_date(line.waiting_since), _languages(line.languages),
            _many(line.topics, "topic"), words.word(line.household, "household"),
            words.word(line.state, "request_state"),
        ]
        for line in found
    ]  # fmt: skip
    filters = {("state", str(state)): words.word(state, "request_state")} | _searched(wanted)
    return Table(_("Newcomers"), filters, columns, rows, ("request_id", [line.id for line in found]))


def of_guides() -> Table:
    """Guides of one list."""
    office = casefile.office_of(db.reading(), actor())
    which, wanted = guides.narrowed(Search(formdata=request.args))
    notice = office.settings.conduct_notice_days[0]
    found = people.guides(db.reading(), office.id or 0, which, wanted, today(), notice, size=WHOLE).items
    columns = [
        _("First name"), _("Last name"), _("Place"), _("Languages"), _("Offers"), _("Places"), _("Places taken"),
        _("Interview"), _("Cleared"), _("Certificate until"), _("Lessons of training"), _("Paused"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            line.first_name, line.last_name, line.town, _languages(line.languages),
            _many(line.guide.topics, "topic"), line.guide.capacity, line.guide.taken, line.guide.interview_on,
            line.guide.cleared_on, line.guide.conduct_valid_until, line.guide.training_lessons,
            _("yes") if line.guide.paused else _("no"),
        ]
        for line in found
    ]  # fmt: skip
    filters = {("show", str(which)): words.word(which, "guide_list")} | _searched(wanted)
    return Table(_("Guides"), filters, columns, rows, ("guide_id", [line.id for line in found]))


def of_pairings() -> Table:
    """Pairings in one state, or those that are open."""
    wanted, states = pairings.narrowed()
    found = caseload.pairings(db.reading(), actor().municipality_id or 0, states, size=WHOLE).items
    columns = [_("Newcomer"), _("Place"), _("Guide"), _("Place"), _("State"), _("Since"), _("Needs an interpreter")]
    rows: list[list[Cell]] = [
        [
            line.newcomer.first_name, line.newcomer.town, line.guide.first_name, line.guide.town,
            words.word(line.state, "pairing_state"), local_date(line.state_since),
            _("yes") if line.needs_interpreter else _("no"),
        ]
        for line in found
    ]  # fmt: skip
    filters = {("state", wanted): words.word(wanted, "pairing_state")} if wanted else {("state", "open"): _("All open")}
    return Table(_("Pairings"), filters, columns, rows, ("pairing_id", [line.id for line in found]))


def of_worklist() -> Table:
    """What waits for the office."""
    me, narrow = actor(), NarrowForm(colleagues(), formdata=request.args)
    filters = worklist.narrowed(narrow, absences.stands_in_for(db.reading(), me.account_id, today()))
    found = matters.worklist(
        db.reading(), me.municipality_id or 0, me.account_id, today(), filters, size=WHOLE
    ).page.items
    columns = [_("Matter"), _("Due on"), _("Newcomer"), _("Guide"), _("Whose task"), _("Why")]
    rows: list[list[Cell]] = [
        [
            words.word(entry.kind, "matter"), entry.due_on, entry.newcomer.first_name if entry.newcomer else "",
            entry.guide.first_name if entry.guide else "", entry.assignee, " · ".join(worklist.why(entry)),
        ]
        for entry in found
    ]  # fmt: skip
    whose = narrow.chosen("whose")
    chosen: Filters = {
        ("kind", filters.kind): words.word(filters.kind, "matter") if filters.kind else "",
        ("whose", whose): str(dict(narrow.whose.choices or ()).get(whose, "")) if whose else "",  # type: ignore[arg-type]  # pairs
        ("overdue", "1"): _("Overdue") if filters.overdue else "",
    }
    chosen |= _searched(Wanted(filters.language, town=filters.town))
    return Table(
        _("Worklist"), {key: word for key, word in chosen.items() if word}, columns, rows,
        ("task_id", [entry.task_id for entry in found if entry.task_id]),
    )  # fmt: skip


def of_hours() -> Table:
    """The meetings that guides logged in one year."""
    year = min(max(request.args.get("year", today().year, type=int), 2000), 9998)
    found = hours.entries(db.reading(), actor().municipality_id or 0, year)
    columns = [_("First name"), _("Last name"), _("Day"), _("Kind"), _("Hours"), _("Kilometres"), _("Expenses (€)")]
    rows: list[list[Cell]] = [
        [
            each.first_name, each.last_name, each.held_on, words.word(each.kind, "meeting_kind"),
            each.minutes / 60, each.metres / 1000, each.expenses_cents / 100,
        ]
        for each in found
    ]  # fmt: skip
    numbers = sorted({each.person_id for each in found})
    return Table(_("Meetings and hours"), {("year", str(year)): str(year)}, columns, rows, ("person_id", numbers))


def of_insured() -> Table:
    """Who was insured between two days."""
    since, until, _right = insured_page.days(insured_page.asked())
    found = insured.listed(db.reading(), actor().municipality_id or 0, since, until)
    rows: list[list[Cell]] = [[each.last_name, each.first_name, each.begins_on, each.ends_on] for each in found]
    days = f"{words.day(since)} – {words.day(until)}"
    columns = [_("Last name"), _("First name"), _("From"), _("Until")]
    return Table(
        _("Insured list"),
        {("days", f"{since}/{until}"): days},
        columns,
        rows,
        ("guide_id", [each.guide_id for each in found]),
    )


def of_absences() -> Table:
    """Who is away today and to come, and who stands in."""
    found = absences.listed(db.reading(), actor().municipality_id or 0, today())
    columns = [_("Who is away?"), _("From"), _("Until"), _("Who stands in?")]
    rows: list[list[Cell]] = [
        [each.name, each.absence.begins_on, each.absence.ends_on, each.substitute] for each in found
    ]
    return Table(_("Absences"), {}, columns, rows)


def of_views() -> Table:
    """The audit log, for the office's lead alone; files by number, as on the page."""
    if not current_user.is_lead:
        abort(404)
    found = audit_words.newest(audit.newest(db.reading(), actor().municipality_id or 0, WHOLE))
    columns = [_("When"), _("Who"), _("What"), _("File number")]
    rows: list[list[Cell]] = [[each["when"], each["who"], each["what"], each["whose"]] for each in found]
    return Table(_("Who looked at files"), {}, columns, rows)


def of_picture(name: str) -> Table:
    """The figures beside one of the overview's pictures: counts, nobody's files."""
    pictures = overview_pictures.of(overview(db.reading(), actor().municipality_id or 0, now()))
    told = next(each for each in pictures if each.id == name)
    keys = [column["key"] for column in told.columns]
    rows: list[list[Cell]] = [[row[key] for key in keys] for row in told.rows]
    return Table(told.title, {}, [column["label"] for column in told.columns], rows)


def of_shortages() -> Table:
    """The guides whom the last matching run missed most: counts, nobody's files."""
    run = match_runs.newest(db.reading(), actor())
    columns = [_("Language"), _("Time"), _("More people placed"), _("People without a guide who would fit")]
    rows: list[list[Cell]] = [
        [
            words.language_name(missing["language"]), words.word(missing["time"], "missing_time"),
            missing["placed"], missing["asking"],
        ]
        for missing in (run.shortage if run else [])
    ]  # fmt: skip
    return Table(_("Where one more guide would help most"), {}, columns, rows)


#: By the name that a form sends.
LISTS: Final[dict[str, Callable[[], Table]]] = {
    "requests": of_requests,
    "guides": of_guides,
    "pairings": of_pairings,
    "worklist": of_worklist,
    "hours": of_hours,
    "insured": of_insured,
    "absences": of_absences,
    "views": of_views,
    "shortages": of_shortages,
    **{name: partial(of_picture, name) for name in overview_pictures.NAMES},
}
