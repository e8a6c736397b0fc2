"""The newcomer: asks for a guide, one question a page and without an account; then sees where it stands and answers."""

from typing import Any, Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from lotsen import db, i18n, words
from lotsen.access import PUBLIC, audience
from lotsen.clock import now
from lotsen.models import Method, Municipality
from lotsen.rules.errors import DomainError
from lotsen.rules.following import Answer
from lotsen.rules.pairing import Action
from lotsen.rules.vocabulary import Mood, Role
from lotsen.security import limiter
from lotsen.services import accounts, agreements, checkins, handovers, ratings, requests
from lotsen.services import pairing as pairings
from lotsen.services.persons import ConsentGiven
from lotsen.web import consents, papers, reconsent, standing, typed
from lotsen.web import draft as drafts
from lotsen.web import newcomer_words as say
from lotsen.web.account.code import entered
from lotsen.web.forms import request as ask
from lotsen.web.forms.request import ConsentQuestion, Draft, Question
from lotsen.web.forms.status import CodeForm, LookOnForm
from lotsen.web.navigation import home
from lotsen.web.use_case import actor, attempt
from lotsen.web.visits import enter
from lotsen.web.written import phone

bp = Blueprint("newcomer", __name__)


class Step(NamedTuple):
    """One page of the questions: the field that it belongs to, its form, its template."""

    number: int
    form: type[Question]
    template: str = "tiles"


#: Ten fields; two of them take two pages. The tenth is the consent.
STEPS: Final = {
    "languages": Step(1, ask.LanguagesQuestion, "languages"),
    "levels": Step(1, ask.LevelsQuestion, "levels"),
    "place": Step(2, ask.PlaceQuestion, "text"),
    "office": Step(2, ask.OfficeQuestion, "office"),
    "topics": Step(3, ask.TopicsQuestion, "topics"),
    "times": Step(4, ask.TimesQuestion, "times"),
    "household": Step(5, ask.HouseholdQuestion),
    "guide": Step(6, ask.GuideQuestion),
    "name": Step(7, ask.NameQuestion, "text"),
    "gender": Step(8, ask.GenderQuestion),
    "contact": Step(9, ask.ContactQuestion, "text"),
}
CHECK: Final = "check"
COUNT: Final = 10
ORDER: Final = (*STEPS, CHECK)
#: Whoever changes the first of these sees the second again.
BELONGS: Final = {"languages": "levels", "place": "office"}
#: Where the session keeps a fresh status code until its owner has written it down.
FRESH_CODE: Final = "fresh_code"


@bp.get("/request")
@audience(PUBLIC)
def start() -> ResponseReturnValue:
    """Say what comes; nothing is asked yet."""
    if is_newcomer() and not drafts.current():
        return redirect(url_for("newcomer.status"))
    return render_template("pages/newcomer/start.html", begun=bool(drafts.current()), url=page(first_open()))


@bp.route("/request/<any(" + ", ".join(STEPS) + "):step>", methods=["GET", "POST"])
@audience(PUBLIC)
def question(step: str) -> ResponseReturnValue:
    """Ask one question; its answer stays on the device."""
    here, draft = STEPS[step], drafts.current()
    if ORDER.index(step) > ORDER.index(first_open()):
        return redirect(page(first_open()))
    form = here.form.ask(draft)
    if form.validate_on_submit():
        drafts.keep(form.answered(draft))
        return redirect(following(step))
    if again := typed.asked_again(form):
        return again
    template = f"pages/newcomer/{here.template}.html"
    return render_template(template, form=form, **progress(step)), 422 if form.errors else 200


@bp.route("/request/check", methods=["GET", "POST"])
@audience(PUBLIC)
@limiter.limit("60 per hour", methods=["POST"])
def check() -> ResponseReturnValue:
    """Show all answers and ask for consent; with it the request is stored, once."""
    draft = drafts.current()
    if first_open() != CHECK:
        return redirect(url_for("newcomer.status") if is_newcomer() and not draft else page(first_open()))
    form = ConsentQuestion(data={"shown_in": i18n.tag()})
    if form.validate_on_submit():
        return send(draft, consent(draft, form))
    if again := typed.asked_again(form):
        return again
    form.shown_in.data = i18n.tag()
    return render_template(
        "pages/newcomer/check.html",
        form=form,
        rows=summary(draft),
        consent=say.consent_text(office_name(draft)),
        **progress(CHECK),
    ), 422 if form.errors else 200


@bp.post("/request/discard")
@audience(PUBLIC)
def discard() -> ResponseReturnValue:
    """Forget the answers: the phone may be somebody else's."""
    drafts.discard()
    flash(gettext("Your answers are deleted."), "success")
    return redirect(url_for("public.index"))


