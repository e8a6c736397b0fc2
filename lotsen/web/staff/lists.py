"""The lists of whoever looks after staff accounts, as sheets."""

from collections.abc import Callable
from typing import Final

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db, words
from lotsen.access import audience
from lotsen.rules.vocabulary import Role
from lotsen.services import colleagues, organisations
from lotsen.services.paging import WHOLE
from lotsen.sheets import Cell
from lotsen.web.staff import colleagues as pages
from lotsen.web.staff.blueprint import bp, manager
from lotsen.web.take_away import Table, hand_out


@bp.post("/export")
@audience(Role.COORDINATOR, Role.ADMIN)
def export() -> ResponseReturnValue:
    """Hand out a list."""
    manager()
    return hand_out(LISTS)


def of_colleagues() -> Table:
    """The staff accounts."""
    found = colleagues.listed(db.reading(), manager(), size=WHOLE).items
    columns = [_("Name"), _("Email"), _("Role"), _("Lead"), _("Municipality"), _("Access")]
    rows: list[list[Cell]] = [
        [
            line.account.name, line.account.email, words.word(line.account.role, "role"),
            _("yes") if line.account.is_lead else _("no"), line.municipality, pages.access_of(line)[0],
        ]
        for line in found
    ]  # fmt: skip
    return Table(_("Colleagues"), {}, columns, rows)


def of_access() -> Table:
    """Who let whom in or out."""
    rows: list[list[Cell]] = [
        [line["when"], line["who"], line["what"], line["whom"]] for line in pages.history(manager(), WHOLE)
    ]
    return Table(_("Who let whom in or out"), {}, [_("When"), _("Who"), _("What"), _("Whom")], rows)


def of_organisations() -> Table:
    """The organisations that refer people."""
    found = organisations.listed(db.reading(), manager(), size=WHOLE).items
    columns = [
        _("Organisation"), _("Municipality"), _("Kind"), _("People with access"), _("Tokens in use"), _("Referrals")
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            line.organisation.name, line.municipality, words.word(line.organisation.kind, "referrer_kind"),
            line.people, line.tokens, line.referrals,
        ]
        for line in found
    ]  # fmt: skip
    return Table(_("Organisations that refer people"), {}, columns, rows)


#: By the name that a form sends.
LISTS: Final[dict[str, Callable[[], Table]]] = {
    "colleagues": of_colleagues,
    "access": of_access,
    "organisations": of_organisations,
}
