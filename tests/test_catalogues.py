"""A language is offered only when it is complete: no text untranslated, fuzzy, stale, or with other placeholders."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from flask_babel import force_locale, ngettext

from lotsen.i18n import OFFERED, STAFF
from lotsen.translations import DRAFT, SOURCE, catalogue, is_draft, template

CATALOGUES = [("messages", tag) for tag in OFFERED if tag != SOURCE] + [
    ("staff", tag) for tag in STAFF if tag != SOURCE
]
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


@cache
def texts(domain: str) -> Catalog:
    return template(domain)


def forms(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@pytest.mark.parametrize(("domain", "tag"), CATALOGUES)
def test_the_catalogue_holds_exactly_the_texts_of_the_code(domain, tag):
    in_code = {(message.id, message.context) for message in texts(domain) if message.id}
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
def test_placeholders_are_the_same(domain, tag):
    for message in catalogue(tag, domain):
        if not message.id:
            continue
        wanted = {name for text in forms(message.id) for name in PLACEHOLDER.findall(text)}
        for text in forms(message.string):
            found = set(PLACEHOLDER.findall(text))
            # A singular or dual may say the number in words.
            assert found <= wanted if message.pluralizable else found == wanted, message.id


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
