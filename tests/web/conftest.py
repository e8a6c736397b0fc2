"""Pages run on one of the two databases each: what differs between them is below the pages, and tried on both there."""

from pathlib import Path
from zlib import crc32

import pytest

DATABASES = ("sqlite", "postgresql")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep each page test on the database that its name falls to: half of them on each, the same on every run."""
    doubled = [item for item in items if Path(__file__).parent in item.path.parents and _other(item) is not None]
    names = {item.nodeid for item in items}
    left_out = {item.nodeid for item in doubled if _other(item) in names and not _falls_here(item)}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left_out])
    items[:] = [item for item in items if item.nodeid not in left_out]


def _database(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    found = callspec.params.get("database_url") or callspec.params.get("session") if callspec else None
    return found if found in DATABASES else None


def _other(item: pytest.Item) -> str | None:
    """The same test on the other database."""
    here = _database(item)
    return item.nodeid.replace(here, DATABASES[1 - DATABASES.index(here)]) if here else None


def _falls_here(item: pytest.Item) -> bool:
    here = _database(item) or DATABASES[0]
    return DATABASES[crc32(item.nodeid.replace(here, "").encode()) % 2] == here
