"""Column types that behave the same on SQLite and PostgreSQL."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import CheckConstraint, DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field

from lotsen import crypto


class UTCDateTime(TypeDecorator[datetime]):
    """Aware instants, stored and returned in UTC: SQLite drops the zone of a plain DateTime(timezone=True)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants; hand the database UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: pass an aware instant")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EncryptedText(TypeDecorator[str]):
    """Free text that stands encrypted in the database, under the newest of the keys in LOTSEN_DATA_KEY."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt; nothing stays nothing."""
        return None if value is None else crypto.encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt; a text whose key is gone reads as missing rather than breaking the page."""
        try:
            return None if value is None else crypto.decrypt(value)
        except InvalidToken:
            return None


class Code(TypeDecorator[StrEnum]):
    """A StrEnum stored as its value: readable in the database, and without a type to leave behind on downgrade."""

    impl = String(40)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Refuse what is not one of the codes."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Return the code as its enum."""
        return None if value is None else self.kind(value)


def coded(kind: type[StrEnum], **options: Any) -> Any:
    """Return the field of a column that holds one of `kind`; `options` as for SQLModel's `Field`."""
    return Field(sa_type=Code(kind), **options)


def one_of(column: str, codes: Iterable[str], name: str) -> CheckConstraint:
    """Return the CHECK that keeps `column` to `codes`."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return CheckConstraint(f"{column} IN ({listed})", name=name)
