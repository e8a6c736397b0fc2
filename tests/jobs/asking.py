"""Pairings to ask about, and what has come of the asking."""

from sqlmodel import col, select

from lotsen.models import Mail, Task
from lotsen.rules.pairing import Side
from tests import factories as make


def pair(session, office, state, about=None, **values):
    """A pairing with its guide and request."""
    guide = make.guide(session, office, capacity=3)
    asked = make.request(session, office, about=about or {})
    return make.pairing(session, asked, guide, state, **values), guide, asked


def mails(session):
    return sorted(mail.template for mail in session.exec(select(Mail)))


def open_kinds(session):
    return sorted(task.kind for task in session.exec(select(Task).where(col(Task.closed_at).is_(None))))


def voice(session, guide):
    return make.acting(Side.GUIDE, guide.person_id)
