"""What every template knows: the role's navigation, the office's name, whether the data is made up."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from flask import Flask, request, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user

from lotsen import db
from lotsen.models import Municipality
from lotsen.rules.vocabulary import Role
from lotsen.services import colleagues, offices


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation."""

    label: str
    url: str
    current: bool


#: Endpoint and label, per role, in the order of use.
NAVIGATION: Final[dict[Role, tuple[tuple[str, Any], ...]]] = {
    Role.NEWCOMER: (("newcomer.status", _("My request")),),
    Role.GUIDE: (
        ("guide.dashboard", _("Overview")),
        ("guide.hours", _("My hours")),
        ("guide.profile", _("My offer")),
    ),
    Role.COORDINATOR: (
        ("office.worklist", _("Worklist")),
        ("office.look_up", _("Search")),
        ("office.requests", _("Newcomers")),
        ("office.guides", _("Guides")),
        ("office.pairings", _("Pairings")),
        ("office.matching", _("Matching")),
        ("office.overview", _("Overview")),
        ("settings.choose", _("Settings")),
    ),
    Role.REFERRER: (("referrer.referrals", _("Referrals")),),
    Role.EVALUATOR: (("evaluation.overview", _("Evaluation")),),
    Role.REVIEWER: (("wording.overview", _("Translations")),),
    Role.ADMIN: (
        ("admin.overview", _("Operation")),
        ("mail_gallery.gallery", _("All mails")),
        ("wording.overview", _("Translations")),
        ("settings.choose", _("Settings")),
    ),
}

#: Pages that belong to no entry.
ASIDE: Final = frozenset({"office.help"})
#: For whoever looks after staff accounts besides.
MANAGERS: Final = (("staff.colleagues", _("Colleagues")),)


def init_app(app: Flask) -> None:
    """Add the context to every template."""
    app.context_processor(context)
    app.jinja_env.globals["static_url"] = static_url


def static_url(filename: str) -> str:
    """Return the address of a file in static/: a page names dozens, and the same ones each time."""
    return _static_url(request.script_root, filename)


@cache
def _static_url(_root: str, filename: str) -> str:
    return url_for("static", filename=filename)


def context() -> dict[str, Any]:
    """Return `nav`, `home_url`, `demo`, `site_title`, the own office, and whether the page can be left quickly."""
    return {
        "nav": navigation(),
        "home_url": home(),
        "demo": offices.is_demo(db.reading()),
        "site_title": "Lotsen",
        "quick_exit": quick_exit(),
        "own_office": own_office(),
    }


def own_office() -> Municipality | None:
    """Return the office of whoever is signed in: its logo stands at the top."""
    number = current_user.municipality_id if current_user and current_user.is_authenticated else None
    return db.reading().get(Municipality, number) if number else None


def quick_exit() -> bool:
    """Whether this page is a newcomer's: somebody may come into the room."""
    here = bool(current_user) and current_user.is_authenticated and current_user.role is Role.NEWCOMER
    return request.blueprint == "newcomer" or here


def navigation() -> list[NavItem]:
    """Return the signed-in role's navigation."""
    if not current_user or not current_user.is_authenticated:
        return []
    here = request.path
    entries = NAVIGATION[current_user.role] + (MANAGERS if colleagues.may_manage(current_user) else ())
    items = [(str(label), url_for(endpoint)) for endpoint, label in entries]
    leading = () if request.endpoint in ASIDE else (url for _label, url in items if here.startswith(url))
    best = max(leading, key=len, default="")
    return [NavItem(label, url, url == best) for label, url in items]


def home() -> str:
    """Return the first page of whoever is signed in, else the entry page."""
    if not current_user or not current_user.is_authenticated:
        return url_for("public.index")
    return url_for(NAVIGATION[current_user.role][0][0])
