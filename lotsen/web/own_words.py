"""Sentences of the pages about one's own data. Short and kind, as all that newcomers read."""

from typing import Final

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lotsen import words
from lotsen.models.audit import Did
from lotsen.rules.vocabulary import Role
from lotsen.services.audit import Line
from lotsen.web import newcomer_words
from lotsen.web.newcomer_words import Ask

ASKS: Final = {
    "restrict": Ask(
        _("Stop using my data"),
        _("Nobody new is proposed to you, and your data are only kept. You can go on at any time."),
        _("Your data are only kept now."),
    ),
    "release": Ask(
        _("Use my data again"),
        _("We go on where we stopped."),
        _("We use your data again."),
    ),
    "withdraw": Ask(
        _("Take my consent back"),
        _(
            "We stop at once. What runs is ended, and the other person is told kindly. After 30 days your data are "
            "deleted. What was done until then stays lawful."
        ),
        _("Your consent is taken back. Your data are deleted after 30 days."),
    ),
    "erase": Ask(
        _("Delete all my data"),
        _(
            "What runs is ended, and the other person is told kindly. Then everything about you is deleted: answers, "
            "messages, notes, your access. Nobody can bring it back. Numbers without names stay."
        ),
        _("All your data are deleted."),
    ),
}

DID: Final = {
    Did.SAW: _("looked at your file"),
    Did.CHANGED: _("changed your data"),
    Did.EXPORTED: _("took your data into a list"),
    Did.COPIED: _("made a copy of your data"),
    Did.RESTRICTED: _("stopped the use of your data"),
    Did.RELEASED: _("allowed the use of your data again"),
    Did.WITHDREW: _("took the consent back"),
    Did.ERASED: _("deleted your data"),
}


def home(role: Role) -> str:
    """Return where the page came from."""
    return url_for("guide.dashboard" if role is Role.GUIDE else "newcomer.status")


def changes(role: Role) -> list[tuple[str, str]]:
    """Return where each answer can be corrected: its name and the page."""
    if role is Role.GUIDE:
        return [(gettext("Change my offer"), url_for("guide.profile"))]
    steps = {
        "name": "first_name", "contact": "contact", "languages": "languages", "place": "postcode", "topics": "needs",
        "times": "times", "household": "household", "guide": "guide_gender", "gender": "gender",
    }  # fmt: skip
    return [(str(newcomer_words.FACTS[fact]), url_for("own.change", step=step)) for step, fact in steps.items()]


def seen(lines: list[Line]) -> list[dict[str, str]]:
    """Return who did what with the file, for a table."""
    return [
        {"when": words.moment(line.at), "who": line.by or gettext("You, or the computer"), "what": str(DID[line.did])}
        for line in lines
    ]
