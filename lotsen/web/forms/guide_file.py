"""The forms of a guide's file: interview, promise, certificate of conduct, training, clearance, break."""

from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, ValidationError
from wtforms.validators import NumberRange, Optional

from lotsen.web.forms.base import at_most, required, written
from lotsen.web.forms.choices import WholeNumberField
from lotsen.web.forms.office import Day, StaffForm, not_in_future, note_field


class InterviewForm(StaffForm):
    """The interview with a guide."""

    name = "interview"
    on = Day(_("Held on"), validators=[required(), not_in_future])
    children = RadioField(
        _("Suitable for households with children?"),
        choices=lambda: [("yes", _("Yes")), ("no", _("No")), ("", _("Not clear yet"))],
        default="",
    )
    note = note_field(
        _("Note"), description=_("Only your office reads this. Please nothing about health, faith or origin.")
    )


class PromiseForm(StaffForm):
    """The promise of confidentiality, signed on paper."""

    name = "promise"
    on = Day(_("Signed on"), validators=[required(), not_in_future])
    signed = BooleanField(
        _("The guide has read the text and signed it."), validators=[required(_("Please tick the box if it is so."))]
    )


class ConductForm(StaffForm):
    """The certificate of conduct: two days, never the certificate."""

    name = "conduct"
    seen_on = Day(_("Seen on"), validators=[required(), not_in_future])
    valid_until = Day(_("Valid until"), validators=[required()])

    def validate_valid_until(self, field: Day) -> None:
        """Refuse a certificate that ended before it was seen."""
        if field.data and isinstance(self.seen_on.data, date) and field.data <= self.seen_on.data:
            raise ValidationError(str(_("The end lies before the day on which you saw it.")))


class TrainingForm(StaffForm):
    """Lessons of training."""

    name = "training"
    lessons = WholeNumberField(
        _("Lessons so far"),
        validators=[required(), NumberRange(0, 500, _("Please enter a number from 0 to 500."))],
        render_kw={"inputmode": "numeric"},
    )


class RevokeForm(StaffForm):
    """Why a clearance is taken back."""

    name = "revoke"
    note = note_field(_("Why?"), validators=[written(_("Please say why in a few words.")), at_most(2000)])


class PauseForm(StaffForm):
    """A guide's break."""

    name = "pause"
    until = Day(_("Until"), validators=[Optional()], description=_("Leave it empty if nobody knows yet."))
