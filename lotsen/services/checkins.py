"""Questions to the two people of a pairing: put once, answered by one tap, handed over where the office is needed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, func, select, update

from lotsen.models import CheckIn, Municipality, Pairing
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import Conflict, NotAllowed, NotFound
from lotsen.rules.following import ANSWERS, ASKED, Answer, Question
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import Side
from lotsen.services import events, notices, tasks
from lotsen.services.actor import SYSTEM, Actor

#: The mail that puts a question, and the matter that it becomes where nobody answers.
MAIL: Final = {
    Question.FIRST_MEETING: "first_meeting_held",
    Question.TRIAL_END: "trial_question",
    Question.CHECK_IN: "check_in",
}
MATTER: Final = {
    Question.FIRST_MEETING: Matter.MEETING_HELD,
    Question.TRIAL_END: Matter.TRIAL_END,
    Question.CHECK_IN: Matter.CHECK_IN,
}
#: Answers that the office hears of at once.
_TOLD: Final = frozenset({Answer.DIFFICULT, Answer.NO_CONTACT, Answer.NOT_MET})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the one who is asked sees it."""

    id: int
    pairing_id: int
    kind: Question
    answer_until: date
    answers: tuple[Answer, ...]


def ask(
    session: Session, pairing: Pairing, kind: Question, now: datetime, *, until: date | None = None, mail: str = ""
) -> CheckIn:
    """Put a question to whoever is to be asked; `mail` where another one than the usual tells of it."""
    days = session.get_one(Municipality, pairing.municipality_id).settings.answer_days
    asked = CheckIn(
        pairing_id=pairing.id or 0,
        kind=kind,
        asked_at=now,
        answer_until=until or local_date(now) + timedelta(days=days),
    )
    session.add(asked)
    session.flush()
    events.record(session, f"ask_{kind}", pairing, SYSTEM, now)
    write(session, pairing, asked, mail or MAIL[kind], now)
    return asked


def write(session: Session, pairing: Pairing, asked: CheckIn, template: str, now: datetime) -> None:
    """Add the mails of a question to those who have not answered."""
    for side in missing(pairing, asked):
        notices.write(session, pairing, template, side, now, occasion=f"asked:{asked.id}")


def missing(pairing: Pairing, asked: CheckIn) -> list[Side]:
    """Return who has not answered yet."""
    said = {
        Side.GUIDE: asked.guide_answered_at or (asked.kind is Question.TRIAL_END and pairing.guide_confirmed_at),
        Side.NEWCOMER: asked.newcomer_answered_at
        or (asked.kind is Question.TRIAL_END and pairing.newcomer_confirmed_at),
    }
    return [side for side in ASKED[asked.kind] if not said[side]]


def answer(session: Session, checkin_id: int, actor: Actor, answer: Answer, now: datetime) -> CheckIn:
    """Note what one side answers; the office gets a task at once where something is difficult.

    Raises `NotFound` for other people's questions, `NotAllowed` where the question has no such answer, `Conflict`
    where it is answered or over.
    """
    asked = session.get(CheckIn, checkin_id, with_for_update=True, populate_existing=True)
    if asked is None or actor.side not in ASKED[asked.kind]:
        raise NotFound
    pairing = session.get_one(Pairing, asked.pairing_id)
    if actor.person_id is None or notices.recipient(session, pairing, actor.side).id != actor.person_id:
        raise NotFound
    if answer not in ANSWERS[asked.kind]:
        raise NotAllowed
    if asked.closed_at is not None or actor.side not in missing(pairing, asked):
        raise Conflict
    setattr(asked, f"{actor.side}_answer", answer)
    setattr(asked, f"{actor.side}_answered_at", now)
    if not missing(pairing, asked):
        asked.closed_at = now
    session.add(asked)
    events.record(session, f"answer_{asked.kind}", pairing, actor, now, reason=answer)
    if answer in _TOLD:
        tasks.add(session, MATTER[asked.kind], pairing, now, {"code": f"said_{answer}", "value": actor.side})
    return asked


