"""`flask accounts …`: the first account of an installation, when nobody can sign in yet."""

import click
from flask import current_app
from flask.cli import with_appcontext

from lotsen import clock, db
from lotsen.models import LinkKind
from lotsen.rules.vocabulary import Role
from lotsen.services import colleagues, links
from lotsen.services.colleagues import Invitation

group = click.Group("accounts", help="Staff accounts: the first administrator.")


@group.command("invite-admin")
@click.argument("email")
@with_appcontext
def invite_admin(email: str) -> None:
    """Make an administrator's account and print the link that sets its password; a mail goes out, too."""
    invitation = Invitation(email=email, name="", role=Role.ADMIN)
    with db.transaction() as session:
        try:
            account = colleagues.create(session, invitation, None, clock.now())
        except colleagues.AddressTaken:
            raise click.ClickException("This address has an account already.") from None
        key = links.send(session, LinkKind.INVITATION, account, clock.now())
    base = current_app.extensions["lotsen_config"].base_url.rstrip("/")
    click.echo(f"{base}{links.MAILS[LinkKind.INVITATION][1]}?token={key}")
    click.echo("The link works once, for seven days.")
