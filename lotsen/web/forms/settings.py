"""Forms made from the settings themselves: a field for each, of its own kind and within its own bounds."""

from typing import Any, Final, Literal, get_args, get_origin

from annotated_types import Ge, Le
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import NumberRange

from lotsen.rules.answers import fold_digits
from lotsen.rules.settings import Settings, contradictions
from lotsen.web.forms.base import required, written
from lotsen.web.forms.choices import WholeNumberField
from lotsen.web.settings.words import CHOICE, WRONG, groups, of_setting

_NUMBER: Final = {"inputmode": "numeric", "autocomplete": "off"}
_BETWEEN: Final = _("Please enter a whole number from %(min)s to %(max)s.")


class NumbersField(StringField):
    """Several whole numbers in one box, with commas between; its data is a tuple."""

    def __init__(self, label: Any, bounds: list[tuple[int, int]], **options: Any) -> None:
        super().__init__(label, validators=[written()], **options)
        self.bounds = bounds

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return ", ".join(str(each) for each in self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the numbers; what was typed stays in the field where they are none."""
        parts = fold_digits(valuelist[0] if valuelist else "").replace("،", ",").replace(";", ",").split(",")
        numbers = [int(part) for part in map(str.strip, parts) if part.isdecimal() and len(part) < 5]
        fits = len(numbers) == len(parts) == len(self.bounds)
        if not fits or any(not least <= each <= most for each, (least, most) in zip(numbers, self.bounds, strict=True)):
            least, most = self.bounds[0]
            message = _(
                "Please enter %(count)d whole numbers from %(min)d to %(max)d with a comma between.",
                count=len(self.bounds), min=least, max=most,
            )  # fmt: skip
            raise ValueError(str(message))
        self.data = tuple(numbers)  # type: ignore[assignment]  # a text field whose answer is numbers


class SettingsForm(FlaskForm):
    """One group of settings; `seen` says what the page showed, so that nobody overwrites a colleague unseen."""

    seen = HiddenField()

    @classmethod
    def of(cls, group: str) -> type["SettingsForm"]:
        """Return the form of a group."""
        return type("GroupForm", (cls,), {name: _field(name) for name in groups()[group]})

    @property
    def values(self) -> dict[str, Any]:
        """The valid form's answers, by setting."""
        return {name: self[name].data for name in Settings.model_fields if name in self}

    @property
    def sent(self) -> dict[str, str]:
        """The answers as they were sent, for hidden fields."""
        return {name: self[name].raw_data[0] for name in self.values} | {"seen": self.seen.data or ""}

    def agrees(self, used: Settings) -> bool:
        """Whether the form is valid and its settings do not contradict each other."""
        if not self.validate():
            return False
        wrong = contradictions(used.model_copy(update=self.values))
        for name in wrong.keys() & self.values.keys():
            self[name].errors = [str(WRONG[wrong[name]])]
        return not self.errors


def _field(name: str) -> Any:
    info, word = Settings.model_fields[name], of_setting(name)
    options: dict[str, Any] = {"description": word.effect}
    kind = bool if info.annotation is bool else get_origin(info.annotation) or info.annotation
    if kind is Literal or kind is bool:
        codes = get_args(info.annotation) or (True, False)
        offered = lambda: [(code, CHOICE.get(code, code)) for code in codes]  # noqa: E731 -- asked for once a request
        return RadioField(word.label, choices=offered, validators=[written()], **options)
    if kind is tuple:
        bounds = [_bounds(get_args(part)[1].metadata) for part in get_args(info.annotation)]
        return NumbersField(word.label, bounds, render_kw=_NUMBER, **options)
    if kind is int:
        least, most = _bounds(info.metadata)
        return WholeNumberField(
            word.label, validators=[required(), NumberRange(least, most, _BETWEEN)], render_kw=_NUMBER, **options
        )
    raise TypeError(f"no field is known for the setting {name}: {info.annotation}")


def _bounds(metadata: list[Any]) -> tuple[int, int]:
    least = next(each.ge for each in metadata if isinstance(each, Ge))
    return int(least), int(next(each.le for each in metadata if isinstance(each, Le)))  # type: ignore[call-overload]  # comparable, says its stub; whole numbers here
