"""`flask keys rotate`: encrypt every free text anew under the newest key of LOTSEN_DATA_KEY."""

import sys

import click
from flask.cli import with_appcontext

from lotsen import db
from lotsen.services import keys

group = click.Group("keys", help="Keys of encrypted free text.")


@group.command("rotate")
@with_appcontext
def rotate() -> None:
    """Encrypt every free text anew, in batches, while Lotsen runs.

    Write the new key before the old one in LOTSEN_DATA_KEY (a comma between), restart, run this, take the old one away.
    """
    counts = keys.rotate(db.database())
    click.echo(f"{counts['rotated']} texts are under the newest key; {counts['changed']} were changed meanwhile.")
    if counts["unreadable"]:
        sys.exit(f"{counts['unreadable']} texts fit no key: keep the old keys until you know why.")
