"""The codes that profiles are written in.

Topics, slots and genders are this project's own lists; language levels are those of the Common European Framework
of Reference (CEFR); languages are ISO 639: the two-letter codes of part 1, the three-letter codes of parts 2, 3 and 5.
"""

from functools import cache
from pathlib import Path

TOPICS = (
    "authorities",
    "housing",
    "work",
    "school",
    "health",
    "language",
    "leisure",
    "childcare",
    "money",
    "digital",
    "mobility",
    "training",
)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS_OF_DAY = ("morning", "afternoon", "evening")
SLOTS = tuple(f"{day}-{part}" for day in DAYS for part in PARTS_OF_DAY)
GENDERS = ("f", "m", "d")
#: What is asked for: company over months, or one appointment.
KINDS = ("lasting", "one_off")

#: CEFR levels in rising order; a profile stores the position in this tuple.
LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
#: The level from which two people can talk about everyday matters: both need it in the same language.
SUFFICIENT = LEVELS.index("B1")


@cache
def languages() -> dict[str, str]:
    """Map each ISO 639 code to the shortest code of the same language (``"deu"`` and ``"ger"`` to ``"de"``).

    Each line of ``iso639.txt`` holds all codes of one language, the shortest first. Codes that stand for no
    language (``und``, ``mul``, ``zxx``, ``mis``) and private ones are left out.
    """
    text = Path(__file__).with_name("iso639.txt").read_text(encoding="ascii")
    return {code: codes[0] for codes in map(str.split, text.splitlines()) for code in codes}


@cache
def language_numbers() -> dict[str, int]:
    """Number the languages, in the order of their shortest codes."""
    return {code: number for number, code in enumerate(language_codes())}


@cache
def language_codes() -> tuple[str, ...]:
    """The shortest code of every language, in the order of :func:`language_numbers`."""
    return tuple(sorted(set(languages().values())))
