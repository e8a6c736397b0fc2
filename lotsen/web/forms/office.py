"""The coordination office's forms. Several stand on one page, so each has a prefix of its own."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)

from lotsen import words
from lotsen.clock import now
from lotsen.rules.calendar import BERLIN, local_date
from lotsen.rules.pairing import NEEDS_REASON, Action, Side, State, needs_reason
from lotsen.rules.vocabulary import (
    DECLINE_REASONS,
    DISMISS_REASONS,
    END_REASONS,
    HAND_OVER_OUTCOMES,
    LANGUAGES,
    REFERRED_ON,
    REJECT_REASONS,
    TOPICS,
)
from lotsen.web.forms.base import (
    at_most,
    required,
    tidy,
    written,
)
from lotsen.web.forms.choices import (
    Choices,
)
from lotsen.web.forms.free_text import FreeTextField
from lotsen.web.staff_words import STAFF_ERROR

Value = TypeVar("Value")

#: Asks as well whether somebody else is looked for.
PARTING = frozenset({Action.WITHDRAW, Action.END})
#: Newcomers need not say why (product description, "Who uses it").
NOT_SAID = "not_said"
CLOSE_REASONS = ("goal_reached", "helped_elsewhere", "moved", "no_contact", "other")
_REASONS = {
    Action.DISMISS: DISMISS_REASONS,
    Action.DECLINE: DECLINE_REASONS,
    Action.REJECT: REJECT_REASONS,
    Action.WITHDRAW: tuple(reason for reason in END_REASONS if reason != "goal_reached"),
    Action.END: (*END_REASONS, "safety"),
}


def choices(codes: tuple[str, ...], kind: str, empty: Any = None) -> Choices:
    """Return codes with their words for a list to choose from, under `empty` where nothing is chosen yet."""
    first: Choices = [] if empty is None else [("", str(empty))]
    return first + [(code, words.word(code, kind)) for code in codes]


def given(value: Value | None) -> Value:
    """Return what a field of a valid form holds: its validators saw to it that something is there."""
    assert value is not None
    return value


class StaffForm(FlaskForm):
    """A form with a prefix, so that ids stay unique on a page with several."""

    name: ClassVar[str] = ""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"prefix": self.name} | options)


class Day(DateField):
    """A day, with our own words for what is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a day as browsers send it."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(_("This is not a day. Example: 2026-03-31"))) from error


