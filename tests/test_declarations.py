"""Every column says what it is for, on which basis and how long; the documents are what the columns say."""

from typing import ClassVar

import pytest
from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from lotsen.cli.privacy import FOLDER
from lotsen.cli.privacy_documents import DOCUMENTS
from lotsen.models import purpose
from lotsen.models.purpose import about
from lotsen.rules.privacy import PERIODS, Basis, Period
from lotsen.rules.settings import Settings
from lotsen.services.traces import SHARED


def test_every_column_is_declared_once() -> None:
    assert list(purpose.faults()) == []


def test_whatever_leads_to_a_person_is_found_by_an_index() -> None:
    """Who is erased is looked for by each of these columns; and each deleted row is looked for once more."""
    for table in SQLModel.metadata.sorted_tables:
        unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
        led = {next(iter(each.columns)).name for each in (*table.indexes, table.primary_key, *unique)}
        to = {key.parent.name for key in table.foreign_keys if key.column.table.name not in SHARED}
        assert to <= led, table.name


def test_what_is_missing_doubled_or_foreign_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Sample(SQLModel):
        __declares__: ClassVar = (
            about("id twice", "x", Basis.TASK, Period.FILE),
            about("twice gone", "y", Basis.TASK, Period.FILE),
        )

    Sample.__table__ = type(  # type: ignore[attr-defined]
        "Table", (), {"columns": [type("Column", (), {"name": name}) for name in ("id", "twice", "missing")]}
    )
    monkeypatch.setattr(purpose, "models", lambda: {"sample": Sample})
    found = list(purpose.faults())
    assert [fault.split()[0] for fault in found] == ["Sample:", "Sample.__declares__"]
    assert 'about("twice missing", "what it is kept for"' in found[0]
    assert found[1].endswith(": gone.")


def test_every_table_says_what_it_is() -> None:
    assert [name for name, model in purpose.models().items() if not model.__doc__] == []


def test_columns_about_nobody_have_no_personal_basis_and_the_other_way_round() -> None:
    for model in purpose.models().values():
        for each in purpose.declared(model):
            if each.period is Period.FILE:
                assert each.basis is not Basis.NOBODY, (model.__name__, each)


def test_periods_are_settings_that_exist() -> None:
    named = {rule.days for rule in PERIODS.values() if isinstance(rule.days, str)}
    assert named <= set(Settings.model_fields)
    assert set(PERIODS) == set(Period)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_documents_are_fresh(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == DOCUMENTS[name](), "stale: run `flask --app wsgi privacy documents`"
