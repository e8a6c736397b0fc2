"""Commands for administrators: `flask --app wsgi …`."""

from importlib import import_module
from typing import Any, Final

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

#: Commands by name: module of this package and name in it.
_WHERE: Final = {
    "accounts": "accounts:group",
    "backup": "backup:backup",
    "db": "database:group",
    "demo": "demo:group",
    "doctor": "doctor:doctor",
    "jobs": "jobs:group",
    "keys": "keys:group",
    "privacy": "privacy:group",
    "restore": "backup:restore",
}


class Commands(AppGroup):
    """Our commands, each imported when it is called: web servers never load demo data, jobs and migrations for them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(ctx), *_WHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; None where there is none of that name."""
        if cmd_name in _WHERE and cmd_name not in self.commands:
            module, _, name = _WHERE[cmd_name].partition(":")
            self.add_command(explained(getattr(import_module(f"lotsen.cli.{module}"), name)), cmd_name)
        return super().get_command(ctx, cmd_name)


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli = Commands(app.name)


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
