"""How figures and addresses are written on a page: decimals and sizes in the reader's language, numbers to be dialled.

Jinja: `{{ 3.66|decimal }}`, `{{ free|size }}`, `{{ person.phone|phone }}`, `{{ person.email|breakable }}`.
"""

from datetime import date
from typing import Final

import phonenumbers
from flask import Flask
from flask_babel import format_decimal
from markupsafe import Markup, escape

from lotsen import words

_GIGABYTE: Final = 1_000_000_000
_GERMANY: Final = 49


def init_app(app: Flask) -> None:
    """Give templates these filters."""
    app.jinja_env.filters.update(decimal=decimal, size=size, phone=phone, breakable=breakable, iso_day=iso_day)


def decimal(value: float, places: int = 1) -> str:
    """Return `value` with that many places, and the reader's sign before them."""
    return str(format_decimal(value, f"#,##0.{'0' * places}"))


def size(count: float) -> str:
    """Return a number of bytes in gigabytes."""
    return f"{decimal(count / _GIGABYTE)}\N{NO-BREAK SPACE}GB"


def phone(stored: str | None) -> str:
    """Return a stored telephone number as people write it: German ones without the country's code."""
    try:
        number = phonenumbers.parse(stored or "")
    except phonenumbers.NumberParseException:
        return stored or ""
    here = number.country_code == _GERMANY
    form = phonenumbers.PhoneNumberFormat.NATIONAL if here else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def iso_day(stored: str) -> str:
    """Return a day, stored as text that begins with year, month and day, as the reader writes it."""
    return words.day(date.fromisoformat(stored[:10]))


def breakable(address: str) -> Markup:
    """Return an e-mail address that breaks after its @ where the line is too short, not in the middle of a word."""
    before, at, after = address.partition("@")
    return escape(before + at) + (Markup("<wbr>") + escape(after) if after else Markup(""))
