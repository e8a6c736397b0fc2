"""One row of an office's list: read by the fields' readers, checked by the same answer rules as the forms."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

from babel import Locale
from pydantic import ValidationError

from lotsen import places
from lotsen.i18n import OFFERED
from lotsen.models.importing import ImportBatch, ImportKind
from lotsen.rules import reach, sheet_rows
from lotsen.rules.answers import GuideAnswers, RequestAnswers, clean
from lotsen.rules.sheet_rows import DATES, NEEDED, READERS
from lotsen.rules.vocabulary import LANGUAGES, SLOTS

#: A guide who said nothing of it.
CAPACITY: Final = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell: the field, the code of the sentence, the word that was not understood."""

    field: str
    code: str
    value: str = ""


@dataclass(slots=True)
class Parsed:
    """What a row says: answers where nothing is wrong."""

    answers: RequestAnswers | GuideAnswers | None = None
    email: str | None = None
    dates: dict[str, date] = field(default_factory=dict)
    lessons: int = 0
    #: In which language letters are wanted; nothing where the file does not say.
    locale: str = ""
    consent: str = ""
    problems: list[Problem] = field(default_factory=list)


@cache
def language_names() -> dict[str, str]:
    """Return what languages are called in German, English and by themselves, folded -> code."""
    names = {sheet_rows.fold(code): code for code in LANGUAGES}
    for tag in ("de", "en"):
        locale = Locale.parse(tag)
        names |= {sheet_rows.fold(str(locale.languages.get(code, code))): code for code in LANGUAGES}
    extra = {"farsi": "fa", "dari": "fa", "persisch": "fa", "persian": "fa", "kurmandschi": "ku", "kurmanci": "ku",
             "kurdisch": "ku", "kurdish": "ku", "sorani": "ckb", "romanes": "rom", "romani": "rom"}  # fmt: skip
    return names | extra


def sheet(batch: ImportBatch) -> list[list[str]]:
    """Return the rows that wait; nothing once they are gone. The first has the headers."""
    return next(iter(sheets(batch).values()), [])


def sheets(batch: ImportBatch) -> dict[str, list[list[str]]]:
    """Return the sheets that wait, by name."""
    found: dict[str, list[list[str]]] = json.loads(batch.content or "{}")
    return found


def parse(row: list[str], batch: ImportBatch, radius_km: int) -> Parsed:
    """Return what a row says, with everything that is wrong with it; `radius_km` is for guides who said nothing."""
    parsed, values = Parsed(), dict[str, Any]()
    cells = {name: clean(row[int(column)]) for column, name in batch.columns.items() if int(column) < len(row)}
    for name in NEEDED[batch.kind]:
        if not cells.get(name):
            parsed.problems.append(Problem(name, "missing"))
    for name, text in cells.items():
        if text and name in _READERS:
            _read(name, text, values, parsed)
        elif text:
            values[name] = text
    _consent(batch, values, parsed)
    if values.get("postcode") and places.find(values["postcode"]) is None:
        parsed.problems.append(Problem("postcode", "unknown_postcode", values["postcode"]))
    if not parsed.problems:
        _answer(batch, values, parsed, radius_km)
    return parsed


def _read(name: str, text: str, values: dict[str, Any], parsed: Parsed) -> None:
    try:
        values[name] = _READERS[name](text)
    except ValueError as error:
        told = str(error) if name in {"languages", "topics", "slots"} else text
        parsed.problems.append(Problem(name, f"bad_{name}" if name not in DATES else "bad_day", told[:80]))


#: How each field's cell is read; the others are texts.
_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    **READERS,
    "email": lambda text: reach.email(text).lower(),
    "phone": reach.phone,
    "languages": lambda text: sheet_rows.languages(text, language_names()),
    "locale": lambda text: sheet_rows.locale(text, language_names(), OFFERED),
}


def _consent(batch: ImportBatch, values: dict[str, Any], parsed: Parsed) -> None:
    """Nobody is stored without recorded consent: the row's own, or the office's word for all of them."""
    own = values.pop("consent", "")
    if own and not sheet_rows.is_yes(own):
        parsed.problems.append(Problem("consent", "no_consent", own[:80]))
    elif not own and not batch.consent:
        parsed.problems.append(Problem("consent", "no_consent"))
    parsed.consent = own


def _answer(batch: ImportBatch, values: dict[str, Any], parsed: Parsed, radius_km: int) -> None:
    parsed.email = values.get("email")
    parsed.dates = {name: values.pop(name) for name in DATES if name in values}
    parsed.lessons = values.pop("training_lessons", 0)
    parsed.locale = values.pop("locale", "")
    values.setdefault("slots", list(SLOTS))
    try:
        if batch.kind is ImportKind.NEWCOMERS:
            parsed.answers = RequestAnswers(**values, municipality_id=batch.municipality_id)
        else:
            values.pop("email", None)
            own = {"capacity": CAPACITY, "radius_km": radius_km} | values
            parsed.answers = GuideAnswers(**own, municipality_id=batch.municipality_id)
    except ValidationError as error:
        parsed.problems += [Problem(str(each["loc"][0]), "too_long") for each in error.errors()]
    _check_dates(parsed)


def _check_dates(parsed: Parsed) -> None:
    seen, until = parsed.dates.get("conduct_seen_on"), parsed.dates.get("conduct_valid_until")
    if (seen is None) != (until is None):
        parsed.problems.append(Problem("conduct_valid_until" if seen else "conduct_seen_on", "conduct_both"))
    if "cleared_on" in parsed.dates and "interview_on" not in parsed.dates:
        parsed.problems.append(Problem("interview_on", "interview_first"))
