"""Watches that each request changes the database in one transaction: whatever dies within it leaves all or nothing."""

import re
from typing import Any, Final

from flask import Flask, has_request_context, request
from sqlalchemy import event

#: What is noted on the way, whatever becomes of the rest: tries that count, the use of a session or of a token.
NOTED: Final = frozenset({"counter", "signin"})
_USED: Final = "UPDATE apitoken SET used_at"
#: Forms that do the first portion of a list at once: where they end too early, the job goes on.
IN_PORTIONS: Final = frozenset({"office.import_columns", "office.import_confirm", "office.import_undo"})
_CHANGES: Final = re.compile(r"\b(?:INSERT INTO|(?<!FOR )(?<!DO )UPDATE|DELETE FROM) \"?(\w+)")
_KEY: Final = "tests.committed"


class Commits:
    """By request, which tables each of its transactions changed; those with more than one such transaction are torn."""

    def __init__(self, app: Flask) -> None:
        self.torn: list[tuple[str, list[set[str]]]] = []
        engine = app.extensions["lotsen_db"].engine
        event.listen(engine, "before_cursor_execute", self._change)
        event.listen(engine, "commit", self._commit)
        event.listen(engine, "rollback", lambda connection: connection.info.pop(_KEY, None))
        app.teardown_request(self._end)

    @staticmethod
    def _change(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        tables = set(_CHANGES.findall(statement)) - NOTED
        if tables and not statement.startswith(_USED):
            connection.info.setdefault(_KEY, set()).update(tables)

    @staticmethod
    def _commit(connection: Any) -> None:
        tables = connection.info.pop(_KEY, None)
        if tables and has_request_context():
            request.environ.setdefault(_KEY, []).append(tables)

    def _end(self, _error: BaseException | None) -> None:
        commits = request.environ.pop(_KEY, [])
        if len(commits) > 1 and request.endpoint not in IN_PORTIONS:
            self.torn.append((f"{request.method} {request.endpoint}", commits))
