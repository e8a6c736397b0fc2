"""Newcomers: the list, a person's page with candidates, pairing by hand, closing, a new status code."""

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Request
from lotsen.rules.vocabulary import RequestKind, RequestState, Role
from lotsen.services import by_hand, casefile, people, requests, suggestion
from lotsen.services.casefile import RequestFile
from lotsen.services.narrowing import Wanted
from lotsen.web import query
from lotsen.web.forms.kinds import LengthForm
from lotsen.web.forms.office import ChooseForm, CloseRequestForm, Search, given
from lotsen.web.office import candidates, codes
from lotsen.web.office.blueprint import bp
from lotsen.web.office.decisions import attempt
from lotsen.web.referrer import Leaflet, printed
from lotsen.web.use_case import actor


@bp.get("/requests", endpoint="requests")
@audience(Role.COORDINATOR)
def listed() -> ResponseReturnValue:
    """List the requests of one state, who waits longest first."""
    own, search = actor().municipality_id or 0, Search(formdata=request.args)
    state, wanted = narrowed(search)
    return render_template(
        "pages/office/requests.html",
        page=people.requests(db.reading(), own, state, wanted, query.page()),
        counts=people.request_counts(db.reading(), own),
        state=state,
        search=search,
    )


def narrowed(search: Search) -> tuple[RequestState, Wanted]:
    """Return what the address narrows the list to."""
    state = request.args.get("state", "")
    wanted = Wanted(search.chosen("language"), search.chosen("topic"), search.town.data or "")
    return RequestState(state) if state in set(RequestState) else RequestState.OPEN, wanted


@bp.get("/requests/<int:request_id>", endpoint="request")
@audience(Role.COORDINATOR)
def show(request_id: int) -> ResponseReturnValue:
    """Show one newcomer's request with the best candidates."""
    return page(casefile.request_file(db.reading(), request_id, actor()))


def page(
    file: RequestFile,
    choose: ChooseForm | None = None,
    close: CloseRequestForm | None = None,
    length: LengthForm | None = None,
) -> ResponseReturnValue:
    """Show a request with its forms; those that came back with errors keep what was typed."""
    shown = candidates.of(file)
    fresh = ChooseForm(shown.choices, formdata=None, guide=request.args.get("guide", ""))
    return render_template(
        "pages/office/request.html",
        file=file,
        shown=shown,
        choose=(choose or fresh) if shown.looking else None,
        close=(close or CloseRequestForm(formdata=None)) if file.request.state is not RequestState.CLOSED else None,
        length=(length or length_form(file.request)) if file.request.state is RequestState.OPEN else None,
    ), 422 if choose or close or length else 200


def length_form(request: Request) -> LengthForm:
    """Return the form with what is noted."""
    days = {"wanted_from": request.wanted_from, "wanted_until": request.wanted_until}
    return LengthForm(formdata=None, kind=request.kind.value, **days)


@bp.post("/requests/<int:request_id>/choose", endpoint="choose")
@audience(Role.COORDINATOR)
def choose(request_id: int) -> ResponseReturnValue:
    """Pair by hand."""
    file = casefile.request_file(db.reading(), request_id, actor())
    form = ChooseForm(candidates.everybody(file))
    if not form.validate():
        return page(file, choose=form)
    pairing = attempt(
        lambda session: by_hand.choose(
            session,
            request_id,
            int(form.guide.data),
            actor(),
            now(),
            because=given(form.because.data),
            release=form.release.data,
        ),
        _("The guide is asked.") if form.release.data else _("The suggestion is saved."),
    )
    return redirect(url_for("office.request", request_id=request_id)) if pairing else page(file, choose=form)


@bp.post("/requests/<int:request_id>/close", endpoint="close_request")
@audience(Role.COORDINATOR)
def close(request_id: int) -> ResponseReturnValue:
    """Close a request: nobody is looked for any more."""
    file = casefile.request_file(db.reading(), request_id, actor())
    form = CloseRequestForm()
    if not form.validate():
        return page(file, close=form)
    attempt(lambda session: requests.close(session, request_id, actor(), now(), reason=form.reason.data), _("Closed."))
    return redirect(url_for("office.request", request_id=request_id))


@bp.post("/requests/<int:request_id>/length", endpoint="length")
@audience(Role.COORDINATOR)
def length(request_id: int) -> ResponseReturnValue:
    """Note for how long somebody is wanted, or new days of an appointment."""
    file = casefile.request_file(db.reading(), request_id, actor())
    form = LengthForm()
    if not form.validate():
        return page(file, length=form)
    once = form.kind.data == RequestKind.ONE_OFF
    days = {key: form[key].data if once else None for key in ("wanted_from", "wanted_until")}
    attempt(
        lambda session: requests.want(session, request_id, actor(), now(), kind=RequestKind(form.kind.data), **days),
        _("Saved."),
    )
    return redirect(url_for("office.request", request_id=request_id))


@bp.post("/requests/<int:request_id>/code", endpoint="new_code")
@audience(Role.COORDINATOR)
def new_code(request_id: int) -> ResponseReturnValue:
    """Replace a lost status code."""
    code = attempt(lambda session: requests.new_code(session, request_id, actor(), now()))
    if isinstance(code, str):
        codes.keep("request", request_id, code)
    return redirect(url_for("office.code", request_id=request_id))


@bp.get("/requests/<int:request_id>/code", endpoint="code")
@audience(Role.COORDINATOR)
def show_code(request_id: int) -> ResponseReturnValue:
    """Show a new status code until it is handed over: the database knows only its digest."""
    file, code = casefile.request_file(db.reading(), request_id, actor()), codes.kept("request", request_id)
    if code is None:
        return redirect(url_for("office.request", request_id=request_id))
    leaflet = Leaflet(file.person.locale, code, casefile.office_of(db.reading(), actor()))
    best = suggestion.at_once(db.reading(), current_app.extensions["lotsen_ready"], file.request, now())
    return render_template("pages/office/code.html", file=file, printed=printed(leaflet), best=best)


@bp.post("/requests/<int:request_id>/code/done", endpoint="code_done")
@audience(Role.COORDINATOR)
def code_done(request_id: int) -> ResponseReturnValue:
    """Forget the code that was handed over."""
    if casefile.request_file(db.reading(), request_id, actor()) and codes.kept("request", request_id):
        codes.forget()
    return redirect(url_for("office.request", request_id=request_id))
