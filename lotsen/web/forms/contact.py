"""The forms of two people in contact: a message, what they share, a date, a meeting."""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from secrets import token_urlsafe
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    StringField,
    TimeField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional, StopValidation

from lotsen import words
from lotsen.models import Meeting
from lotsen.rules.answers import fold_digits
from lotsen.rules.calendar import BERLIN
from lotsen.rules.contact import LONGEST_MESSAGE, LONGEST_NOTE, LONGEST_PLACE, MeetingEntry, Plan
from lotsen.rules.vocabulary import MeetingKind, Mood
from lotsen.web.forms.base import at_most, required, tidy, written
from lotsen.web.forms.choices import WholeNumberField
from lotsen.web.forms.free_text import FreeTextField

#: Minutes that are one tap; anything else is typed.
USUAL: Final = (30, 60, 90, 120, 180)
OTHER: Final = "other"


def fresh() -> str:
    """Return a token for one form: sent twice, it counts once."""
    return token_urlsafe(12)


def kind_choices() -> list[tuple[str, str]]:
    """Return what people do together."""
    return [(kind.value, words.word(kind, "meeting_kind")) for kind in MeetingKind]


def duration(minutes: int) -> str:
    """Return a length in hours and minutes: "1 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return str(gettext("%(minutes)d min", minutes=rest))
    if not rest:
        return str(gettext("%(hours)d h", hours=hours))
    return str(gettext("%(hours)d h %(minutes)d min", hours=hours, minutes=rest))


def typed_where_other(form: FlaskForm, field: WholeNumberField) -> None:
    """Ask for the number where no usual length fits; ignore it where one does."""
    if form.minutes.data != OTHER:
        field.raw_data, field.process_errors, field.errors = [], [], []
    elif not field.raw_data or not field.raw_data[0].strip():
        raise StopValidation(gettext("Please enter a number."))


class OnceForm(FlaskForm):
    """A form that counts once, however often it is sent."""

    token = HiddenField(default=fresh)


class MessageForm(OnceForm):
    """Words of one's own."""

    text = FreeTextField(
        _("Your message"),
        filters=[tidy],
        validators=[written(_("Please write something.")), at_most(LONGEST_MESSAGE)],
        render_kw={"rows": 4, "dir": "auto", "maxlength": LONGEST_MESSAGE},
    )


class ShareForm(FlaskForm):
    """What the other one may see."""

    phone = BooleanField(_("Show my telephone number"))
    email = BooleanField(_("Show my e-mail address"))

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="share", **options)  # two forms stand on the page


class PlanForm(OnceForm):
    """A date to propose."""

    day = DateField(_("Which day?"), validators=[required(_("Please choose a day."))])
    clock = TimeField(_("What time?"), validators=[required(_("Please choose a time."))])
    kind = RadioField(_("What for?"), choices=kind_choices, validators=[required(_("Please choose an answer."))])
    place = StringField(
        _("Where?"),
        description=_("For example: in front of the town hall"),
        filters=[tidy],
        validators=[at_most(LONGEST_PLACE)],
        render_kw={"dir": "auto"},
    )

    def plan(self) -> Plan:
        """Return the proposal of a valid form."""
        at = datetime.combine(self.day.data or date.min, self.clock.data or time.min, BERLIN)
        return Plan(at=at, kind=MeetingKind(self.kind.data), place=self.place.data or None)


class AmountField(StringField):
    """A number with at most two decimals, in any script's digits, with a comma or a point."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what was typed; the number is read by `amount`."""
        super().process_formdata(valuelist)
        self.amount()

    def amount(self) -> Decimal:
        """Return the number; nothing is none. Raises `ValueError`."""
        typed = fold_digits((self.data or "").strip()).replace("٫", ".").replace(",", ".")
        try:
            number = Decimal(typed or 0)
        except InvalidOperation as error:
            raise ValueError(gettext("Please enter a number, for example 12.50.")) from error
        if not number.is_finite():
            raise ValueError(gettext("Please enter a number, for example 12.50."))
        if not 0 <= number <= 2000:
            raise ValueError(gettext("Please enter a number from %(min)d to %(max)d.", min=0, max=2000))
        return number


