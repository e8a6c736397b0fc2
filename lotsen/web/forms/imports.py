"""Forms for a file that an office brings."""

from typing import Any, Final

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, RadioField

from lotsen.models.importing import ImportKind
from lotsen.rules.sheet_rows import FIELDS, NEEDED
from lotsen.web.forms.base import required
from lotsen.web.forms.office import Select

KIND: Final = {ImportKind.GUIDES: _("Guides"), ImportKind.NEWCOMERS: _("Newcomers")}
FIELD: Final = {
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "postcode": _("Postal code"),
    "email": _("E-mail address"),
    "phone": _("Telephone"),
    "languages": _("Languages"),
    "topics": _("Topics"),
    "slots": _("Times"),
    "gender": _("Gender"),
    "household": _("Household"),
    "locale": _("Language of letters and pages"),
    "consent": _("Consent"),
    "capacity": _("Places"),
    "radius_km": _("Radius in kilometres"),
    "training_lessons": _("Lessons of training"),
    "interview_on": _("Interview on"),
    "conduct_seen_on": _("Certificate of conduct seen on"),
    "conduct_valid_until": _("Certificate of conduct valid until"),
    "cleared_on": _("Cleared on"),
}


class UploadForm(FlaskForm):
    """A file, and who stands in it."""

    kind = RadioField(
        _("Who stands in the file?"),
        choices=lambda: [(each.value, str(KIND[each])) for each in ImportKind],
        validators=[required(_("Please choose an answer."))],
    )
    file = FileField(
        _("XLSX or CSV file"),
        description=_("At most 5 MB and 10,000 rows. The first row has the names of the columns."),
        validators=[FileRequired(_("Please choose a file."))],
    )


class SheetForm(FlaskForm):
    """One of the workbook's sheets."""

    sheet = RadioField(_("Which sheet?"), validators=[required(_("Please choose an answer."))])

    def __init__(self, names: list[str], **options: Any) -> None:
        super().__init__(**options)
        self.sheet.choices = [(name, name) for name in names]


class ColumnsForm(FlaskForm):
    """What each column holds; fields are added, one a column (`columns_form`)."""

    consent = BooleanField(
        _("All people in this file agreed in writing that we store these data. Their papers are in our office."),
    )
    dates = BooleanField(
        _("We checked the days of interviews, certificates of conduct and clearances in this file. Take them over."),
    )

    @property
    def columns(self) -> list[Field]:
        """The fields for the columns, in the order of the file."""
        return [field for name, field in self._fields.items() if name.startswith("column_")]

    def chosen(self) -> dict[str, str]:
        """Return column number (as text) -> field."""
        fields = {name.removeprefix("column_"): field.data for name, field in self._fields.items()}
        return {number: data for number, data in fields.items() if number.isdigit() and data}


def columns_form(kind: ImportKind, headers: list[str], sample: list[str], **options: Any) -> ColumnsForm:
    """Return the form with a field for each column of a file."""
    choices = [("", str(_("Leave out")))]
    choices += [(name, f"{FIELD[name]}{' *' if name in NEEDED[kind] else ''}") for name in FIELDS[kind]]
    fields = {
        f"column_{number}": Select(
            header or str(number + 1), default="", description=sample[number][:60] if sample else ""
        )
        for number, header in enumerate(headers)
    }
    form: ColumnsForm = type("Columns", (ColumnsForm,), fields)(**options)
    for name in fields:
        form[name].choices = choices
        form[name].flags.unmarked = True  # which are needed stands beside the choices
    if kind is ImportKind.NEWCOMERS:
        del form.dates
    return form
