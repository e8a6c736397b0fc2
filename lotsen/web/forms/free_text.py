"""Long text in somebody's own words, warned of before it is saved where it mentions residence status (§ 87 AufenthG).

The first time the form comes back with what was typed, a warning, and a box to say that the words mean something else.
Every field for free words is one of these: a test looks for others.
"""

from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField, ValidationError

from lotsen.rules.residence import mentioned


class Warned(Field):
    """Free words; `doubtful` once they were warned of, then the page shows the box `anyway`."""

    doubtful = False
    _insisted = False

    @property
    def anyway(self) -> str:
        """The name of the box that says: this is not about residence status, save it."""
        return f"{self.name}-anyway"

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        """Read the text, and whether its author was warned already and insists."""
        super().process(formdata, *args, **options)
        self._insisted = bool(formdata) and bool(formdata.get(self.anyway))

    def post_validate(self, form: FlaskForm, validation_stopped: bool) -> None:
        """Warn where the text seems to be about residence status. Raises `ValidationError`."""
        if not validation_stopped and mentioned(self.data):
            self.doubtful = True
            if not self._insisted:
                raise ValidationError(
                    gettext(
                        "This seems to be about a visa, asylum or residence status. Please take it out: we do not "
                        "need it, and it may do harm."
                    )
                )


class FreeTextField(Warned, TextAreaField):
    """Several lines of free words."""


class FreeLineField(Warned, StringField):
    """One line of free words."""