def send(draft: Draft, given: ConsentGiven) -> ResponseReturnValue:
    """Store the request and let its owner in. The same form sent again finds the request that is there."""
    try:
        db.run(lambda session: requests.receive(session, drafts.answers(draft), given, now(), code=draft["code"]))
    except requests.AlreadyReceived:
        pass
    except DomainError as refusal:
        flash(words.error_text(refusal.code, refusal.details), "danger")
        return redirect(page("place"))
    account = accounts.by_code(db.reading(), draft["code"]) or abort(404)
    enter(account, Method.CODE)
    session[FRESH_CODE] = draft["code"]
    return redirect(url_for("newcomer.done"))


@bp.route("/request/done", methods=["GET", "POST"])
@audience(Role.NEWCOMER)
def done() -> ResponseReturnValue:
    """Show the status code until its owner has kept it."""
    if request.method == "POST":
        session.pop(FRESH_CODE, None)
    if FRESH_CODE not in session:
        return redirect(url_for("newcomer.status"))
    return render_template("pages/newcomer/done.html", code=session[FRESH_CODE])


@bp.route("/status", methods=["GET", "POST"])
@audience(PUBLIC)
def status() -> ResponseReturnValue:
    """Show where the request stands; ask for the code first where nobody is signed in."""
    if is_newcomer() and request.method == "GET":
        shown = standing.of_person(db.reading(), current_user.person_id)
        return render_template(
            "pages/newcomer/status.html",
            standing=shown,
            fresh_code=FRESH_CODE in session,
            counselling=handovers.asked(db.reading(), current_user.person_id) is not None,
            rates=ratings.asked(db.reading(), current_user.person_id),
            outdated=reconsent.outdated(db.reading(), current_user),
        )
    form = CodeForm()
    if entered(form):
        return redirect(home())
    return render_template("pages/newcomer/code.html", form=form), 422 if form.errors else 200


@bp.route("/status/<int:pairing_id>/<action>", methods=["GET", "POST"])
@audience(Role.NEWCOMER)
def act(pairing_id: int, action: str) -> ResponseReturnValue:
    """Explain what a button does; do it once it is pressed."""
    asked = next((each for each in say.ASKS if each == action), None) or abort(404)
    if asked in say.PARTING:
        return part(pairing_id, asked)
    if request.method == "POST":
        attempt(lambda session: pairings.act(session, pairing_id, asked, actor(), now()), str(say.ASKS[asked].done))
        return redirect(url_for("newcomer.status"))
    pairings.own(db.reading(), pairing_id, actor())
    return confirm(say.ASKS[asked], words.word(asked, "action"), danger=asked is Action.SUSPEND)


@bp.post("/status/questions/<int:checkin_id>/<any(" + ", ".join(Answer) + "):name>")
@audience(Role.NEWCOMER)
def answer(checkin_id: int, name: str) -> ResponseReturnValue:
    """Answer a question by one tap."""
    said = Answer(name)
    attempt(lambda session: checkins.answer(session, checkin_id, actor(), said, now()), str(words.ANSWERED[said]))
    return redirect(url_for("newcomer.status"))


@bp.post("/status/rating")
@audience(Role.NEWCOMER)
def rate() -> ResponseReturnValue:
    """Rate the service of the office that referred one, by one tap."""
    face = next((each for each in Mood if each == request.form.get("face")), None)
    if face:
        db.run(lambda session: ratings.rate(session, current_user.person_id, face))
        flash(gettext("Thank you for your answer!"), "success")
    return redirect(url_for("newcomer.status"))


@bp.route("/status/counselling", methods=["GET", "POST"])
@audience(Role.NEWCOMER)
def counselling() -> ResponseReturnValue:
    """Show what would be passed on to professional counselling; record a yes or a no."""
    office = db.reading().get_one(Municipality, current_user.municipality_id)
    if handovers.asked(db.reading(), current_user.person_id) is None:
        if request.method == "POST":
            flash(gettext("Something has changed in the meantime. Please look at the current state."), "info")
        return redirect(url_for("newcomer.status"))
    if request.method == "GET":
        text = say.counselling_text(office.office_name)
        return render_template("pages/newcomer/counselling.html", text=text, shown_in=i18n.tag())
    shown_in = request.form.get("shown_in", "")
    locale = shown_in if shown_in in i18n.OFFERED else i18n.tag()
    given = consents.counselling(locale, office.office_name) if request.form.get("said") == "yes" else None
    done = gettext("Thank you for your answer!")
    attempt(lambda session: handovers.answer_consent(session, actor(), now(), given), done)
    return redirect(url_for("newcomer.status"))


@bp.get(f"/status/<int:pairing_id>/agreement.{papers.KIND}")
@audience(Role.NEWCOMER)
@papers.sparingly
def agreement(pairing_id: int, kind: str) -> ResponseReturnValue:
    """Return the agreement with the guide."""
    found = agreements.of_pairing(db.reading(), pairing_id, actor())
    return papers.deliver(papers.agreement(found), kind, "Vereinbarung")


