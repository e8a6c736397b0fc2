"""Offices' own words for columns, languages, topics and times."""

from datetime import date

import pytest

from lotsen.rules import sheet_rows as rows
from lotsen.rules.vocabulary import SLOTS, TOPICS, Household
from lotsen.services.import_rows import language_names


def test_headers_are_guessed_in_german_and_english_each_field_once():
    german = ["Nr.", "Vorname", "Name", "PLZ", "E-Mail", "Telefon ", "Sprachen", "Themen", "Zeiten", "Führungszeugnis"]
    assert list(rows.guess(german, "guides").values()) == [
        "first_name", "last_name", "postcode", "email", "phone", "languages", "topics", "slots", "conduct_seen_on",
    ]  # fmt: skip
    assert list(rows.guess(["Spricht", "Hilft bei"], "guides").values()) == ["languages", "topics"]
    english = ["First name", "Zip code", "Language", "Needs", "Household", "Consent", "First name"]
    assert rows.guess(english, "newcomers") == {
        "0": "first_name", "1": "postcode", "2": "languages", "3": "topics", "4": "household", "5": "consent",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Mo-Fr abends", [f"{day}-evening" for day in ("mon", "tue", "wed", "thu", "fri")]),
        ("Sa vormittags, So", ["sat-morning", "sun-morning", "sun-afternoon", "sun-evening"]),
        ("Wochenende nachmittags", ["sat-afternoon", "sun-afternoon"]),
        ("Montag und Mittwoch Abend", ["mon-evening", "wed-evening"]),
        ("immer", list(SLOTS)),
        ("", list(SLOTS)),
    ],
)
def test_times_are_understood(text, codes):
    assert rows.slots(text) == codes


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Arabisch, Deutsch B1", {"ar": "C2", "de": "B1"}),
        ("deutsch (Muttersprache); Englisch C1; Russisch", {"de": "C2", "en": "C1", "ru": "B1"}),
        ("Kurdish/Farsi A2", {"ku": "C2", "fa": "A2"}),
        ("uk", {"uk": "C2"}),
    ],
)
def test_languages_are_understood_by_their_names_with_levels(text, spoken):
    assert rows.languages(text, language_names()) == spoken


@pytest.mark.parametrize("topic", TOPICS)
def test_each_topic_is_found_by_its_code_and_its_words(topic):
    assert rows.topics(topic) == [topic]
    assert rows.topics(rows.TOPIC_WORDS[topic][0]) == [topic]


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (rows.slots, "irgendwas"), (rows.topics, "Quatsch"), (rows.household, "blau"), (rows.gender, "x"),
        (rows.postcode, "123"), (rows.day, "31.02.2026"), (rows.whole(1, 10), "11"), (rows.whole(1, 10), "zwei"),
        (lambda text: rows.languages(text, language_names()), "Klingonisch"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_said(read, text):
    with pytest.raises(ValueError, match=r"."):
        read(text)


def test_households_days_postcodes_and_consent():
    told = ("Großfamilie", "alleinstehend", "Ehepaar ohne Kinder", "2 Kinder", "large_family")
    read = [rows.household(text) for text in told]
    assert read == [
        Household.LARGE_FAMILY, Household.ALONE, Household.ADULTS, Household.CHILDREN, Household.LARGE_FAMILY
    ]  # fmt: skip
    assert rows.day("11.3.2026") == rows.day("2026-03-11") == date(2026, 3, 11)
    assert rows.postcode("4103.0") == "04103"
    assert [rows.is_yes(text) for text in ("ja", "X", "11.03.2026", "nein", "", "?")] == [True] * 3 + [False] * 3
