"""The insured list between two days: they stand in the address, and change nothing."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import ValidationError

from lotsen.web.forms.base import required
from lotsen.web.forms.office import Day


class BetweenForm(FlaskForm):
    """From which day until which."""

    class Meta:
        """No token: nothing is changed."""

        csrf = False

    since = Day(_("From"), validators=[required()])
    until = Day(_("Until"), validators=[required()])

    def __init__(self, asked: Any = None, **options: Any) -> None:
        super().__init__(formdata=asked, **options)
        self._asked = asked is not None

    def is_asked(self) -> bool:
        """Whether the address names days."""
        return self._asked

    def validate_until(self, field: Day) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(str(_("The last day is before the first. Please check both.")))