def part(pairing_id: int, action: Action) -> ResponseReturnValue:
    """Step back or end, and ask whether somebody else shall be looked for."""
    form = LookOnForm()
    if not form.validate_on_submit():
        return confirm(say.ASKS[action], words.word(action, "action"), form=form)
    on = form.look_on.data == "yes"
    done = str(say.ASKS[action].done if on else say.CLOSE.done)
    attempt(lambda session: requests.part(session, pairing_id, action, actor(), now(), look_on=on), done)
    return redirect(url_for("newcomer.status"))


@bp.post("/status/look-on")
@audience(Role.NEWCOMER)
def look_on() -> ResponseReturnValue:
    """Note the wish for somebody else after a parting."""
    own = requests.of_person(db.reading(), current_user.person_id) or abort(404)
    attempt(
        lambda session: requests.look_on(session, own.id or 0, actor(), now()),
        gettext("Thank you. We look for somebody else."),
    )
    return redirect(url_for("newcomer.status"))


@bp.route("/status/close", methods=["GET", "POST"])
@audience(Role.NEWCOMER)
def close() -> ResponseReturnValue:
    """Close the request: explained first."""
    own = requests.of_person(db.reading(), current_user.person_id) or abort(404)
    if request.method == "POST":
        attempt(
            lambda session: requests.close(session, own.id or 0, actor(), now(), reason="own_wish"),
            str(say.CLOSE.done),
        )
        return redirect(url_for("newcomer.status"))
    return confirm(say.CLOSE, gettext("Close my request"))


def confirm(asked: say.Ask, label: str, *, danger: bool = False, form: LookOnForm | None = None) -> ResponseReturnValue:
    """Explain what a button does; where somebody may need help now, say whom to call."""
    office = db.reading().get_one(Municipality, current_user.municipality_id)
    return render_template(
        "pages/newcomer/confirm.html", ask=asked, label=label, danger=danger, office=office, form=form
    ), 422 if form and form.errors else 200


def is_newcomer() -> bool:
    """Whether a newcomer is signed in."""
    return bool(current_user.is_authenticated and current_user.role is Role.NEWCOMER)


def page(step: str) -> str:
    """Return a step's address; a change leads back to the answers."""
    to = request.args.get("to") if request.args.get("to") == CHECK else None
    return url_for("newcomer.check") if step == CHECK else url_for("newcomer.question", step=step, to=to)


def first_open() -> str:
    """Return the first step without an answer."""
    draft = drafts.current()
    return next((name for name, step in STEPS.items() if not draft or not step.form.is_answered(draft)), CHECK)


def following(step: str) -> str:
    """Return where an answer leads: to the next question, or back to the answers if it was changed from there."""
    after = BELONGS.get(step) or (first_open() if request.args.get("to") == CHECK else ORDER[ORDER.index(step) + 1])
    return page(after)


def progress(step: str) -> dict[str, Any]:
    """Return what the layout shows: how far, and the way back."""
    at = ORDER.index(step)
    back = page(ORDER[at - 1]) if at else url_for("newcomer.start")
    return {
        "step_number": STEPS[step].number if step in STEPS else COUNT,
        "step_count": COUNT,
        "back_url": url_for("newcomer.check") if request.args.get("to") == CHECK else back,
    }


def office_name(draft: Draft) -> str:
    """Return the chosen office's name."""
    return db.reading().get_one(Municipality, draft["municipality_id"]).office_name


def consent(draft: Draft, form: ConsentQuestion) -> ConsentGiven:
    """Return the proof: the words as they were shown, in their language."""
    locale = form.shown_in.data if form.shown_in.data in i18n.OFFERED else i18n.tag()
    with i18n.speaking(locale):
        text = [*say.consent_text(office_name(draft)), str(form.agree.label.text)]
    return ConsentGiven("request", say.CONSENT_VERSION, "\n".join(text), locale, form.guardian.data)


def summary(draft: Draft) -> list[dict[str, Any]]:
    """Return all answers with the way to change each."""
    nothing = gettext("not given")
    levels = draft["languages"].items()
    shown: dict[str, tuple[str, Any]] = {
        "languages": (
            "languages",
            [f"{words.language_name(code)}: {words.word(level, 'level')}" for code, level in levels],
        ),
        "place": ("postcode", draft["postcode"]),
        "office": ("office", office_name(draft)),
        "topics": ("needs", [words.word(topic, "topic") for topic in draft["topics"]] + say.how_long(draft)),
        "times": ("times", [words.slot(slot) for slot in draft["slots"]]),
        "household": ("household", words.word(draft["household"], "household")),
        "guide": ("guide_gender", words.word(draft["guide_gender"] or "", "wish")),
        "name": ("first_name", draft["first_name"]),
        "gender": ("gender", words.word(draft["gender"], "wish") if draft["gender"] else nothing),
        "contact": ("contact", draft["email"] or phone(draft["phone"]) or nothing),
    }
    return [
        {"key": say.FACTS[fact], "value": value, "url": url_for("newcomer.question", step=step, to=CHECK)}
        for step, (fact, value) in shown.items()
    ]
