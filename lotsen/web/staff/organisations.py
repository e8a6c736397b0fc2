"""Organisations that refer people: their name and kind, who refers for them, the tokens of their software."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Referrer
from lotsen.rules.vocabulary import ReferrerKind, Role
from lotsen.services import api_tokens, offices, organisations
from lotsen.web import query
from lotsen.web.forms.colleagues import OrganisationForm, TokenForm
from lotsen.web.staff.blueprint import bp, manager
from lotsen.web.use_case import attempt


@bp.get("/organisations", endpoint="organisations")
@audience(Role.COORDINATOR, Role.ADMIN)
def listed() -> ResponseReturnValue:
    """List the organisations."""
    by = manager()
    number = query.page()
    page = organisations.listed(db.reading(), by, number)
    return render_template("pages/staff/organisations.html", page=page, everywhere=by.role is Role.ADMIN)


@bp.route("/organisations/new", methods=["GET", "POST"])
@audience(Role.COORDINATOR, Role.ADMIN)
def new_organisation() -> ResponseReturnValue:
    """Add an organisation."""
    by = manager()
    form = OrganisationForm.of(by, offices.everyone(db.reading()))
    if form.validate_on_submit():
        name, kind = form.name.data or "", ReferrerKind(form.kind.data)
        try:
            added = db.run(lambda session: organisations.add(session, by, name, kind, form.place))
        except organisations.NameTaken:
            form.name.errors = [_("There is an organisation of this name already.")]
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("staff.organisation", referrer_id=added.id))
    return render_template("pages/staff/organisation_form.html", form=form), 422 if form.errors else 200


@bp.get("/organisations/<int:referrer_id>")
@audience(Role.COORDINATOR, Role.ADMIN)
def organisation(referrer_id: int) -> ResponseReturnValue:
    """Show an organisation."""
    return show(organisations.one(db.reading(), referrer_id, manager()), TokenForm())


@bp.route("/organisations/<int:referrer_id>/change", methods=["GET", "POST"])
@audience(Role.COORDINATOR, Role.ADMIN)
def change_organisation(referrer_id: int) -> ResponseReturnValue:
    """Change an organisation's name and kind."""
    by = manager()
    found = organisations.one(db.reading(), referrer_id, by)
    form = OrganisationForm.of(by, [], found)
    if form.validate_on_submit():
        name, kind = form.name.data or "", ReferrerKind(form.kind.data)
        try:
            db.run(lambda session: organisations.change(session, referrer_id, by, name, kind))
        except organisations.NameTaken:
            form.name.errors = [_("There is an organisation of this name already.")]
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("staff.organisation", referrer_id=referrer_id))
    return render_template("pages/staff/organisation_form.html", form=form, found=found), 422 if form.errors else 200


@bp.post("/organisations/<int:referrer_id>/tokens")
@audience(Role.COORDINATOR, Role.ADMIN)
def issue_token(referrer_id: int) -> ResponseReturnValue:
    """Issue a token and show it, this once: loaded anew, the page says that its name is taken."""
    by, form, secret = manager(), TokenForm(), ""
    found = organisations.one(db.reading(), referrer_id, by)
    if form.validate_on_submit():
        name = form.token_name.data or ""
        try:
            _token, secret = db.run(lambda session: api_tokens.issue(session, referrer_id, name, by, now()))
        except api_tokens.NameTaken:
            form.token_name.errors = [_("A token of this name is in use. Revoke it first, or choose another name.")]
        else:
            form = TokenForm(formdata=None)
    return show(found, form, secret), 422 if form.errors else 200


@bp.post("/organisations/tokens/<int:token_id>/revoke")
@audience(Role.COORDINATOR, Role.ADMIN)
def revoke_token(token_id: int) -> ResponseReturnValue:
    """End a token at once."""
    by = manager()
    referrer_id = api_tokens.one(db.reading(), token_id, by).referrer_id
    attempt(
        lambda session: api_tokens.revoke(session, token_id, by, now()),
        _("The token is revoked. The software does not get in any more."),
    )
    return redirect(url_for("staff.organisation", referrer_id=referrer_id))


def show(found: Referrer, form: TokenForm, secret: str = "") -> str:
    """Return an organisation's page; `secret` is a token that was just issued."""
    return render_template(
        "pages/staff/organisation.html",
        organisation=found,
        people=organisations.people(db.reading(), found.id or 0),
        tokens=api_tokens.of_organisation(db.reading(), found.id or 0),
        form=form,
        secret=secret,
        api_address=url_for("api.openapi", _external=True),
    )
