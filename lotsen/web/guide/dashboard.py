"""The guide's first page: what is asked, what runs, what is still missing."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lotsen import db, words
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Guide, Municipality, Person
from lotsen.rules import eligibility
from lotsen.rules.calendar import local_date
from lotsen.rules.eligibility import Step
from lotsen.rules.pairing import IN_CONTACT, Side
from lotsen.rules.vocabulary import Role
from lotsen.services import checkins, guides, nextstep, offers
from lotsen.web import reconsent
from lotsen.web.contact import summary
from lotsen.web.guide import say
from lotsen.web.guide.blueprint import bp, own_file


@bp.get("/guide/")
@audience(Role.GUIDE)
def dashboard() -> ResponseReturnValue:
    """Show offers first, then pairings, then the way to the first pairing."""
    guide, today = own_file(), local_date(now())
    office = guides.office_of(db.reading(), guide)
    own = offers.of_guide(db.reading(), guide, now())
    met = [each.pairing_id for each in own.running if each.state in IN_CONTACT]
    questions = checkins.open_of(db.reading(), own.pairings)
    return render_template(
        "pages/guide/dashboard.html",
        guide=guide,
        name=db.reading().get_one(Person, guide.person_id).first_name,
        office=office,
        offers=own.offers,
        pairings=own.running,
        parted=own.parted,
        contacts=summary.of(db.reading(), Side.GUIDE, met, now()),
        asked=checkins.put_to(Side.GUIDE, own.pairings, questions),
        next_steps=nextstep.of_pairings(db.reading(), own.pairings, Side.GUIDE, questions),
        steps=checklist(guide, office),
        cleared=eligibility.cleared(guide),
        paused=eligibility.paused(guide, today),
        say=say,
        outdated=reconsent.outdated(db.reading(), current_user),
    )


def checklist(guide: Guide, office: Municipality) -> list[dict[str, Any]]:
    """Return what is done, next and later before the first pairing; empty once nothing is missing."""
    lessons = office.settings.training_lessons
    missing = eligibility.missing_steps(guide, lessons, local_date(now()))
    mailed = db.reading().get_one(Person, guide.person_id).email is not None
    steps = [step for step in Step if mailed or step is not Step.CONFIRM_ADDRESS]
    return [_entry(step, missing, guide, lessons) for step in steps] if missing else []


def _entry(step: Step, missing: list[Step], guide: Guide, lessons: int) -> dict[str, Any]:
    todo = step in missing
    progress = "current" if missing[:1] == [step] else "upcoming" if todo else "done"
    return {
        "title": words.word(step, "step"),
        "progress": progress,
        "text": say.STEP_TEXT[step] if todo else "",
        "when": say.lessons(guide.training_lessons, lessons) if todo and step is Step.TRAINING else "",
    }
