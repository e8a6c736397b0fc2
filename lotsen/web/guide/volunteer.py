"""Becoming a guide: a few calm pages without an account, then a mail whose page confirms the address."""

from typing import Final

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm

from lotsen import db, i18n, words
from lotsen.access import PUBLIC, audience
from lotsen.clock import now
from lotsen.models import Municipality
from lotsen.rules.answers import GuideAnswers
from lotsen.rules.errors import DomainError
from lotsen.security import limiter
from lotsen.services import guides, tokens
from lotsen.services.accounts import WeakPassword
from lotsen.services.persons import ConsentGiven
from lotsen.web import duties, typed
from lotsen.web.forms import guide as ask
from lotsen.web.forms.request import Draft, Question
from lotsen.web.guide import say
from lotsen.web.guide.blueprint import bp

#: The pages in their order; template `pages/guide/volunteer_<step>.html`.
STEPS: Final[dict[str, type[Question]]] = {
    "about": ask.PersonQuestion,
    "office": ask.OfficeQuestion,
    "languages": ask.LanguagesQuestion,
    "topics": ask.TopicsQuestion,
    "times": ask.TimesQuestion,
    "limits": ask.LimitsQuestion,
}
LAST: Final = "account"
ORDER: Final = (*STEPS, LAST)
#: Where the session keeps the answers; the password is never among them.
DRAFT: Final = "volunteer"


@bp.get("/volunteer")
@audience(PUBLIC)
def volunteer() -> ResponseReturnValue:
    """Say what guides do and do not do."""
    return render_template(
        "pages/guide/volunteer.html", do=duties.DO, do_not=duties.DO_NOT, begun=bool(draft()), url=page(first_open())
    )


@bp.route("/volunteer/<any(" + ", ".join(STEPS) + "):step>", methods=["GET", "POST"])
@audience(PUBLIC)
def question(step: str) -> ResponseReturnValue:
    """Ask the questions of one page; the answers stay on the device."""
    if ORDER.index(step) > ORDER.index(first_open()):
        return redirect(page(first_open()))
    form = STEPS[step].ask(draft() if step != "limits" else {"radius_km": radius(), **draft()})
    if form.validate_on_submit():
        typed.forget()
        session[DRAFT] = form.answered(draft())
        return redirect(page(ORDER[ORDER.index(step) + 1]))
    if again := typed.asked_again(form):
        return again
    return render_template(f"pages/guide/volunteer_{step}.html", form=form, **progress(step)), status(form)


@bp.route("/volunteer/account", methods=["GET", "POST"])
@audience(PUBLIC)
@limiter.limit("20 per hour", methods=["POST"])
def account() -> ResponseReturnValue:
    """Ask for address, password and the two declarations; then say the same to everybody: check your mail."""
    if first_open() != LAST:
        return redirect(page(first_open()))
    form = ask.AccountForm(data={"shown_in": i18n.tag()})
    if form.validate_on_submit() and register(form):
        session.pop(DRAFT, None)
        return redirect(url_for("guide.check_mail"))
    office = office_name()
    return render_template(
        "pages/guide/volunteer_account.html",
        form=form,
        consent=say.consent_text(office),
        confidentiality=say.confidentiality_text(),
        **progress(LAST),
    ), status(form)


def register(form: ask.AccountForm) -> bool:
    """Store the new guide; show beside the field what the service refuses."""
    answers = GuideAnswers(**draft())
    consent, promise = declarations(form.shown_in.data or "")
    email, password = form.email.data or "", form.password.data or ""
    try:
        db.run(
            lambda session: guides.register(session, answers, email, password, consent, now(), confidentiality=promise)
        )
    except WeakPassword as refusal:
        form.password.errors = [words.error_text(refusal.code, refusal.details)]
    except DomainError as refusal:
        form.form_errors.append(words.error_text(refusal.code, refusal.details))
    return not form.errors


def declarations(shown_in: str) -> tuple[ConsentGiven, ConsentGiven]:
    """Return consent and promise word for word, in the language in which they were read."""
    language = shown_in if shown_in in i18n.OFFERED else i18n.tag()
    with i18n.speaking(language):
        consent, promise = "\n".join(say.consent_text(office_name())), "\n".join(say.confidentiality_text())
    return (
        ConsentGiven("volunteer", say.CONSENT_VERSION, consent, language),
        ConsentGiven("confidentiality", say.CONFIDENTIALITY_VERSION, promise, language),
    )


@bp.get("/volunteer/check-mail")
@audience(PUBLIC)
def check_mail() -> ResponseReturnValue:
    """Say that a mail is on its way."""
    return render_template("pages/guide/check_mail.html")


@bp.get("/volunteer/confirm")
@audience(PUBLIC)
def confirm() -> ResponseReturnValue:
    """Show the button that confirms; opening the link, as mail scanners do, changes nothing."""
    token = request.args.get("token", "")
    if waiting(token) is None:
        return redirect(url_for("guide.new_link"))
    return render_template("pages/guide/confirm.html", token=token)


@bp.post("/volunteer/confirm")
@audience(PUBLIC)
def confirm_address() -> ResponseReturnValue:
    """Confirm the address; doing it twice is fine."""
    account_id = waiting(request.form.get("token", ""))
    if account_id is None:
        return redirect(url_for("guide.new_link"))
    db.run(lambda session: guides.confirm_address(session, account_id, now()))
    flash(gettext("Thank you, your address is confirmed. You can sign in now."), "success")
    return redirect(url_for("account.login"))


def waiting(token: str) -> int | None:
    """Return the account that `token` may confirm; None where it is damaged or too old."""
    found = tokens.read_confirmation(current_app.config["SECRET_KEY"], token)
    if found is None or not guides.confirmable(db.reading(), found.account_id, found.signed_at, now()):
        return None
    return found.account_id


@bp.route("/volunteer/new-link", methods=["GET", "POST"])
@audience(PUBLIC)
@limiter.limit("10 per hour", methods=["POST"])
def new_link() -> ResponseReturnValue:
    """Send the confirmation mail again; the answer is the same for every address."""
    form = ask.AddressForm()
    if form.validate_on_submit():
        db.run(lambda session: guides.confirm_again(session, form.email.data or "", now()))
        return redirect(url_for("guide.check_mail"))
    return render_template("pages/guide/new_link.html", form=form), status(form)


def draft() -> Draft:
    """Return what was answered so far."""
    found: Draft = session.get(DRAFT, {})
    return found


def first_open() -> str:
    """Return the first page that is not answered yet."""
    return next((step for step, form in STEPS.items() if not form.is_answered(draft())), LAST)


def page(step: str) -> str:
    """Return the address of a page."""
    return url_for("guide.account") if step == LAST else url_for("guide.question", step=step)


def progress(step: str) -> dict[str, object]:
    """Return where the page stands among the others, for its layout."""
    number = ORDER.index(step)
    back = page(ORDER[number - 1]) if number else url_for("guide.volunteer")
    return {"step_number": number + 1, "step_count": len(ORDER), "back_url": back}


def status(form: FlaskForm) -> int:
    """Return the status of a page with a form: 422 where something must be corrected."""
    return 422 if form.errors else 200


def office() -> Municipality | None:
    """Return the office that was chosen."""
    return db.reading().get(Municipality, draft().get("municipality_id") or 0)


def office_name() -> str:
    """Return what the chosen office is called."""
    chosen = office()
    return chosen.office_name if chosen else gettext("The coordination office")


def radius() -> int:
    """Return the radius that the chosen office suggests, in km."""
    chosen = office()
    return chosen.settings.default_radius_km if chosen else 10