class MeetingForm(OnceForm):
    """A meeting in three taps: what, how long, how it was. The last tap saves. The rest may be left out."""

    kind = RadioField(_("What did you do?"), choices=kind_choices, validators=[required(_("Please choose an answer."))])
    minutes = RadioField(_("How long?"), validators=[required(_("Please choose an answer."))])
    other_minutes = WholeNumberField(
        _("How many minutes?"),
        validators=[
            typed_where_other,
            Optional(),
            NumberRange(5, 1440, _("Please enter a number from %(min)d to %(max)d.")),
        ],
        render_kw={"min": 5, "max": 1440, "inputmode": "numeric"},
    )
    held_on = DateField(_("Which day?"), validators=[Optional()])
    km = AmountField(
        _("Kilometres, there and back"), validators=[at_most(12)], render_kw={"inputmode": "decimal", "dir": "ltr"}
    )
    expenses = AmountField(
        _("Expenses in euros"), validators=[at_most(12)], render_kw={"inputmode": "decimal", "dir": "ltr"}
    )
    note = FreeTextField(
        _("Note for yourself"),
        description=_("Nobody else can read it."),
        filters=[tidy],
        validators=[at_most(LONGEST_NOTE)],
        render_kw={"rows": 3, "dir": "auto"},
    )

    #: The faces are buttons: whichever is tapped saves. Enter in a field taps none, and the form asks.
    mood = RadioField(
        _("How was it?"),
        description=_("One tap saves the meeting. If it was difficult, the coordination office helps."),
        choices=lambda: [(mood.value, words.word(mood, "mood")) for mood in Mood],
        validators=[required(_("Please choose an answer."))],
    )

    def __init__(self, today: date, first: date, *, costs: bool, **options: Any) -> None:
        super().__init__(**options)
        self.today, self.first = today, first
        self.minutes.choices = [*((str(count), duration(count)) for count in USUAL), (OTHER, gettext("other"))]
        self.held_on.render_kw = {"min": first.isoformat(), "max": today.isoformat()}
        if not costs:  # mileage and expenses are the guide's
            del self.km, self.expenses

    def validate_held_on(self, field: DateField) -> None:
        """Refuse days on which the two cannot have met."""
        if field.data and not self.first <= field.data <= self.today:
            raise ValidationError(words.word("meeting_day", "error"))

    @property
    def more(self) -> bool:
        """Whether what may be left out holds something, or something wrong."""
        optional = [field for field in self if field.name in {"held_on", "km", "expenses", "note"}]
        return any(field.errors or field.data for field in optional)

    def entry(self) -> MeetingEntry:
        """Return the entry of a valid form."""
        minutes = self.other_minutes.data if self.minutes.data == OTHER else int(self.minutes.data)
        return MeetingEntry(
            kind=MeetingKind(self.kind.data),
            minutes=minutes or 0,
            mood=Mood(self.mood.data),
            held_on=self.held_on.data or self.today,
            metres=_times(self.km.amount(), 1000) if "km" in self else 0,
            expenses_cents=_times(self.expenses.amount(), 100) if "expenses" in self else 0,
            note=self.note.data or None,
        )


def _times(number: Decimal, factor: int) -> int:
    return int((number * factor).quantize(Decimal(1), ROUND_HALF_UP))


def stored(meeting: Meeting) -> dict[str, Any]:
    """Return an entry as the form's fields."""
    usual = meeting.minutes in USUAL
    return {
        "kind": meeting.kind.value,
        "minutes": str(meeting.minutes) if usual else OTHER,
        "other_minutes": None if usual else meeting.minutes,
        "held_on": meeting.held_on,
        "km": plain(Decimal(meeting.metres) / 1000) if meeting.metres else "",
        "expenses": plain(Decimal(meeting.expenses_cents) / 100) if meeting.expenses_cents else "",
        "note": meeting.note or "",
    }


def plain(number: Decimal) -> str:
    """Return a number as one types it, without needless noughts."""
    return f"{number.normalize():f}"


def tomorrow(today: date) -> date:
    """Return the day that a proposal begins with."""
    return today + timedelta(days=1)
