"""The worklist: what waits for a decision today."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db
from lotsen.access import audience
from lotsen.rules.handover import Matter
from lotsen.rules.vocabulary import Role
from lotsen.services import absences
from lotsen.services.worklist import KINDS, RELEASE, Entry, Filters, worklist
from lotsen.web import query
from lotsen.web.forms.tasks import MINE, NOBODYS, NarrowForm
from lotsen.web.office.blueprint import bp
from lotsen.web.office.present import brief, percent, today
from lotsen.web.office.reasons import reason_text, why_waits
from lotsen.web.office.tasks import colleagues
from lotsen.web.use_case import actor


@bp.get("/", endpoint="worklist")
@audience(Role.COORDINATOR)
def show() -> ResponseReturnValue:
    """Show one list of everything that needs the office."""
    me, day = actor(), today()
    narrow = NarrowForm(colleagues(), formdata=request.args)
    mine = absences.stands_in_for(db.reading(), me.account_id, day)
    filters = narrowed(narrow, mine)
    found = worklist(db.reading(), me.municipality_id or 0, me.account_id, day, filters, query.page())
    return render_template(
        "pages/office/worklist.html",
        found=found,
        filters=filters,
        narrow=narrow,
        narrowed=bool(filters.town or filters.language or narrow.chosen("whose") not in {"", MINE}),
        stands_in=[name for key, name in colleagues(plain=True).items() if key in mine and key != me.account_id],
        tick=request.args.get("tick"),
        kinds=KINDS,
        me=me,
        today=day,
        why=why,
        case=case,
    )


def narrowed(narrow: NarrowForm, mine: frozenset[int | None]) -> Filters:
    """Return what the address asks for; what it does not offer counts as nothing."""
    kind, whose = request.args.get("kind", ""), narrow.chosen("whose")
    owners = {"": None, MINE: mine, NOBODYS: frozenset({None})}
    return Filters(
        kind if kind in KINDS else "",
        owners[whose] if whose in owners else frozenset({int(whose)}),
        bool(request.args.get("overdue")),
        narrow.town.data or "",
        narrow.chosen("language"),
    )


def why(entry: Entry) -> list[str]:
    """Return in sentences why a matter stands in the list."""
    if entry.kind == RELEASE and entry.score is not None:
        chance = _("Estimated chance %(chance)s", chance=percent(entry.score))
        return [chance, *(reason_text(reason) for reason in brief(entry.why))]
    if entry.interviewed and entry.kind == Matter.NEW_GUIDE:
        return [_("The interview was held; clearance is missing.")]
    return why_waits(entry.kind, entry.why)


def case(entry: Entry) -> str:
    """Return the page on which a matter is decided."""
    if entry.pairing_id:
        return url_for("office.pairing", pairing_id=entry.pairing_id)
    if entry.request_id:
        return url_for("office.request", request_id=entry.request_id)
    if entry.move_id:
        return url_for("office.move", move_id=entry.move_id)
    if entry.guide_id:
        return url_for("office.guide", guide_id=entry.guide_id)
    return url_for("office.task", task_id=entry.task_id)
