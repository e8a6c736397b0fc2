"""Which revision the schema stands at, and which one the code needs: read without Alembic, which is slow to import."""

import re
from functools import cache
from typing import Final

from sqlalchemy import Connection, inspect, text

from lotsen.config import ROOT

_NAMED: Final = re.compile(r'^(revision|down_revision)\b[^=]*= ["\'](\w+)', re.MULTILINE)


@cache
def head() -> str:
    """Return the newest revision of this process's code, the one that no other is built on."""
    found: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for file in (ROOT / "lotsen/migrations/versions").glob("*.py"):
        for name, revision in _NAMED.findall(file.read_text(encoding="utf-8")):
            found[name].add(revision)
    (newest,) = found["revision"] - found["down_revision"]
    return newest


def revision_of(connection: Connection) -> str | None:
    """Return the revision that the database stands at; None where it has no tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def is_current(connection: Connection) -> bool:
    """Whether the database stands at the newest revision."""
    return revision_of(connection) == head()
