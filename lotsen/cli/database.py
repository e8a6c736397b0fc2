"""`flask db …`: migrate, and check that models and migrations agree."""

import sys

import click
from flask.cli import with_appcontext

from lotsen import db, migrations

group = click.Group("db", help="The database's schema.")


@group.command("upgrade")
@with_appcontext
def upgrade() -> None:
    """Bring the schema to the newest version."""
    migrations.upgrade(db.database().engine)


@group.command("check")
@with_appcontext
def check() -> None:
    """Fail where models and migrations differ."""
    differences = migrations.differences(db.database().engine)
    for difference in differences:
        click.echo(difference, err=True)
    sys.exit(1 if differences else 0)


@group.command("revision")
@click.argument("message")
@with_appcontext
def revision(message: str) -> None:
    """Write a new migration from the difference between models and database."""
    migrations.revision(db.database().engine, message)