def to_hand_over(session: Session, now: datetime, kind: Question) -> Iterable[tuple[CheckIn, Pairing]]:
    """Return the open questions of a kind whose time for an answer is over."""
    query = select(CheckIn, Pairing).join(Pairing, col(Pairing.id) == CheckIn.pairing_id)
    waiting = query.where(
        CheckIn.kind == kind,
        col(CheckIn.closed_at).is_(None),
        col(CheckIn.handed_over_at).is_(None),
        col(CheckIn.answer_until) <= local_date(now),
    )
    return session.exec(waiting.order_by(col(CheckIn.id))).all()


def hand_over(session: Session, asked: CheckIn, pairing: Pairing, now: datetime) -> None:
    """Give silence to the office, once; the two may still answer."""
    mark = update(CheckIn).where(
        col(CheckIn.id) == asked.id, col(CheckIn.closed_at).is_(None), col(CheckIn.handed_over_at).is_(None)
    )
    if session.exec(mark.values(handed_over_at=now)).rowcount != 1:
        raise Conflict
    for side in missing(pairing, asked):
        tasks.add(session, MATTER[asked.kind], pairing, now, _silent(session, pairing, side))


def _silent(session: Session, pairing: Pairing, side: Side) -> dict[str, Any]:
    to = notices.recipient(session, pairing, side)
    reachable = isinstance(to, Municipality) or bool(to.email)
    return {"code": "no_answer" if reachable else "no_answer_no_mail", "value": side}


def close(session: Session, pairing: Pairing, now: datetime, kinds: Iterable[Question] = tuple(Question)) -> None:
    """Close the open questions of a pairing that has moved on."""
    still = update(CheckIn).where(
        col(CheckIn.pairing_id) == pairing.id, col(CheckIn.kind).in_(list(kinds)), col(CheckIn.closed_at).is_(None)
    )
    session.exec(still.values(closed_at=now))


def looked_at(session: Session, task_kind: str, pairing_id: int | None, now: datetime, days: int) -> None:
    """The office has talked with the two: silence about the trial waits for as long again, a check-in is over."""
    open_ = update(CheckIn).where(col(CheckIn.pairing_id) == pairing_id, col(CheckIn.closed_at).is_(None))
    if task_kind == Matter.CHECK_IN:
        session.exec(open_.where(col(CheckIn.kind) == Question.CHECK_IN).values(closed_at=now))
    elif task_kind == Matter.TRIAL_END:
        again = local_date(now) + timedelta(days=days)
        trial = open_.where(col(CheckIn.kind) == Question.TRIAL_END)
        session.exec(trial.values(handed_over_at=None, answer_until=again))


def open_of(session: Session, pairings: Iterable[Pairing]) -> list[CheckIn]:
    """Return the open questions about these pairings, the end of a trial before anything else. One query."""
    numbers = [pairing.id for pairing in pairings]
    if not numbers:
        return []
    query = select(CheckIn).where(col(CheckIn.pairing_id).in_(numbers), col(CheckIn.closed_at).is_(None))
    return sorted(session.exec(query), key=lambda each: each.kind is Question.CHECK_IN)


def put_to(side: Side, pairings: Iterable[Pairing], questions: Iterable[CheckIn]) -> dict[int, Asked]:
    """Return what `side` is asked now, by pairing: the first of `questions` (`open_of`) that it has not answered."""
    known = {pairing.id: pairing for pairing in pairings}
    found: dict[int, Asked] = {}
    for asked in questions:
        if side in missing(known[asked.pairing_id], asked) and asked.pairing_id not in found:
            found[asked.pairing_id] = Asked(
                asked.id or 0, asked.pairing_id, asked.kind, asked.answer_until, ANSWERS[asked.kind]
            )
    return found


def last_asked(session: Session, pairing_ids: Collection[int] | None = None) -> dict[int, date]:
    """Return when these pairings, or all, were last asked how it goes."""
    query = select(CheckIn.pairing_id, func.max(CheckIn.asked_at)).where(CheckIn.kind == Question.CHECK_IN)
    if pairing_ids is not None:
        query = query.where(col(CheckIn.pairing_id).in_(pairing_ids))
    return {number: local_date(at) for number, at in session.exec(query.group_by(col(CheckIn.pairing_id)))}