class Moment(DateTimeLocalField):
    """A day and time in Germany; its data is an aware instant."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a moment as browsers send it."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(_("This is not a day and time. Example: 2026-03-31 15:00"))) from error
        if self.data is not None:
            self.data = self.data.replace(tzinfo=BERLIN)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M") if self.data else ""


class Select(SelectField):
    """A list to choose from; a value that is none of them is refused in our own words."""

    def pre_validate(self, form: FlaskForm) -> None:
        """Refuse what was not offered."""
        try:
            super().pre_validate(form)
        except ValidationError as error:
            raise ValidationError(str(_("Please choose from the list."))) from error


def not_in_future(_form: FlaskForm, field: Day) -> None:
    """Refuse days to come."""
    if field.data and field.data > local_date(now()):
        raise ValidationError(str(_("This day is still to come.")))


def note_field(label: Any = None, **options: Any) -> FreeTextField:
    """Return a field for a few words; `options` as for the field."""
    defaults: dict[str, Any] = {"filters": [tidy], "validators": [at_most(2000)], "render_kw": {"rows": 2}}
    return FreeTextField(label or _("Note"), **(defaults | options))


def not_before(name: str) -> Callable[[FlaskForm, Day], None]:
    """Return the validator of a last day: it is not before the day in the field `name`."""

    def check(form: FlaskForm, field: Day) -> None:
        if field.data and form[name].data and field.data < form[name].data:
            raise ValidationError(str(_("The last day is before the first. Please check both.")))

    return check


class AddressForm(FlaskForm):
    """What stands in the address and changes nothing."""

    class Meta:
        """No token: nothing is changed."""

        csrf = False

    def chosen(self, name: str) -> str:
        """Return what is chosen in the list `name`; what it does not offer counts as nothing."""
        field = self[name]
        return field.data if field.data in dict(field.choices) else ""


class WhereForm(AddressForm):
    """People of a place, and with a language."""

    #: No names here: they would stand in the address.
    town = StringField(_("Place"), filters=[tidy], render_kw={"type": "search", "autocomplete": "off"})
    language = Select(_("Language"), default="")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        names = sorted(
            ((code, words.language_name(code)) for code in LANGUAGES), key=lambda choice: choice[1].casefold()
        )
        self.language.choices = [("", str(_("All languages"))), *names]


class Search(WhereForm):
    """What a list of people is narrowed to."""

    topic = Select(_("Topic"), default="")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.topic.choices = choices(TOPICS, "topic", _("All topics"))


class ActionForm(StaffForm):
    """An action on a pairing that needs a reason or a word."""

    reason = Select(_("Reason"))
    look_on = RadioField(
        _("Look for somebody else?"),
        choices=lambda: [("yes", _("Yes: back to the old place")), ("no", _("No: close the request"))],
        default="yes",
        validators=[written()],
    )
    note = note_field(_("Note for colleagues"))

    def __init__(self, action: Action, behalf: Side | None, state: State, **options: Any) -> None:
        super().__init__(prefix=f"{action}-{behalf or 'office'}", **options)
        if action not in PARTING:
            del self.look_on
        if action not in NEEDS_REASON:
            del self.reason
            return
        silent = (NOT_SAID,) if behalf is Side.NEWCOMER or not needs_reason(action, Side.OFFICE, state) else ()
        self.reason.choices = choices(silent + _REASONS[action], "staff_reason", None if silent else _("Please choose"))
        self.reason.validators = [required(_("Please choose a reason."))]
        self.reason.flags.required = True


class MeetingForm(StaffForm):
    """The moderated first meeting."""

    name = "meeting"
    at = Moment(_("Day and time"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], validators=[required()])
    place = StringField(_("Place"), filters=[tidy], validators=[written(), at_most(200)])

    def validate_at(self, field: Moment) -> None:
        """Refuse moments that are over."""
        if field.data and field.data < now():
            raise ValidationError(str(_("This moment is over.")))


class CloseTaskForm(StaffForm):
    """How a matter ended."""

    name = "close"
    outcome = Select(_("Outcome"), validators=[required(_("Please choose an outcome."))])
    agreed = BooleanField(_("Passed on: the person is with me, has read or heard the text, and agrees."))
    note = note_field()

    def __init__(self, *, about_newcomer: bool, consented: bool, **options: Any) -> None:
        super().__init__(**options)
        outcomes = tuple(each for each in HAND_OVER_OUTCOMES if about_newcomer or each != REFERRED_ON)
        self.outcome.choices = choices(outcomes, "outcome", _("Please choose"))
        if consented or not about_newcomer:
            del self.agreed

    def validate_agreed(self, field: BooleanField) -> None:
        """Nobody is passed on without their consent."""
        if self.outcome.data == REFERRED_ON and not field.data:
            raise ValidationError(str(STAFF_ERROR["counselling_consent_missing"]))


class AssignForm(StaffForm):
    """Whose matter it is."""

    name = "assign"
    assignee = Select(_("Whose task"), default="")

    def __init__(self, colleagues: dict[int, str], **options: Any) -> None:
        super().__init__(**options)
        self.assignee.choices = [("", str(_("Nobody’s yet"))), *((str(key), name) for key, name in colleagues.items())]


class CloseRequestForm(StaffForm):
    """Why nobody is looked for any more."""

    name = "close"
    reason = Select(_("Reason"), validators=[required(_("Please choose a reason."))])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.reason.choices = choices(CLOSE_REASONS, "staff_reason", _("Please choose"))


class ChooseForm(StaffForm):
    """A guide chosen by hand."""

    name = "choose"
    guide = Select(_("Guide"), validators=[required(_("Please choose a guide."))])
    because = note_field(
        _("Why this guide?"),
        validators=[written(_("Please say why in a few words.")), at_most(2000)],
        description=_("Colleagues read this later."),
    )
    release = BooleanField(_("Ask the guide at once"), default=True)

    def __init__(self, guides: Choices, **options: Any) -> None:
        super().__init__(**options)
        self.guide.choices = [("", str(_("Please choose"))), *guides]
