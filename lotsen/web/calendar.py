"""The private calendar: an address for a phone's or computer's own calendar, shown once, ended at any time."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, current_app, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lotsen import crypto, db, i18n, words
from lotsen.access import PUBLIC, audience
from lotsen.clock import now
from lotsen.config import Config
from lotsen.models import Account
from lotsen.rules.calendar import BERLIN, local_date
from lotsen.security import limiter
from lotsen.services import feeds
from lotsen.services.feeds import Entry, Kind
from lotsen.web.navigation import home

if TYPE_CHECKING:
    from icalendar import Event

bp = Blueprint("calendar", __name__)

#: Where the session keeps a fresh address until its owner has seen it, encrypted: a cookie can be read.
_FRESH: Final = "calendar_address"


@bp.get("/calendar")
@audience(*feeds.ROLES)
def page() -> ResponseReturnValue:
    """Explain the calendar; show a fresh address, once."""
    secret = crypto.decrypt(session.pop(_FRESH)) if _FRESH in session else ""
    return render_template(
        "pages/calendar/page.html",
        feed=feeds.of_account(db.reading(), current_user.id),
        address=_base() + url_for("calendar.feed", secret=secret) if secret else "",
        back_url=home(),
    )


@bp.post("/calendar/open")
@audience(*feeds.ROLES)
@limiter.limit("20 per hour")
def open_feed() -> ResponseReturnValue:
    """Make an address; an old one ends."""
    own = current_user.id
    session[_FRESH] = crypto.encrypt(db.run(lambda writing: feeds.open_feed(writing, own, now())))
    return redirect(url_for("calendar.page"))


@bp.post("/calendar/close")
@audience(*feeds.ROLES)
def close_feed() -> ResponseReturnValue:
    """End the address."""
    own = current_user.id
    db.run(lambda writing: feeds.close_feed(writing, own))
    session.pop(_FRESH, None)
    return redirect(url_for("calendar.page"))


@bp.get("/calendar/feed/<secret>.ics")
@audience(PUBLIC)
@limiter.limit("600 per hour")
def feed(secret: str) -> ResponseReturnValue:
    """Return the dates behind a secret address: whoever has it reads them, and changes nothing."""
    account = feeds.account_behind(db.reading(), secret)
    locale = account.locale if account.locale in i18n.OFFERED else i18n.DEFAULT
    with i18n.speaking(locale):
        written = written_out(feeds.entries(db.reading(), account, now()), account)
    return Response(written, content_type="text/calendar; charset=utf-8")


def written_out(entries: list[Entry], account: Account) -> bytes:
    """Return the calendar (RFC 5545), in the current language."""
    from icalendar import Calendar, Event  # noqa: PLC0415 -- slow to import, and calendars alone ask for it

    calendar = Calendar()
    calendar.add("prodid", "-//Lotsen//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Lotsen")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_filled(Event(), entry, account))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _filled(event: "Event", entry: Entry, account: Account) -> "Event":
    event.add("uid", f"{entry.kind}-{entry.number}-{account.id}@{_host()}")
    event.add("dtstamp", entry.changed_at)
    event.add("summary", _title(entry))
    event.add("location", entry.town)
    if isinstance(entry.at, datetime) and entry.kind is not Kind.TRIAL_END:
        begins: Any = entry.at.astimezone(BERLIN)
        event.add("dtstart", begins)
        event.add("dtend", begins + timedelta(minutes=entry.minutes))
    else:
        event.add("dtstart", local_date(entry.at) if isinstance(entry.at, datetime) else entry.at)
        event.add("transp", "TRANSPARENT")
    return event


def _title(entry: Entry) -> str:
    names = words.listed(entry.names)
    told = {
        Kind.FIRST_MEETING: _("First meeting: %(names)s", names=names),
        Kind.TRIAL_END: _("The trial ends: %(names)s", names=names),
        Kind.APPOINTMENT: _("Appointment: %(names)s", names=names),
        Kind.MEETING: _("You met: %(names)s", names=names),
    }
    return str(told[entry.kind])


def _base() -> str:
    config: Config = current_app.extensions["lotsen_config"]
    return config.base_url.rstrip("/")


def _host() -> str:
    return _base().partition("://")[2]
