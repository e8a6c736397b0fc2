"""A language is offered only when it is complete: no text untranslated, fuzzy, stale, or with other placeholders."""

import re
from datetime import date
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask_babel import force_locale, ngettext

from lotsen import i18n, words
from lotsen.i18n import OFFERED, STAFF
from lotsen.rules.vocabulary import LANGUAGES
from lotsen.rules.wording import faults
from lotsen.texts import load
from lotsen.translations import DRAFT, PLAIN, SOURCE, catalogue, is_draft, texts
from tests.scripts import in_another_script

CATALOGUES = [("messages", tag) for tag in OFFERED if tag != SOURCE] + [
    ("staff", tag) for tag in STAFF if tag != SOURCE
]


@cache
def of_the_code(plain: bool, domain: str) -> Catalog:
    return texts("de-simple" if plain else "de", domain)


def wanted(tag: str, domain: str) -> Catalog:
    return of_the_code(tag in PLAIN, domain)


def forms(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@pytest.mark.parametrize(("domain", "tag"), CATALOGUES)
def test_the_catalogue_holds_exactly_the_texts_of_the_code(domain, tag):
    in_code = {(message.id, message.context) for message in wanted(tag, domain) if message.id}
    translated = {(message.id, message.context) for message in catalogue(tag, domain) if message.id}
    assert in_code - translated == set(), "run `make translations` and translate"
    assert translated - in_code == set(), "run `make translations`"


@pytest.mark.parametrize(("domain", "tag"), CATALOGUES)
def test_every_text_is_translated_and_none_is_fuzzy(domain, tag):
    for message in catalogue(tag, domain):
        if message.id:
            assert all(forms(message.string)), message.id
            assert not message.fuzzy, message.id


@pytest.mark.parametrize(("domain", "tag"), CATALOGUES)
def test_places_and_markup_are_the_same(domain, tag):
    """The same rules as for those who correct a text on the page."""
    found = catalogue(tag, domain)
    wrong = {}
    for message in found:
        if message.id:
            count = found.num_plurals if message.pluralizable else 1
            wrong[message.id] = faults(forms(message.id), forms(message.string), count)
    assert {source: fault for source, fault in wrong.items() if fault} == {}


@pytest.mark.parametrize(("domain", "tag"), CATALOGUES)
def test_every_text_is_in_the_languages_script(domain, tag):
    """Also in mails, letters and sentences that no test's page shows."""
    said = [(message.id, text) for message in catalogue(tag, domain) if message.id for text in forms(message.string)]
    assert [(text, found) for text, said in said if (found := in_another_script(said, tag))] == []


@pytest.mark.parametrize(("domain", "tag"), CATALOGUES)
def test_the_header_says_whether_a_native_speaker_has_read_it(domain, tag):
    assert re.search(rf"{DRAFT}|Review: \d{{4}}-\d\d-\d\d by ", catalogue(tag, domain).header_comment)


@pytest.mark.parametrize(("domain", "tag"), CATALOGUES)
def test_what_the_administrator_sees_is_what_the_header_says(domain, tag):
    assert is_draft(tag, domain) is (DRAFT in catalogue(tag, domain).header_comment)
    assert not is_draft(SOURCE, domain)


def test_each_language_counts_in_its_own_way(app):
    for tag, number, form in (("ar", 1, 1), ("ar", 2, 2), ("ar", 5, 3), ("de", 1, 0), ("de", 2, 1)):
        counted = next(each for each in catalogue(tag, "messages") if "Questions for you" in forms(each.id))
        with app.test_request_context(f"/?lang={tag}"), force_locale(tag):
            assert ngettext("A question for you", "Questions for you", number) == forms(counted.string)[form]


def test_every_language_that_people_speak_has_a_name(app):
    """CLDR lacks some names in languages with few speakers: what would stand there is a code."""
    nameless = []
    for tag in OFFERED:
        with app.test_request_context("/"), i18n.speaking(tag):
            nameless += [(tag, code) for code in LANGUAGES if words.language_name(code) == code]
    assert nameless == []


def test_plain_german_is_said_over_german(tmp_path):
    """What the plain catalogue does not hold, German says; counting is German."""
    for folder, said in (("de", {"Yes": "Ja", "No": "Nein"}), ("de@simple", {"Yes": "Ja, gut"})):
        spoken = Catalog(locale=folder)
        for text, translation in said.items():
            spoken.add(text, translation)
        (tmp_path / folder / "LC_MESSAGES").mkdir(parents=True)
        with (tmp_path / folder / "LC_MESSAGES" / "messages.mo").open("wb") as file:
            write_mo(file, spoken)
    found = load("de@simple", tmp_path)
    assert [found.gettext(each) for each in ("Yes", "No")] == ["Ja, gut", "Nein"]
    assert [found.plural(number) for number in (1, 2)] == [0, 1]
    assert load("de", tmp_path).gettext("Yes") == "Ja"


def test_plain_german_is_a_language_of_its_own_with_germans_dates(app):
    with app.test_request_context("/"), i18n.speaking("de-simple"):
        assert i18n.tag() == "de-simple"
        assert words.day(date(2026, 11, 26), "long") == "26. November 2026"
    assert i18n.native_name("de-simple") == "Deutsch (einfach)"
    assert i18n.direction_of("de-simple") == "ltr"


def test_plain_german_holds_what_newcomers_meet_and_nothing_that_guides_alone_do():
    said = {message.id for message in wanted("de-simple", "messages")}
    places = {message.id: {file for file, _line in message.locations} for message in wanted("de", "messages")}
    guides = {text for text, files in places.items() if text and all("/guide/" in file for file in files)}
    newcomers = {text for text, files in places.items() if "templates/pages/newcomer/start.html" in files}
    assert newcomers <= said
    assert guides
    assert not guides & said
