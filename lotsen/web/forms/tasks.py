"""The worklist's forms: what it is narrowed to, and what is done with several tasks at once."""

from collections.abc import Callable
from typing import Any, ClassVar, Final

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

from lotsen import words
from lotsen.rules.vocabulary import HAND_OVER_OUTCOMES, LANGUAGES, POSTPONE_REASONS, REFERRED_ON
from lotsen.web.forms.base import required, tidy
from lotsen.web.forms.choices import Choices
from lotsen.web.forms.office import Day, Select, StaffForm, choices, note_field

MINE, NOBODYS = "mine", "nobody"


class NarrowForm(FlaskForm):
    """Whose matters, and about whom: stands in the address, changes nothing."""

    class Meta:
        """No token: nothing is changed."""

        csrf = False

    whose = Select(_("Whose task"), default="")
    #: No names here: they would stand in the address.
    town = StringField(_("Place"), filters=[tidy], render_kw={"type": "search", "autocomplete": "off"})
    language = Select(_("Language"), default="")

    def __init__(self, colleagues: dict[int, str], **options: Any) -> None:
        super().__init__(**options)
        names = sorted(((code, words.language_name(code)) for code in LANGUAGES), key=lambda each: each[1].casefold())
        self.language.choices = [("", str(_("All languages"))), *names]
        self.whose.choices = [
            ("", str(_("Everybody’s"))),
            (MINE, str(_("Mine"))),
            (NOBODYS, str(_("Nobody’s yet"))),
            *((str(key), name) for key, name in colleagues.items()),
        ]

    def chosen(self, name: str) -> str:
        """Return what is chosen in the list `name`; what it does not offer counts as nothing."""
        field = self[name]
        return field.data if field.data in dict(field.choices) else ""


class TogetherForm(StaffForm):
    """What all of them have in common: the tasks themselves are ticked boxes called `task`."""

    name = "together"
    #: What is done: the code in the address.
    step: ClassVar[str] = ""


class AssignTogether(TogetherForm):
    """Whose they become."""

    step = "assign"
    assignee = Select(_("Whose task"), default="")

    def __init__(self, colleagues: dict[int, str], **options: Any) -> None:
        super().__init__(**options)
        nobody: Choices = [("", str(_("Nobody’s yet")))]
        self.assignee.choices = nobody + [(str(key), name) for key, name in colleagues.items()]


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
