"""The office's own report for funders: counts and hours between two days, as a page, on paper and as a file."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from lotsen import db, sheets, words
from lotsen.access import audience
from lotsen.clock import now
from lotsen.documents import Document
from lotsen.i18n import DEFAULT
from lotsen.rules.suppression import THRESHOLD
from lotsen.rules.vocabulary import Role
from lotsen.services import casefile, proof_of_use
from lotsen.services.proof_of_use import Proof
from lotsen.sheets import Cell, Sheet
from lotsen.web import papers
from lotsen.web.office.blueprint import bp
from lotsen.web.office.insured import asked, days
from lotsen.web.use_case import actor


@bp.get("/proof-of-use", endpoint="proof_of_use")
@audience(Role.COORDINATOR)
def overview() -> ResponseReturnValue:
    """Show the figures between two days: this year's, where none are asked for."""
    form = asked()
    since, until, right = days(form)
    proof = proof_of_use.prove(db.reading(), actor().municipality_id or 0, since, until)
    period = {"since": since.isoformat(), "until": until.isoformat()}
    return render_template(
        "pages/office/proof_of_use.html", form=form, proof=proof, lines=lines(proof), period=period, threshold=THRESHOLD
    ), 200 if right else 422


@bp.get(f"/proof-of-use.{papers.KIND}", endpoint="proof_of_use_paper")
@audience(Role.COORDINATOR)
@papers.sparingly
def paper(kind: str) -> ResponseReturnValue:
    """Return the report on paper, in German."""
    document = Document(
        template="proof_of_use",
        title=lazy_gettext("Proof of use: volunteer guides"),
        locales=(DEFAULT,),
        office=casefile.office_of(db.reading(), actor()),
        values={"proof": _asked(), "lines": lines, "written_at": now()},
    )
    return papers.deliver(document, kind, "Verwendungsnachweis")


@bp.get("/proof-of-use.csv", endpoint="proof_of_use_file")
@audience(Role.COORDINATOR)
def file() -> ResponseReturnValue:
    """Return the same figures for a spreadsheet program."""
    proof = _asked()
    facts = [
        (_("Office"), casefile.office_of(db.reading(), actor()).office_name),
        (_("Period"), f"{words.day(proof.since)} – {words.day(proof.until)}"),
        (_("Exported by"), current_user.name or current_user.email or ""),
        (_("Exported at"), words.moment(now())),
    ]
    rows: list[list[Cell]] = [[name, value] for name, value in lines(proof)]
    sheet = Sheet(_("Proof of use: volunteer guides"), facts, [_("What is counted"), _("Value")], rows)
    headers = {"Content-Disposition": f'attachment; filename="lotsen-proof-of-use-{proof.since}-{proof.until}.csv"'}
    return Response(sheets.as_csv(sheet), mimetype="text/csv", headers=headers)


def _asked() -> Proof:
    since, until, _right = days(asked())
    return proof_of_use.prove(db.reading(), actor().municipality_id or 0, since, until)


def lines(proof: Proof) -> list[tuple[str, int | float]]:
    """Return each figure with its name."""
    kinds = [
        (_("Hours: %(kind)s", kind=words.word(kind, "meeting_kind")), round(given.minutes / 60, 2))
        for kind, given in proof.given.items()
    ]
    return [
        (_("Newcomers who asked for a guide"), proof.received),
        (_("Newcomers who found a guide"), proof.placed),
        (_("Pairs in contact"), proof.pairs),
        (_("Newcomers accompanied"), proof.accompanied),
        (_("Guides who accompanied somebody"), proof.guides),
        (_("Pairings ended"), proof.ended),
        (_("Pairings that reached their goal"), proof.completed),
        (_("Guides who registered"), proof.registered),
        (_("Guides who were cleared"), proof.cleared),
        (_("Guides with training recorded"), proof.trained),
        (_("Meetings"), proof.meetings),
        (_("Hours given"), round(proof.minutes / 60, 2)),
        *kinds,
        (_("Kilometres driven"), round(proof.metres / 1000, 1)),
        (_("Expenses in euros"), round(proof.expenses_cents / 100, 2)),
    ]
