"""What the office may do to a pairing now: the table's arrows as buttons and small forms."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from flask import url_for

from lotsen.models import Pairing
from lotsen.rules.pairing import NEEDS_REASON, Action, Side, State, allowed_actions, find
from lotsen.web import staff_words, use_case
from lotsen.web.forms.office import ActionForm

#: Answers of the two people that the office may record for them.
ANSWERS: Final = frozenset({Action.ACCEPT, Action.DECLINE, Action.AGREE, Action.CONFIRM})
#: Actions with room for a word, although no reason is asked for.
WORDED: Final = frozenset({Action.SUSPEND, Action.LIFT})
GRAVE: Final = frozenset({Action.SUSPEND, Action.END, Action.WITHDRAW, Action.DISMISS, Action.REJECT})

attempt: Callable[..., object] = partial(use_case.attempt, refusal=staff_words.refusal)


@dataclass(frozen=True, slots=True)
class Decision:
    """One button, or one small form where a reason or a word belongs to the action."""

    action: Action
    #: Whose answer the office records; None for its own.
    behalf: Side | None
    #: The code of its words: `guide:decline`, `approve`.
    label: str
    url: str
    form: ActionForm | None

    @property
    def leads_on(self) -> bool:
        """Whether it is likely what comes next: neither an end nor a break."""
        return self.action not in GRAVE | {Action.PAUSE, Action.COMPLETE}

    @property
    def grave(self) -> bool:
        """Whether it ends or stops something."""
        return self.action in GRAVE


def decisions(pairing: Pairing, bound: ActionForm | None = None) -> list[Decision]:
    """Return what the office may do to `pairing`; `bound` is a form that came back with errors."""
    offered = [
        (action, side) for action in allowed_actions(pairing.state, Side.OFFICE) for side in sides(pairing, action)
    ]
    return [_decision(pairing, action, side, bound) for action, side in offered]


def sides(pairing: Pairing, action: Action) -> list[Side | None]:
    """Return on whose behalf the office may take `action`: the people who have not answered, or only its own."""
    arrow = find(pairing.state, action)
    if arrow is None or action not in ANSWERS:
        return [None]
    said = {
        Side.GUIDE: action is Action.CONFIRM and pairing.guide_confirmed_at is not None,
        Side.NEWCOMER: action is Action.CONFIRM and pairing.newcomer_confirmed_at is not None,
    }
    return [side for side in (Side.GUIDE, Side.NEWCOMER) if side in arrow.who and not said[side]]


def form_for(action: Action, behalf: Side | None, state: State, *, fresh: bool = False) -> ActionForm | None:
    """Return the form of an action, bound to what was sent unless `fresh`; None where one click is enough."""
    if action not in WORDED | NEEDS_REASON:
        return None
    return ActionForm(action, behalf, state, formdata=None) if fresh else ActionForm(action, behalf, state)


def _decision(pairing: Pairing, action: Action, behalf: Side | None, bound: ActionForm | None) -> Decision:
    spoken = f"{behalf}:{action}"
    form = form_for(action, behalf, pairing.state, fresh=True)
    if form is not None and bound is not None and bound._prefix == form._prefix:
        form = bound
    return Decision(
        action,
        behalf,
        spoken if spoken in staff_words.STAFF_ACTION else str(action),
        url_for("office.act", pairing_id=pairing.id, action=action, side=behalf),
        form,
    )
