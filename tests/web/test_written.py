"""Figures and addresses as each reader writes them."""

import pytest
from flask_babel import force_locale

from lotsen.web import written


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+4915123456789", "01512 3456789"),
        ("+495141123450", "05141 123450"),
        ("+380442355555", "+380 44 235 5555"),
        ("ask Kim", "ask Kim"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_telephone_number_is_written_as_people_dial_it(stored, shown):
    assert written.phone(stored) == shown


@pytest.mark.parametrize(
    ("locale", "decimal", "size", "day"),
    [("de", "1.234,60", "82,7\xa0GB", "25.11.2026"), ("en_GB", "1,234.60", "82.7\xa0GB", "25 Nov 2026")],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_figures_carry_the_readers_signs(app, locale, decimal, size, day):
    with app.test_request_context(), force_locale(locale):
        assert written.decimal(1234.6, 2) == decimal
        assert written.size(82_700_000_000) == size
        assert written.iso_day("2026-11-25T10:00:00+00:00") == day


def test_an_address_breaks_after_its_at_sign_and_stays_text():
    assert written.breakable("a@b.example") == "a@<wbr>b.example"
    assert written.breakable("<i>@b") == "&lt;i&gt;@<wbr>b"
    assert written.breakable("nobody") == "nobody"
