"""Menus that share their options are, sign by sign, the menus that WTForms writes one by one."""

import pytest
from wtforms import Form
from wtforms.widgets import Select

from lotsen.web.forms.choices import LanguageRowsField


class Spoken(Form):
    rows = LanguageRowsField("Languages", min_entries=5)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_menus_of_many_rows_mark_what_was_chosen_in_each_and_nothing_else(app):
    with app.test_request_context("/?lang=ar"):
        form = Spoken(data={"rows": {"ar": "C2", "de": "A2", "no such": "B1"}})
        for row in form.rows.entries:
            for field in (row.form.language, row.form.level):
                kwargs = {"class_": "menu", "aria-invalid": "true"}
                assert field(**kwargs) == Select()(field, **kwargs)
