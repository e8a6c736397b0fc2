"""Offices' own lists, read: which column holds what, and what a cell means, in German or English."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from lotsen.rules.answers import clean, fold_digits
from lotsen.rules.vocabulary import DAYS, LANGUAGES, LEVELS, PARTS, SLOTS, Household

#: Fields, each with the headers under which lists have it (folded: small letters, nothing but letters).
HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "first_name": ("vorname", "firstname", "givenname", "rufname"),
    "last_name": ("nachname", "name", "familienname", "lastname", "surname", "zuname"),
    "postcode": ("plz", "postleitzahl", "postcode", "postalcode", "zip", "zipcode"),
    "email": ("email", "emailadresse", "mail", "mailadresse", "emailaddress"),
    "phone": ("telefon", "telefonnummer", "tel", "handy", "mobil", "mobilnummer", "handynummer", "phone", "mobile"),
    "languages": ("sprachen", "sprache", "languages", "language", "sprachkenntnisse", "spricht", "speaks"),
    "locale": (
        "sprachefuerbriefe",
        "briefsprache",
        "korrespondenzsprache",
        "kontaktsprache",
        "bevorzugtesprache",
        "preferredlanguage",
        "contactlanguage",
        "languageofletters",
    ),
    "topics": (
        "themen",
        "thema",
        "topics",
        "bedarf",
        "hilfebei",
        "hilftbei",
        "brauchthilfebei",
        "angebot",
        "bereiche",
        "needs",
        "needshelpwith",
        "helpswith",
        "unterstuetzungbei",
    ),
    "slots": ("zeiten", "zeit", "times", "verfuegbarkeit", "verfuegbar", "wann", "availability"),
    "gender": ("geschlecht", "gender", "sex", "anrede"),
    "household": ("haushalt", "household", "familie", "familienstand", "personen"),
    "consent": ("einwilligung", "einverstaendnis", "consent", "datenschutz", "dsgvo", "zustimmung"),
    "capacity": ("plaetze", "kapazitaet", "capacity", "anzahl", "maxpersonen"),
    "radius_km": ("umkreis", "radius", "radiuskm", "umkreiskm", "entfernung"),
    "training_lessons": ("schulung", "unterrichtsstunden", "training", "lessons", "ustd", "schulungsstunden"),
    "interview_on": ("interview", "gespraech", "erstgespraech", "interviewam", "gespraecham", "interviewon"),
    "conduct_seen_on": ("fuehrungszeugnis", "fuehrungszeugnisgesehen", "fuehrungszeugnisam", "efz", "conductcheck"),
    "conduct_valid_until": ("fuehrungszeugnisbis", "efzbis", "fuehrungszeugnisgueltigbis", "conductcheckuntil"),
    "cleared_on": ("freigabe", "freigegeben", "freigegebenam", "freigabeam", "cleared", "clearedon"),
}
_BOTH: Final = (
    "first_name", "postcode", "email", "phone", "languages", "topics", "slots", "gender", "locale", "consent",
)  # fmt: skip
#: What each kind of list can hold; what it must hold.
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "newcomers": (*_BOTH, "household"),
    "guides": (
        "first_name", "last_name", *_BOTH[1:], "capacity", "radius_km", "training_lessons", "interview_on",
        "conduct_seen_on", "conduct_valid_until", "cleared_on",
    ),
}  # fmt: skip
NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "newcomers": ("first_name", "postcode", "languages", "topics", "household"),
    "guides": ("first_name", "last_name", "postcode", "languages", "topics"),
}
DATES: Final = ("interview_on", "conduct_seen_on", "conduct_valid_until", "cleared_on")

TOPIC_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "authorities": ("behoerde", "amt", "aemter", "authorit", "formular", "antraege"),
    "housing": ("wohn", "housing", "miete", "flat"),
    "work": ("arbeit", "beruf", "job", "work", "bewerbung"),
    "school": ("schul", "school", "hausaufgaben"),
    "health": ("gesund", "arzt", "aerzt", "health", "doctor", "medizin"),
    "language": ("deutsch", "sprach", "language", "german"),
    "leisure": ("freizeit", "sport", "leisure", "kultur"),
    "childcare": ("kita", "kinder", "childcare", "betreuung"),
    "money": ("geld", "finanz", "money", "bank"),
    "digital": ("digital", "computer", "handy", "internet"),
    "mobility": ("mobil", "verkehr", "bus", "fuehrerschein", "transport"),
    "training": ("ausbildung", "training", "studium", "weiterbildung"),
}
_DAY_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "mon": ("mo", "mon", "montag", "montags", "monday"), "tue": ("di", "tue", "dienstag", "dienstags", "tuesday"),
    "wed": ("mi", "wed", "mittwoch", "mittwochs", "wednesday"),
    "thu": ("do", "thu", "donnerstag", "donnerstags", "thursday"),
    "fri": ("fr", "fri", "freitag", "freitags", "friday"),
    "sat": ("sa", "sat", "samstag", "samstags", "sonnabend", "saturday"),
    "sun": ("so", "sun", "sonntag", "sonntags", "sunday"),
}  # fmt: skip
_PART_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "morning": ("vormittag", "morgen", "morning", "frueh"), "afternoon": ("nachmittag", "mittag", "afternoon"),
    "evening": ("abend", "evening"),
}  # fmt: skip
_HOUSEHOLDS: Final[tuple[tuple[Household, tuple[str, ...]], ...]] = (
    (Household.LARGE_FAMILY, ("grossfamilie", "grossefamilie", "largefamily", "kinderreich")),
    (Household.ALONE, ("allein", "alleinstehend", "single", "alone", "ledig", "einzelperson")),
    (Household.ADULTS, ("paar", "couple", "erwachsene", "adults", "ohnekinder", "ehepaar")),
    (Household.CHILDREN, ("kind", "familie", "child", "family", "alleinerziehend")),
)
_GENDERS: Final = {"w": "f", "f": "f", "weiblich": "f", "female": "f", "frau": "f", "m": "m", "maennlich": "m",
                   "male": "m", "herr": "m", "mann": "m", "d": "d", "divers": "d", "diverse": "d"}  # fmt: skip
_YES: Final = frozenset({"ja", "j", "yes", "y", "x", "wahr", "true", "1", "ok", "erteilt", "liegtvor"})
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_PART: Final = re.compile(r"[,;/|\n+]| und | and |&")


def fold(text: str) -> str:
    """Return `text` in small Latin letters and digits alone: "E-Mail " and "email" are one header."""
    plain = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)
    return "".join(sign for sign in plain if sign.isalnum())


def guess(headers: Sequence[str], kind: str) -> dict[str, str]:
    """Return column number (as text) -> field, each field once, as far as the headers say."""
    found: dict[str, str] = {}
    for exact in (True, False):
        for number, header in enumerate(headers):
            for field in FIELDS[kind]:
                words = HEADERS[field]
                fits = fold(header) in words if exact else any(len(w) > 4 and fold(header).startswith(w) for w in words)
                if fits and field not in found.values() and str(number) not in found:
                    found[str(number)] = field
    return found


def as_day(text: str) -> date | None:
    """Return a date written as 2026-03-11, 11.03.2026, 11.3.26 or 11/03/2026; None for what is none."""
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(fold_digits(text).strip(), form).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    return None


def is_yes(text: str) -> bool:
    """Whether a cell says that somebody agreed: a yes, or the day on which they did."""
    return fold(text) in _YES or as_day(text) is not None


def parts(text: str) -> list[str]:
    """Return what a cell lists."""
    return [part.strip() for part in _PART.split(text) if part.strip()]


def languages(text: str, names: Mapping[str, str]) -> dict[str, str]:
    """Return code -> level of "Arabisch (Muttersprache), Deutsch B1"; `names` are folded names -> code.

    A first language counts as C2; without a level the first named is the first language, the others B1.
    Raises `ValueError` with the word that no language is called by.
    """
    found: dict[str, str] = {}
    for part in parts(text):
        level = re.search(r"\b([ABC][12])\b", part, re.IGNORECASE)
        name = fold(re.split(r"[(:\-]|\b[ABCabc][12]\b", part)[0])
        code = names.get(name) or (name if name in LANGUAGES else None)
        if code is None:
            raise ValueError(part)
        native = "mutter" in part.casefold() or "native" in part.casefold()
        own = level[1].upper() if level else "C2" if native or not found else "B1"
        found[code] = own if own in LEVELS else "B1"
    return found


def locale(text: str, names: Mapping[str, str], offered: Sequence[str]) -> str:
    """Return which of the offered tags a cell asks letters in: "Farsi" is fa-AF. Raises `ValueError`."""
    word = fold(text)
    wanted = names.get(word, word)
    for tag in offered:
        if wanted in {fold(tag), tag.partition("-")[0]}:
            return tag
    raise ValueError(text)


def topics(text: str) -> list[str]:
    """Return the topics that a cell names. Raises `ValueError` with the word that is none."""
    found = []
    for part in parts(text):
        words = fold(part)
        codes = [code for code, stems in TOPIC_WORDS.items() if words == code or words.startswith(stems)]
        codes = codes or [code for code, stems in TOPIC_WORDS.items() if any(len(s) > 3 and s in words for s in stems)]
        if not codes:
            raise ValueError(part)
        found += codes[:1]
    return found


def slots(text: str) -> list[str]:
    """Return the times of "Mo-Fr abends, Sa vormittags"; nothing and "immer" are all. Raises `ValueError`."""
    found: set[str] = set()
    for part in re.split(r"[,;|\n]", text):
        if part.strip() and fold(part) not in {"immer", "flexibel", "egal", "jederzeit", "always", "any"}:
            found |= set(_times(part))
        elif part.strip():
            return list(SLOTS)
    return [slot for slot in SLOTS if slot in found] or list(SLOTS)


def _times(part: str) -> list[str]:
    words = re.findall(r"[^\W\d_]+|[-–]", part.casefold().translate(_UMLAUTS))
    days: list[int] = []
    span = False
    for word in words:
        at = next((i for i, day in enumerate(DAYS) if word in _DAY_WORDS[day]), None)
        if at is not None:
            days += range(days[-1] + 1, at + 1) if span and days else [at]
        span = word in {"-", "–", "bis", "to"}
    times = [each for each in PARTS if any(word.startswith(_PART_WORDS[each]) for word in words)]
    if any(word.startswith(("wochenende", "weekend")) for word in words):
        days += [5, 6]
    if any(word.startswith(("werktag", "wochentag", "weekday")) for word in words):
        days += [0, 1, 2, 3, 4]
    if not days and not times:
        raise ValueError(part.strip())
    return [f"{DAYS[at]}-{each}" for at in (days or range(7)) for each in (times or PARTS)]


def household(text: str) -> Household:
    """Return who a request is for. Raises `ValueError`."""
    words = fold(text)
    if words in set(Household):
        return Household(words)
    for kind, stems in _HOUSEHOLDS:
        if any(stem in words for stem in stems):
            return kind
    raise ValueError(text)


def gender(text: str) -> str:
    """Return f, m or d. Raises `ValueError`."""
    if fold(text) not in _GENDERS:
        raise ValueError(text)
    return _GENDERS[fold(text)]


def day(text: str) -> date:
    """Return a date. Raises `ValueError`."""
    found = as_day(text)
    if found is None:
        raise ValueError(text)
    return found


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return the reader of a whole number between two others; it raises `ValueError`."""

    def read(text: str) -> int:
        number = float(fold_digits(text).replace(",", "."))
        if not (low <= number <= high) or number != int(number):
            raise ValueError(text)
        return int(number)

    return read


def postcode(text: str) -> str:
    """Return five digits; a spreadsheet that took 04103 for a number has lost the zero. Raises `ValueError`."""
    digits = re.sub(r"\.0$", "", fold_digits(clean(text)).replace(" ", "").removeprefix("D-"))
    if not re.fullmatch(r"[0-9]{4,5}", digits):
        raise ValueError(text)
    return digits.zfill(5)


#: How each field's cell is read; the others are texts.
READERS: Final[dict[str, Callable[[str], Any]]] = {
    "postcode": postcode, "topics": topics, "slots": slots, "household": household, "gender": gender,
    "capacity": whole(1, 10), "radius_km": whole(1, 200), "training_lessons": whole(0, 500),
    **dict.fromkeys(DATES, day),
}  # fmt: skip
