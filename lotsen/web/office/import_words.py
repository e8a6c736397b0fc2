"""What the import says: the fields, what is wrong with a cell, what doubles and what an undoing leaves."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lotsen.models.importing import ImportBatch, ImportStage
from lotsen.web import staff_words
from lotsen.web.forms.imports import FIELD

STAGE: Final = {
    ImportStage.SHEET: _("Choose the sheet"),
    ImportStage.COLUMNS: _("Say what the columns hold"),
    ImportStage.CHECKING: _("Being checked"),
    ImportStage.CHECKED: _("Checked: please decide"),
    ImportStage.STORING: _("Being stored"),
    ImportStage.STORED: _("Stored"),
    ImportStage.UNDOING: _("Being undone"),
    ImportStage.UNDONE: _("Undone"),
}
PROBLEM: Final = {
    "missing": _("is missing"),
    "bad_postcode": _("“%(value)s” is no German postal code"),
    "unknown_postcode": _("We do not know the postal code %(value)s"),
    "bad_email": _("“%(value)s” is no complete e-mail address"),
    "bad_phone": _("“%(value)s” is no complete telephone number"),
    "bad_languages": _("We know no language “%(value)s”"),
    "bad_locale": _("Letters in “%(value)s” cannot be written here"),
    "bad_topics": _("We know no topic “%(value)s”"),
    "bad_slots": _("We do not understand the time “%(value)s”"),
    "bad_household": _("“%(value)s”: please write alone, adults, children or large family"),
    "bad_gender": _("“%(value)s”: please write f, m or d"),
    "bad_capacity": _("“%(value)s” is no number from 1 to 10"),
    "bad_radius_km": _("“%(value)s” is no number from 1 to 200"),
    "bad_training_lessons": _("“%(value)s” is no number from 0 to 500"),
    "bad_day": _("“%(value)s” is no day such as 11.03.2026"),
    "no_consent": _("No consent is recorded: this person is not stored"),
    "conduct_both": _("is missing: a certificate needs both days"),
    "interview_first": _("is missing: nobody is cleared without an interview"),
    "too_long": _("is too long, or not understood"),
    "email_taken": _("An account with this e-mail address exists already"),
}
SAME: Final = {"name": _("name and postal code"), "email": _("E-mail address"), "phone": _("Telephone")}
REMAINS: Final = {
    "gone": _("erased in the meantime"),
    "pairing": _("there is a pairing or a suggestion"),
    "signed_in": _("has signed in"),
    "note": _("there is a note"),
    "changed": _("was changed since"),
    "task": _("there is a task"),
    "email_taken": PROBLEM["email_taken"],
    "no_consent": PROBLEM["no_consent"],
}


def _why(code: str) -> str:
    return str(REMAINS[code]) if code in REMAINS else gettext("%(column)s needs a correction", column=FIELD[code])


def told(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what the dry run found in a row's cells: field, and the problem in words."""
    return [(name, str(PROBLEM[code]) % {"value": value}) for name, code, value in found.get("problems", ())]


def same(found: dict[str, Any]) -> str:
    """Return as whom somebody is known already; nothing where nobody is."""
    return ", ".join(_same(where, what) for where, what in found.get("same", ()))


def doubles(findings: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows without a problem that are there already, or stand twice in the file."""
    return [
        {"number": number, "row": number + 1, "what": same(found)}
        for number, found in sorted(findings.items())
        if found["same"] and not found["problems"]
    ]


def _same(where: str, what: str) -> str:
    if where == "0":
        return gettext("%(what)s as somebody who is here already", what=SAME[what])
    return gettext("%(what)s as in row %(row)s", what=SAME[what], row=int(where) + 1)


def remaining(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return which rows an undoing left, and why."""
    return [{"row": number + 1, "what": _why(why)} for number, _person, why in batch.remaining]


def refusal(code: str, details: Mapping[str, Any]) -> str:
    """Return the sentence for what an import refuses; of columns that are not chosen yet it says which."""
    said = staff_words.refusal(code, details)
    missing = ", ".join(str(FIELD[name]) for name in details.get("missing", ()))
    return " ".join([said, gettext("No column yet: %(names)s.", names=missing)]) if missing else said
