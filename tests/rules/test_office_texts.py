"""An office's own words: short, plain, with no link but to its municipality's site."""

import pytest

from lotsen.rules.office_texts import faults, site

SITE = "https://www.celle.de/lotsen"


@pytest.mark.parametrize(
    "text",
    [
        "", "Wir sind da: Mo–Do 9–12 Uhr, z.B. auch am 1.4.2026.", "Mehr: https://www.celle.de/lotsen/faq.html",
        "Mehr auf celle.de.", "(siehe integration.celle.de)", "lotsen@celle.de", "مرحبا بكم في www.celle.de",
        "HTTPS://WWW.CELLE.DE", "und/oder", "9.30 Uhr",
    ],
)  # fmt: skip
def test_plain_words_and_the_own_site_are_welcome(text):
    assert faults(text, "opening", SITE) == []


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example", "evil.example", "celle.de.evil.example", "notcelle.de", "https://celle.de@evil.example/",
        "https://evil.example/celle.de", "www.evil.example/?celle.de", "und/evil.example", "http://1.2.3.4/",
        "http://localhost/", "javascript://x", "me@evil.example", "bücher.example", "celle.de/http://evil.example",
    ],
)  # fmt: skip
def test_every_other_address_is_refused(text):
    assert faults(f"Mehr: {text} .", "opening", SITE) == ["link"]


def test_no_site_means_no_links_and_length_and_tags_are_looked_at():
    assert faults("celle.de", "closing", "") == ["link"]
    assert faults("<b>Hallo</b>", "closing", SITE) == ["html"]
    assert faults("x" * 201, "hours", SITE) == ["too_long"]
    assert faults("x" * 400, "closing", SITE) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.celle.de", "https://www.celle.de"),
        ("http://celle.de/a", "http://celle.de/a"),
        ("celle.de", "https://celle.de"),
    ],
)
def test_a_site_is_kept_with_its_scheme(typed, kept):
    assert site(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["celle", "ftp://celle.de", "https://me@celle.de", "https://celle.de:8000", "javascript:alert(1)",
        "https://", "celle.de/<b>", "[", "a b.de"],
)  # fmt: skip
def test_what_is_no_site_is_refused(typed):
    with pytest.raises(ValueError):  # noqa: PT011 -- urlsplit raises its own
        site(typed)
