"""The demo's newcomers and guides: what they would have answered on the forms."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Final

from lotsen import places
from lotsen.demo.names import GERMAN, ORIGINS, Origin
from lotsen.demo.offices import Office
from lotsen.rules.answers import GuideAnswers, RequestAnswers
from lotsen.rules.vocabulary import DAYS, PARTS, SLOTS, TOPICS, Household, RequestKind, Takes
from lotsen.services.persons import ConsentGiven
from lotsen.web import newcomer_words
from lotsen.web.guide import say

WORKDAYS: Final = DAYS[:5]
#: What newcomers ask for most, and what guides most often offer.
_ASKED: Final = dict(zip(TOPICS, (9, 8, 6, 5, 5, 9, 3, 3, 2, 2, 2, 4), strict=True))
_OFFERED: Final = dict(zip(TOPICS, (7, 4, 4, 5, 4, 9, 7, 2, 3, 4, 3, 2), strict=True))
_HOUSEHOLDS: Final = {Household.ALONE: 9, Household.ADULTS: 4, Household.CHILDREN: 9, Household.LARGE_FAMILY: 2}


def consent(kind: str, locale: str) -> ConsentGiven:
    """Return the demo's recorded consent: to today's text, so that nobody is asked anew."""
    version = say.CONSENT_VERSION if kind == "volunteer" else newcomer_words.CONSENT_VERSION
    return ConsentGiven(kind, version, "Demo data: nobody real agreed to anything.", locale)


def newcomer(random: Random, office: Office, number: int) -> tuple[RequestAnswers, str]:
    """Return a newcomer's answers and the language of their pages."""
    origin = random.choices(ORIGINS, [each.weight for each in ORIGINS])[0]
    woman = random.random() < 0.52
    first_name = random.choice(origin.women if woman else origin.men)
    languages = {origin.language: "C2"}
    languages |= {code: level for code, level in origin.also if random.random() < 0.6}
    if random.random() < 0.85:
        languages["de"] = random.choices(("A1", "A2", "B1", "B2"), (8, 7, 4, 1))[0]
    answers = RequestAnswers(
        languages=languages,
        postcode=random.choice(_postcodes(office.prefixes)),
        topics=_some(random, _ASKED, 1, 4),
        slots=_slots(random),
        household=random.choices(list(_HOUSEHOLDS), list(_HOUSEHOLDS.values()))[0],
        guide_gender="f" if woman and random.random() < 0.15 else None,
        first_name=first_name,
        gender=("f" if woman else "m") if random.random() < 0.9 else None,
        email=f"newcomer.{number}@example.org" if random.random() < 0.7 else None,
        phone=_phone(number) if random.random() < 0.6 else None,
    )
    return answers, origin.locale


def once(answers: RequestAnswers, today: date) -> RequestAnswers:
    """Return the same answers of somebody who wants company to one appointment."""
    days = {"wanted_from": today + timedelta(days=4), "wanted_until": today + timedelta(days=16)}
    return answers.model_copy(update={"kind": RequestKind.ONE_OFF, **days})


def guide(random: Random, office: Office, number: int) -> GuideAnswers:
    """Return a guide's answers: half grew up with German, the others came to Germany themselves."""
    native = random.random() < 0.5
    origin = GERMAN if native else random.choices(ORIGINS, [each.weight for each in ORIGINS])[0]
    woman = random.random() < 0.62
    return GuideAnswers(
        first_name=random.choice(origin.women if woman else origin.men),
        last_name=random.choice(origin.last),
        phone=_phone(500 + number) if random.random() < 0.8 else None,
        gender="f" if woman else "m",
        postcode=random.choice(_postcodes(office.prefixes)),
        languages=_guide_languages(random, origin),
        topics=_some(random, _OFFERED, 2, 6),
        slots=_slots(random, more=2),
        radius_km=float(random.choice((5, 10, 10, 15, 20, 30))),
        capacity=random.choices((1, 2, 3), (6, 3, 1))[0],
        newcomer_gender="f" if woman and random.random() < 0.05 else None,
        takes=Takes.ONE_OFF if number % 25 == 12 else Takes.BOTH,
    )


def _guide_languages(random: Random, origin: Origin) -> dict[str, str]:
    if origin is not GERMAN:
        return {origin.language: "C2", **dict(origin.also), "de": random.choice(("B1", "B2", "B2", "C1"))}
    languages = {"de": "C2"}
    if random.random() < 0.8:
        languages["en"] = random.choice(("B1", "B2", "C1"))
    if random.random() < 0.3:
        languages[random.choice(("fr", "es", "ru", "tr", "ar"))] = random.choice(("A2", "B1", "B2"))
    return languages


@cache
def _postcodes(prefixes: tuple[str, ...]) -> list[str]:
    return [place.postcode for place in places.in_territory(prefixes)]


def _some(random: Random, weights: dict[str, int], least: int, most: int) -> list[str]:
    """Draw different codes, frequent ones more often."""
    count = random.randint(least, most)
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        drawn[random.choices(list(weights), list(weights.values()))[0]] = None
    return list(drawn)


def _slots(random: Random, more: int = 0) -> list[str]:
    """Draw times as people have them: one part of several days, and a day of the weekend."""
    part = random.choice(PARTS)
    days: Sequence[str] = random.sample(WORKDAYS, random.randint(2, 4))
    chosen = {f"{day}-{part}" for day in days} | set(random.sample(SLOTS, more))
    if random.random() < 0.5:
        chosen.add(f"{random.choice(DAYS[5:])}-{random.choice(PARTS)}")
    return sorted(chosen, key=SLOTS.index)


def _phone(number: int) -> str:
    """Return a number of the block that the Federal Network Agency keeps free for stories."""
    return f"+4917139200{number % 100:02d}"
