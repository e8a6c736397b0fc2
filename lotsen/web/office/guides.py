"""Guides: the list, a guide's file, interview, conduct check, training, clearance, pause."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Guide
from lotsen.rules.eligibility import Step, missing_steps
from lotsen.rules.vocabulary import Role, Takes
from lotsen.services import beside, casefile, guides, people, rights
from lotsen.services.casefile import GuideFile
from lotsen.services.narrowing import Wanted
from lotsen.services.people import GuideList
from lotsen.web import consents, query
from lotsen.web.forms.guide_file import ConductForm, InterviewForm, PauseForm, PromiseForm, RevokeForm, TrainingForm
from lotsen.web.forms.kinds import TakesForm
from lotsen.web.forms.office import Search, StaffForm, given
from lotsen.web.office.blueprint import bp
from lotsen.web.office.decisions import attempt
from lotsen.web.office.present import today
from lotsen.web.use_case import actor


@bp.get("/guides", endpoint="guides")
@audience(Role.COORDINATOR)
def listed() -> ResponseReturnValue:
    """List guides by what is to be done."""
    office, search = casefile.office_of(db.reading(), actor()), Search(formdata=request.args)
    (which, wanted), notice = narrowed(search), office.settings.conduct_notice_days[0]
    page = people.guides(db.reading(), office.id or 0, which, wanted, today(), notice, query.page())
    return render_template(
        "pages/office/guides.html",
        page=page,
        missing={line.id: missing(line.guide, office.settings.training_lessons) for line in page.items},
        counts=people.guide_counts(db.reading(), office.id or 0, today(), notice),
        which=which,
        search=search,
    )


def narrowed(search: Search) -> tuple[GuideList, Wanted]:
    """Return what the address narrows the list to."""
    show = request.args.get("show", "")
    which = GuideList(show) if show in set(GuideList) else GuideList.ALL
    return which, Wanted(search.chosen("language"), search.chosen("topic"), search.town.data or "")


def missing(guide: Guide, lessons: int) -> list[str]:
    """Return the codes of what a guide still lacks."""
    steps = [str(step) for step in missing_steps(guide, lessons, today())]
    if guide.confidentiality_on is None:
        steps.insert(sum(step in {Step.CONFIRM_ADDRESS, Step.INTERVIEW} for step in steps), "confidentiality")
    return steps


def _said(children: bool | None) -> str:
    return "" if children is None else "yes" if children else "no"


@bp.get("/guides/<int:guide_id>", endpoint="guide")
@audience(Role.COORDINATOR)
def show(guide_id: int) -> ResponseReturnValue:
    """Show one guide's file."""
    return page(casefile.guide_file(db.reading(), guide_id, actor()))


def page(file: GuideFile, bound: StaffForm | None = None) -> ResponseReturnValue:
    """Show a guide's file with its forms; `bound` came back with errors and keeps what was typed."""
    guide = file.guide
    forms: dict[str, StaffForm] = {
        "interview": InterviewForm(
            formdata=None,
            on=guide.interview_on or today(),
            note=guide.interview_note,
            children=_said(guide.interview_children),
        ),
        "conduct": ConductForm(formdata=None, seen_on=guide.conduct_seen_on, valid_until=guide.conduct_valid_until),
        "promise": PromiseForm(formdata=None, on=guide.confidentiality_on),
        "training": TrainingForm(formdata=None, lessons=guide.training_lessons),
        "revoke": RevokeForm(formdata=None),
        "pause": PauseForm(formdata=None),
        "takes": TakesForm(formdata=None, takes=guide.takes.value),
    }
    if bound:
        forms[bound.name] = bound
    lessons = file.office.settings.training_lessons
    return render_template(
        "pages/office/guide.html",
        file=file,
        forms=forms,
        lessons=lessons,
        missing=missing(guide, lessons),
        promise=consents.confidentiality(file.person.locale),
        agreed=rights.agreed(db.reading(), guide.person_id),
        by_code=beside.comes_by_code(db.reading(), guide),
    ), 422 if bound else 200


def record(
    guide_id: int, form: StaffForm | None, use_case: Callable[[Session], object], success: str
) -> ResponseReturnValue:
    """Run one use case on a guide of the own office once `form` is right; show the file again where it is not."""
    file = casefile.guide_file(db.reading(), guide_id, actor())
    if form is not None and not form.validate():
        return page(file, form)
    attempt(use_case, success)
    return redirect(url_for("office.guide", guide_id=guide_id))


