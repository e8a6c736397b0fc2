"""Certificates: of which days one speaks, and the code of one."""

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, ValidationError

from lotsen.web.forms.base import CodeField, required


class DayField(DateField):
    """A day; what is none is said in our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("Please choose a day.")) from error


class PeriodForm(FlaskForm):
    """From one day to another, both included."""

    since = DayField(_("From"), validators=[required(_("Please choose a day."))])
    until = DayField(_("Until"), validators=[required(_("Please choose a day."))])

    def __init__(self, today: date, **options: Any) -> None:
        super().__init__(data={"since": today.replace(month=1, day=1), "until": today}, **options)
        self.today = today

    def validate_until(self, field: DateField) -> None:
        """Check that the days lie behind us, in their order."""
        if field.data and field.data > self.today:
            raise ValidationError(gettext("Please choose a day up to today."))
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(gettext("The last day lies before the first one."))


class VerifyForm(FlaskForm):
    """The code on a certificate, however it is typed."""

    code = CodeField(_("Code on the certificate"), missing=_("Please enter the code."))
