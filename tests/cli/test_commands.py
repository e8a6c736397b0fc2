"""Commands end in a sentence, not in a traceback."""

import json

import pytest

from lotsen.app import create_app
from lotsen.config import Config
from tests.conftest import DATA_KEY, SECRET_KEY


@pytest.fixture
def unmigrated(tmp_path):
    """An application whose database has no tables yet."""
    app = create_app(
        Config(
            secret_key=SECRET_KEY,
            data_key=DATA_KEY,
            database_url=f"sqlite:///{tmp_path / 'empty.sqlite3'}",
            mail_url=f"file://{tmp_path}",
            environment="development",
            instance=tmp_path,
        )
    )
    yield app
    app.extensions["lotsen_db"].engine.dispose()


@pytest.mark.parametrize("command", [["jobs", "list"], ["demo", "logins"]])
def test_a_database_without_tables_is_explained(unmigrated, command):
    result = unmigrated.test_cli_runner().invoke(args=command)
    assert result.exit_code == 1
    assert "db upgrade" in result.stderr
    assert "Traceback" not in result.output


def test_upgrade_and_check_agree_and_the_jobs_are_listed(unmigrated):
    runner = unmigrated.test_cli_runner()
    assert runner.invoke(args=["db", "check"]).exit_code == 1
    assert runner.invoke(args=["db", "upgrade"]).exit_code == 0
    assert runner.invoke(args=["db", "check"]).exit_code == 0
    listed = json.loads(runner.invoke(args=["jobs", "list"]).stdout)
    assert {"match", "remind", "expire", "hand_over", "deliver"} <= {job["name"] for job in listed}
