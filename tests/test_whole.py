"""The watch over each request's transactions sees a request that has two."""

import pytest
from flask import Flask

from lotsen import db
from tests import factories as make
from tests.whole import Commits


@pytest.mark.parametrize("changes", [0, 1, 2])
def test_a_request_that_changes_the_database_twice_is_noticed(database_url, changes):
    app = Flask("twice")
    db.init_app(app, database_url)
    commits = Commits(app)
    with app.test_request_context("/", method="POST"):
        for number in range(changes):
            db.run(lambda session, code=f"0335{number}": make.municipality(session, code, "Celle"))
    assert len(commits.torn) == (changes > 1)
    app.extensions["lotsen_db"].engine.dispose()
