"""What the matcher weighs how much, in one municipality."""

from typing import Any, Final

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import FloatField
from wtforms.validators import NumberRange
from wtforms.widgets import TextInput

from lotsen.rules.answers import fold_digits
from lotsen.rules.settings import GREATEST_FACTOR, LEAST_FACTOR, Weighing
from lotsen.web.forms.base import required
from lotsen.web.forms.choices import WholeNumberField

_BOUNDS: Final = NumberRange(LEAST_FACTOR, GREATEST_FACTOR, _("Please enter a number from 0.5 to 2."))


class FactorField(FloatField):
    """A factor, with a comma or a point, in any script's digits.

    A box for text: one for numbers shows nothing where the page's language has another sign than the browser expects.
    """

    widget = TextInput()

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, validators=[required(), _BOUNDS], render_kw={"inputmode": "decimal"}, **options)

    def _value(self) -> str:
        """Return what stands in the field: what was typed, else the number with the reader's comma."""
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(format_decimal(self.data))

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; what was typed stays in the field where it is none."""
        try:
            super().process_formdata([fold_digits(value).strip().replace(",", ".") for value in valuelist])
        except ValueError as error:
            raise ValueError(str(_("Please enter a number, for example 1.5."))) from error


class WeighingForm(FlaskForm):
    """Factors and limits; 1 is what the matcher gives by itself."""

    language = FactorField(_("Language"), description=_("How well both speak the language they share."))
    distance = FactorField(_("Distance"), description=_("How near they live, measured by the guide’s way."))
    topics = FactorField(_("Topics"), description=_("How much of what is needed the guide offers."))
    times = FactorField(_("Times"), description=_("How many times suit both."))
    experience = FactorField(_("Experience"), description=_("How many pairings the guide has completed."))
    household = FactorField(_("Household"), description=_("Experienced guides for families with children."))
    load = FactorField(_("Places"), description=_("Guides with many free places first."))
    waiting = FactorField(_("Waiting"), description=_("Waiting time, within the chance of one pair."))
    waiting_first = FactorField(
        _("Who comes first when places are short"),
        description=_("Above 1, long waiting counts more against better pairs."),
    )
    extra_radius_km = WholeNumberField(
        _("What if guides went further? Kilometres more"),
        validators=[required(), NumberRange(0, 20, _("Please enter a number from 0 to 20."))],
        render_kw={"inputmode": "numeric"},
        description=_("Only tried, never used: it shows whether asking guides for a wider radius would pay."),
    )
    constancy = WholeNumberField(
        _("How firmly a suggestion stands"),
        validators=[required(), NumberRange(0, 10, _("Please enter a number from 0 to 10."))],
        render_kw={"inputmode": "numeric"},
        description=_("So many percentage points must another pair be better before it replaces a suggestion."),
    )

    def weighing(self) -> Weighing:
        """Return the valid form's answers."""
        return Weighing(**{name: self[name].data for name in Weighing.model_fields})
