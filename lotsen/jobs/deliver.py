"""Every minute: the outbox. Claim a mail, send it outside any transaction, mark it; one after the other."""

import os
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from threading import Event
from typing import Final
from urllib.parse import urlencode

import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from lotsen import crypto, db, i18n, mailer
from lotsen.config import Config
from lotsen.jobs.outcome import Outcome
from lotsen.mailer import Later, Letter, NotSent, Refused, Send, Unreachable
from lotsen.models import Account, Mail, Municipality, Person
from lotsen.services import links, mail_choices, outbox, tokens

#: Seconds between tries to mark a mail while the database is away: an unmarked mail would be sent again.
_PATIENCE: Final = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_log = structlog.get_logger()


def deliver(app: Flask, clock: Callable[[], datetime], stop: Event) -> Outcome:
    """Send what is due until nothing is, the server is away, or `stop` is set."""
    config: Config = app.extensions["lotsen_config"]
    holder = f"{os.getpid()}-{secrets.token_hex(8)}"
    done, errors = 0, list[str]()
    with app.app_context(), mailer.transport(config.mail_url) as send:
        while not stop.is_set():
            with db.transaction() as session:
                mail = outbox.claim(session, holder, clock())
            if mail is None:
                break
            problem = _send(app, config, send, mail, clock())
            _mark(mail, problem, holder, clock)
            done += problem is None
            errors += [str(problem)] if problem else []
            if isinstance(problem, Unreachable):
                break
    return Outcome(done, len(errors), errors[0] if errors else None)


def _send(app: Flask, config: Config, send: Send, mail: Mail, now: datetime) -> NotSent | None:
    """Render and send one mail; return what stood in the way."""
    try:
        with db.transaction() as session:
            letter = _letter(session, config, mail)
        send(mailer.build(app, letter, now))
    except NotSent as problem:
        return problem
    except Exception as error:
        _log.error("mail cannot be built", template=mail.template, kind=type(error).__name__)
        return Later(type(error).__name__)
    return None


def _letter(session: Session, config: Config, mail: Mail) -> Letter:
    """Return the mail as it is to be read now. Raises `Refused` where the recipient has gone or has no address."""
    to = outbox.recipient(session, mail)
    address = to.office_email if isinstance(to, Municipality) else to.email if to else None
    if to is None or not address:
        raise Refused("no_address")
    person = session.get(Person, to.person_id) if isinstance(to, Account) and to.person_id else to
    path = str(mail.params["path"])
    if mail.template == "confirm_address" and mail.account_id:
        path += "?" + urlencode({"token": tokens.confirm_address(config.secret_key, mail.account_id)})
    stop = mail_choices.subscription(to, mail.template)
    link = links.of_mail(mail)
    path += "?" + urlencode(link) if link else ""
    staff = mail.template.startswith(mailer.STAFF_PREFIX)
    return Letter(
        number=mail.id or 0,
        written_at=mail.created_at,
        template=mail.template,
        to=address,
        locale=i18n.DEFAULT if isinstance(to, Municipality) else to.locale,
        first_name=person.first_name if isinstance(person, Person) else "",
        office=None if staff or not mail.municipality_id else session.get(Municipality, mail.municipality_id),
        path=path,
        stop_path="/mails/stop?" + urlencode({"token": tokens.stop_mails(config.secret_key, stop)}) if stop else "",
        code=crypto.group(crypto.normalise_code(mail.secret)) if mail.secret and not link else "",
        params={name: value for name, value in mail.params.items() if name != "path"},
    )


def _mark(mail: Mail, problem: NotSent | None, holder: str, clock: Callable[[], datetime]) -> None:
    """Note what became of a mail, patiently: what is sent and not marked would be sent again."""
    for wait in _PATIENCE:
        try:
            with db.transaction() as session:
                if problem is None:
                    outbox.sent(session, mail, holder, clock())
                elif isinstance(problem, Refused):
                    outbox.bury(session, mail, holder, str(problem), clock())
                else:
                    outbox.retry(session, mail, holder, str(problem), clock())
        except OperationalError:
            time.sleep(wait)
        else:
            return
    _log.error("mail cannot be marked", mail=mail.id)