@bp.post("/guides/<int:guide_id>/interview", endpoint="interview")
@audience(Role.COORDINATOR)
def interview(guide_id: int) -> ResponseReturnValue:
    """Record the interview."""
    form = InterviewForm()
    return record(
        guide_id, form,
        lambda session: guides.interview(
            session, guide_id, actor(), now(), on=given(form.on.data), note=form.note.data or None,
            children={"yes": True, "no": False}.get(form.children.data),
        ),
        _("The interview is recorded."),
    )  # fmt: skip


@bp.post("/guides/<int:guide_id>/takes", endpoint="takes")
@audience(Role.COORDINATOR)
def takes(guide_id: int) -> ResponseReturnValue:
    """Note which requests the guide takes."""
    form = TakesForm()
    return record(
        guide_id, form,
        lambda session: guides.take(session, guide_id, actor(), now(), Takes(form.takes.data)),
        _("Saved."),
    )  # fmt: skip


@bp.post("/guides/<int:guide_id>/conduct", endpoint="conduct")
@audience(Role.COORDINATOR)
def conduct(guide_id: int) -> ResponseReturnValue:
    """Record that the certificate of conduct was seen."""
    form = ConductForm()
    return record(
        guide_id, form,
        lambda session: guides.see_conduct_check(
            session, guide_id, actor(), now(),
            seen_on=given(form.seen_on.data), valid_until=given(form.valid_until.data),
        ),
        _("The certificate of conduct is recorded: the days, nothing else."),
    )  # fmt: skip


@bp.post("/guides/<int:guide_id>/promise", endpoint="promise")
@audience(Role.COORDINATOR)
def promise(guide_id: int) -> ResponseReturnValue:
    """Record the promise of confidentiality that was signed on paper."""
    form = PromiseForm()
    text = consents.confidentiality(casefile.guide_file(db.reading(), guide_id, actor()).person.locale)
    return record(
        guide_id, form,
        lambda session: guides.promise(session, guide_id, actor(), now(), on=given(form.on.data), text=text),
        _("The promise of confidentiality is recorded."),
    )  # fmt: skip


@bp.post("/guides/<int:guide_id>/training", endpoint="training")
@audience(Role.COORDINATOR)
def training(guide_id: int) -> ResponseReturnValue:
    """Record lessons of training."""
    form = TrainingForm()
    return record(
        guide_id, form,
        lambda session: guides.train(session, guide_id, actor(), now(), lessons=given(form.lessons.data)),
        _("The training is recorded."),
    )  # fmt: skip


@bp.post("/guides/<int:guide_id>/clear", endpoint="clear")
@audience(Role.COORDINATOR)
def clear(guide_id: int) -> ResponseReturnValue:
    """Clear a guide for proposals."""
    return record(
        guide_id, None, lambda session: guides.clear(session, guide_id, actor(), now()), _("The guide is cleared.")
    )


@bp.post("/guides/<int:guide_id>/revoke", endpoint="revoke")
@audience(Role.COORDINATOR)
def revoke(guide_id: int) -> ResponseReturnValue:
    """Take a clearance back."""
    form = RevokeForm()
    return record(
        guide_id, form,
        lambda session: guides.revoke(session, guide_id, actor(), now(), note=form.note.data),
        _("The clearance is taken back. Nothing new is proposed; please look at what runs."),
    )  # fmt: skip


@bp.post("/guides/<int:guide_id>/pause", endpoint="pause")
@audience(Role.COORDINATOR)
def pause(guide_id: int) -> ResponseReturnValue:
    """Pause a guide who asks for it."""
    form = PauseForm()
    return record(
        guide_id,
        form,
        lambda session: guides.pause(session, guide_id, actor(), now(), until=form.until.data),
        _("Paused."),
    )


@bp.post("/guides/<int:guide_id>/resume", endpoint="resume")
@audience(Role.COORDINATOR)
def resume(guide_id: int) -> ResponseReturnValue:
    """Let proposals reach a guide again."""
    return record(guide_id, None, lambda session: guides.resume(session, guide_id, actor(), now()), _("Ready again."))
