"""For some time or for one appointment: what a request asks for, and what a guide takes, as the office sets it."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, ValidationError
from wtforms.validators import Optional

from lotsen import words
from lotsen.rules.vocabulary import RequestKind, Takes
from lotsen.web.forms.base import written
from lotsen.web.forms.office import Day, StaffForm
from lotsen.web.office.present import today


class LengthForm(StaffForm):
    """For how long somebody is wanted, or new days of an appointment."""

    name = "length"
    kind = RadioField(
        _("For how long?"),
        choices=lambda: [(each.value, words.word(each, "request_kind")) for each in RequestKind],
        validators=[written()],
    )
    wanted_from = Day(_("A single appointment: from which day?"), validators=[Optional()])
    wanted_until = Day(_("Until which day?"), validators=[Optional()])

    def validate_wanted_until(self, field: Day) -> None:
        """Refuse days that are over, and an end before the beginning."""
        if self.kind.data != RequestKind.ONE_OFF or not field.data:
            return
        if field.data < today():
            raise ValidationError(str(_("This day is over. Please choose today or a later day.")))
        if self.wanted_from.data and field.data < self.wanted_from.data:
            raise ValidationError(str(_("The last day is before the first. Please check both.")))


class TakesForm(StaffForm):
    """Which requests a guide takes."""

    name = "takes"
    takes = RadioField(
        _("For some time, or for single appointments?"),
        choices=lambda: [(each.value, words.word(each, "takes")) for each in Takes],
        validators=[written()],
    )
