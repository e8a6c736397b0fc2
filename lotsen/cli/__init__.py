"""Commands for administrators: `flask --app wsgi …`."""

from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from lotsen.cli import accounts, backup, database, demo, doctor, jobs, keys, privacy


def init_app(app: Flask) -> None:
    """Add the commands."""
    for command in (
        accounts.group,
        database.group,
        demo.group,
        jobs.group,
        privacy.group,
        keys.group,
        backup.backup,
        backup.restore,
        doctor.doctor,
    ):
        app.cli.add_command(explained(command))


def explained(command: click.Command) -> click.Command:
    """Let `command`, and those in its group, end in a sentence where the database is not as it should be."""
    for each in command.commands.values() if isinstance(command, click.Group) else [command]:
        each.callback = _explaining(each.callback)
    return command


def _explaining(callback: Any) -> Any:
    def run(*args: Any, **options: Any) -> Any:
        try:
            return callback(*args, **options)
        except DBAPIError as error:
            kind = type(error.orig).__name__
            advice = "Is it there, and migrated? Try: flask --app wsgi db upgrade"
            raise click.ClickException(f"The database refused ({kind}). {advice}") from error

    return run
