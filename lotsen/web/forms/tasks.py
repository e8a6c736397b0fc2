"""The worklist's forms: what it is narrowed to, and what is done with several tasks at once."""

from collections.abc import Callable
from typing import Any, ClassVar, Final

from flask_babel import lazy_gettext as _

from lotsen.rules.vocabulary import HAND_OVER_OUTCOMES, POSTPONE_REASONS, REFERRED_ON
from lotsen.web.forms.base import required
from lotsen.web.forms.office import AssignForm, Day, Select, StaffForm, WhereForm, choices, note_field

MINE, NOBODYS = "mine", "nobody"


class NarrowForm(WhereForm):
    """Whose matters, and about whom."""

    whose = Select(_("Whose task"), default="")

    def __init__(self, colleagues: dict[int, str], **options: Any) -> None:
        super().__init__(**options)
        self.whose.choices = [
            ("", str(_("Everybody’s"))),
            (MINE, str(_("Mine"))),
            (NOBODYS, str(_("Nobody’s yet"))),
            *((str(key), name) for key, name in colleagues.items()),
        ]


class TogetherForm(StaffForm):
    """What all of them have in common: the tasks themselves are ticked boxes called `task`."""

    name = "together"
    #: What is done: the code in the address.
    step: ClassVar[str] = ""


class AssignTogether(AssignForm, TogetherForm):
    """Whose they become."""

    name = TogetherForm.name
    step = "assign"


class PostponeTogether(TogetherForm):
    """Until when, and why."""

    step = "postpone"
    due_on = Day(_("New day"), validators=[required()])
    reason = Select(_("Reason"), validators=[required(_("Please choose a reason."))])

    def __init__(self, _colleagues: dict[int, str], **options: Any) -> None:
        super().__init__(**options)
        self.reason.choices = choices(POSTPONE_REASONS, "postpone_reason", _("Please choose"))


class CloseTogether(TogetherForm):
    """How they all ended."""

    step = "close"
    outcome = Select(_("Outcome"), validators=[required(_("Please choose an outcome."))])
    note = note_field()

    def __init__(self, _colleagues: dict[int, str], **options: Any) -> None:
        super().__init__(**options)
        codes = tuple(code for code in HAND_OVER_OUTCOMES if code != REFERRED_ON)
        self.outcome.choices = choices(codes, "outcome", _("Please choose"))


STEPS: Final[dict[str, Callable[..., Any]]] = {
    form.step: form for form in (AssignTogether, PostponeTogether, CloseTogether)
}
