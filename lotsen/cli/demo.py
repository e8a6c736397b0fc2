"""`flask demo …`: made-up data, its logins, and the server to look at it."""

import json
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from lotsen import clock, db, demo, migrations, revisions
from lotsen.cli import serve
from lotsen.config import Config

group = click.Group("demo", help="Made-up data to look around in; never in production.")


def _config() -> Config:
    config: Config = current_app.extensions["lotsen_config"]
    if config.production:
        sys.exit("Demo data is refused in production: LOTSEN_ENVIRONMENT says so. Nothing was changed.")
    return config


def seed_if_empty() -> bool:
    """Fill an empty database; False where there is data. Ends the command in production."""
    _config()
    with db.transaction() as session:
        return demo.seed(session, clock.now())


@group.command("seed")
@with_appcontext
def seed() -> None:
    """Fill an empty database with demo data; does nothing where there is data."""
    click.echo("Demo data is in place." if seed_if_empty() else "There is data already; nothing was changed.")


@group.command("logins")
@with_appcontext
def logins() -> None:
    """Print the demo's logins as JSON."""
    found = demo.listing(db.reading(), serve.running_address(_config()))
    if not found:
        sys.exit("There is no demo data: run `flask --app wsgi demo seed` first.")
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


@group.command("serve")
@with_appcontext
def start() -> None:
    """Migrate, fill an empty database, start web server and job runner; prints the address and the logins."""
    config = _config()
    serve.refuse_taken_port()
    if not revisions.is_current(db.reading().connection()):
        migrations.upgrade(db.database().engine)
    seed_if_empty()
    entries = demo.listing(db.reading(), serve.address(config))
    db.database().engine.dispose()
    serve.run(config, serve.welcome(serve.address(config), entries))
